/** The stream of reports, newest first, filtered by its address. */

import "./desk.css";
import { useEffect, useState } from "preact/hooks";
import { wordsOf } from "../api/client";
import { Answer, useAsked } from "../parts/asked";
import { useOwnWords } from "../parts/own_words";
import { Panel } from "../parts/panel";
import { place } from "../state/url";
import { pictureMs } from "../state/watch";
import { countOf } from "../words";
import { type ReportQuery, reportsOf } from "./ask";
import { DeskNav } from "./desk_nav";
import { Filters } from "./filters";
import { PasteBox } from "./paste_box";
import { PressTrouble } from "./press_health";
import type { Report, ReportPage } from "./records";
import { ReportRow } from "./report_row";
import { askedOf, filterOf, isAny, OWN_WORDS } from "./stream_filter";

const PAGE = 40;
const ASKED_EVERY_S = 30;

export const Stream = () => {
  useOwnWords(...OWN_WORDS);
  const filter = filterOf(place.value.query);
  const query: ReportQuery = { ...askedOf(filter, pictureMs.peek() ?? Date.now()), limit: PAGE };
  const key = JSON.stringify(query);
  const first = useAsked((stop) => reportsOf(query, stop), key, ASKED_EVERY_S);
  return (
    <Panel title="Reports">
      <DeskNav />
      <div class="stack">
        <PressTrouble />
        <Filters filter={filter} />
        <Answer asked={first} what="list of reports">
          {(page) => <Found key={key} page={page} query={query} filtered={isAny(filter)} />}
        </Answer>
        <PasteBox onRead={first.again} />
      </div>
    </Panel>
  );
};

interface FoundWords {
  page: ReportPage;
  query: ReportQuery;
  filtered: boolean;
}

const Found = ({ page, query, filtered }: FoundWords) => {
  const further = useFurther(page, query);
  const rows = unique([...page.reports, ...further.reports]);
  if (!rows.length) return <Nothing filtered={filtered} />;
  return (
    <section aria-labelledby="stream-found">
      <h3 id="stream-found" class="unseen">
        Reports
      </h3>
      <p role="status" class="quiet">
        {countOf(page.total)} {page.total === 1 ? "report" : "reports"}, newest first.
      </p>
      <ul class="link-rows">
        {rows.map((report) => (
          <li key={report.id}>
            <ReportRow report={report} />
          </li>
        ))}
      </ul>
      {further.trouble && <p role="status">Older ones were not told: {further.trouble}</p>}
      {further.next !== null && (
        <button type="button" disabled={further.busy} onClick={() => void further.more()}>
          Show older reports
        </button>
      )}
    </section>
  );
};

/** The pages behind the first, as they are asked for. */
function useFurther(page: ReportPage, query: ReportQuery) {
  const [pages, setPages] = useState<{ reports: Report[]; next: string | null }>({ reports: [], next: page.next });
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const begun = pages.reports.length > 0;
  useEffect(() => {
    if (!begun) setPages({ reports: [], next: page.next });
  }, [page, begun]);
  const more = async (): Promise<void> => {
    if (pages.next === null) return;
    setBusy(true);
    try {
      const next = await reportsOf({ ...query, before: pages.next });
      setPages({ reports: [...pages.reports, ...next.reports], next: next.next });
      setTrouble("");
    } catch (error) {
      setTrouble(wordsOf(error));
    }
    setBusy(false);
  };
  return { ...pages, trouble, busy, more };
}

function unique(reports: readonly Report[]): Report[] {
  return [...new Map(reports.map((report) => [report.id, report])).values()];
}

const Nothing = ({ filtered }: { filtered: boolean }) =>
  filtered ? (
    <p role="status">No report is as asked for. Take a filter away, or show those of no relevance, too.</p>
  ) : (
    <div role="status" class="nothing">
      <p>No report was read yet. To read some:</p>
      <ul>
        <li>paste a text below, or</li>
        <li>
          start the watch with a feed or a file: <code>anchorwatch watch --reports URL</code>
        </li>
      </ul>
    </div>
  );
