/** Who did and said what when; each statement of the watch can be unfolded to what it changed. */

import { useState } from "preact/hooks";
import { type Alert, api, type Item, told } from "../api/client";
import { AirText } from "../parts/air_text";
import { Answer, useAsked } from "../parts/asked";
import { useAnew } from "../parts/asked_anew";
import { Moment } from "../parts/moment";
import { type HistoryEvent, isStatement, verbOf, wordsIn } from "./history_words";
import { differencesOf } from "./revisions";

const SHOWN = 30;

export const History = ({ item }: { item: Item }) => {
  const id = item.alert.id;
  const asked = useAsked(
    async (stop) =>
      (await told(api.GET("/api/v1/alerts/{alert_id}/history", { params: { path: { alert_id: id } }, signal: stop })))
        .events,
    id,
  );
  useAnew(asked, item.seq);
  return (
    <section class="part" aria-labelledby="history-title">
      <h3 id="history-title">History</h3>
      <Answer asked={asked} what="history">
        {(events) => <Lines events={events} id={id} />}
      </Answer>
    </section>
  );
};

const Lines = ({ events, id }: { events: HistoryEvent[]; id: string }) => {
  const [all, setAll] = useState(false);
  const hidden = all ? 0 : Math.max(0, events.length - SHOWN);
  return (
    <>
      {hidden > 0 && (
        <button type="button" onClick={() => setAll(true)}>
          Show {hidden} earlier lines
        </button>
      )}
      <ol class="history">
        {events.slice(hidden).map((event) => (
          <li key={event.seq} class={event.actor === "watch" ? "of-watch" : "of-person"}>
            <Moment at={event.at} day /> <b>{event.actor === "watch" ? "the watch" : <AirText text={event.actor} />}</b>{" "}
            <AirText text={verbOf(event)} />
            {wordsIn(event) && <blockquote dir="auto">{wordsIn(event)}</blockquote>}
            {isStatement(event) && <Statement id={id} seq={event.seq} before={statementBefore(events, event)} />}
          </li>
        ))}
      </ol>
    </>
  );
};

const statementBefore = (events: HistoryEvent[], event: HistoryEvent): number | null =>
  events.findLast((other) => other.seq < event.seq && isStatement(other))?.seq ?? null;

const Statement = ({ id, seq, before }: { id: string; seq: number; before: number | null }) => {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
      <summary>{before === null ? "As it was first shown" : "What changed"}</summary>
      {open && <Changes id={id} seq={seq} before={before} />}
    </details>
  );
};

const Changes = ({ id, seq, before }: { id: string; seq: number; before: number | null }) => {
  const asked = useAsked(
    (stop) => Promise.all([asOf(id, seq, stop), before === null ? null : asOf(id, before, stop)]),
    `${id}/${seq}`,
  );
  return (
    <Answer asked={asked} what="statement">
      {([now, was]) => (was ? <Differences was={was} now={now} /> : <p>{now.explanation}</p>)}
    </Answer>
  );
};

const Differences = ({ was, now }: { was: Alert; now: Alert }) => {
  const differences = differencesOf(was, now);
  if (!differences.length) return <p class="quiet">Nothing that is shown here: it goes on as before.</p>;
  return (
    <table class="small">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {differences.map((difference) => (
          <tr key={difference.what}>
            <th scope="row">
              <AirText text={difference.what} />
            </th>
            <td>
              <AirText text={difference.before} none="not there" />
            </td>
            <td>
              <AirText text={difference.after} none="no longer" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const asOf = (id: string, seq: number, stop: AbortSignal): Promise<Alert> =>
  told(api.GET("/api/v1/alerts/{alert_id}/as-of/{seq}", { params: { path: { alert_id: id, seq } }, signal: stop }));
