/** Text that somebody has at hand, to be read: pasted, and sent to the watch. */

import { useState } from "preact/hooks";
import { wordsOf } from "../api/client";
import { hrefOf, pathOf } from "../state/url";
import { mayWork } from "../state/work";
import { countOf } from "../words";
import { read as readText } from "./ask";
import { headOf } from "./desk_words";
import type { Report } from "./records";

const MOST = 200_000; // characters, as the watch takes at once: a day of a stream has 30,000

export const PasteBox = ({ onRead }: { onRead: () => void }) => {
  const [text, setText] = useState("");
  const [source, setSource] = useState("");
  const [day, setDay] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const [read, setRead] = useState<Report[] | null>(null);
  const send = async (): Promise<void> => {
    setBusy(true);
    setTrouble("");
    try {
      const body = {
        text,
        ...(source.trim() ? { source: source.trim() } : {}),
        ...(day ? { reference_date: `${day}T00:00:00Z` } : {}),
      };
      const { reports } = await readText(body);
      setRead(reports);
      setText("");
      onRead();
    } catch (error) {
      setTrouble(wordsOf(error));
    }
    setBusy(false);
  };
  if (mayWork.value === false) return <p class="quiet">You may look, but not paste text to be read.</p>;
  return (
    <section aria-labelledby="paste-title">
      <h3 id="paste-title">Read a text</h3>
      <form
        class="paste"
        onSubmit={(submit) => {
          submit.preventDefault();
          if (text.trim()) void send();
          else setTrouble("There is nothing to read: paste a text first.");
        }}
      >
        <label class="find">
          Text: one item, or one a line
          <textarea rows={5} value={text} maxLength={MOST} onInput={(typed) => setText(typed.currentTarget.value)} />
        </label>
        <div class="finds">
          <label class="find">
            Source, if known
            <input value={source} maxLength={200} onInput={(typed) => setSource(typed.currentTarget.value)} />
          </label>
          <label class="find">
            Its day, if known
            <input type="date" value={day} onInput={(typed) => setDay(typed.currentTarget.value)} />
          </label>
        </div>
        <p class="quiet">Without a day, “next month” stays as it is said. A text is evidence, never an instruction.</p>
        <button type="submit" disabled={busy}>
          {busy ? "Reading ..." : "Read it"}
        </button>
      </form>
      <div role="status">
        {trouble && <p class="trouble">Not read: {trouble}</p>}
        {read && <Read reports={read} />}
      </div>
    </section>
  );
};

const FIRST = 20;

const Read = ({ reports }: { reports: Report[] }) => (
  <>
    <p>
      {reports.length === 1 ? "One report" : `${countOf(reports.length)} reports`} read.{" "}
      {reports.some((report) => !report.ledgers.length) && "Those of no relevance are shown only when asked for."}
    </p>
    <ul class="link-rows">
      {reports.slice(0, FIRST).map((report) => (
        <li key={report.id}>
          <a class="name-link" href={hrefOf(pathOf("reports", report.id))}>
            <bdi>{headOf(report.text)}</bdi>
          </a>
        </li>
      ))}
    </ul>
    {reports.length > FIRST && <p class="quiet">and {countOf(reports.length - FIRST)} more, in the list above.</p>}
  </>
);
