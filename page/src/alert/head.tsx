/** What it is and how it stands: level, status, work, silence, the sentence, and what can be done. */

import type { Alert, Item } from "../api/client";
import { AirText } from "../parts/air_text";
import { Level } from "../parts/level";
import { Moment } from "../parts/moment";
import { ShareButton } from "../share/share_button";
import { pictureMs } from "../state/watch";
import { kindOf, STATE, spanOf } from "../words";

const MEANS: Record<Alert["level"], string> = {
  alarm: "send someone",
  warning: "call the vessel now",
  caution: "keep an eye on it",
};

export const Head = ({ item }: { item: Item }) => {
  const { alert } = item;
  const closed = item.work.state === "closed";
  return (
    <>
      <p class="headline">
        <Level level={alert.level} /> <b>{kindOf(alert.kind)}</b>
        {alert.status === "open" && !closed && <span class="quiet">{MEANS[alert.level]}</span>}
      </p>
      <StatusNotice alert={alert} closed={closed} />
      <Silenced item={item} />
      <p class="explanation">
        <AirText text={alert.explanation} />
      </p>
      <p class="quiet">
        Raised <Moment at={alert.raised} day /> UTC <Ago at={alert.raised} />; behaviour from{" "}
        <Moment at={alert.start} /> to <Moment at={alert.end} />
        {alert.status === "open" && " so far"}
      </p>
      <div class="work-row">
        <WorkLine item={item} />
        <ShareButton what="alert" />
      </div>
    </>
  );
};

/** "12 min ago", by the time of the picture. */
export const Ago = ({ at }: { at: string }) => {
  const ms = pictureMs.value;
  if (ms === null) return null;
  const agoS = (ms - Date.parse(at)) / 1000;
  return <>{agoS < 0 ? `in ${spanOf(-agoS)}` : `${spanOf(agoS)} ago`}</>;
};

/** Ended and withdrawn cannot be mistaken for going on. */
const StatusNotice = ({ alert, closed }: { alert: Alert; closed: boolean }) => {
  if (alert.status === "open" && !closed) return null;
  if (closed)
    return (
      <p class="status-notice ended">
        <b>Closed</b>: somebody decided what it was
        {alert.status === "open" ? ", though the behaviour goes on" : `; the alert is ${alert.status}`}.
      </p>
    );
  const withdrawn = alert.status === "withdrawn";
  return (
    <p class={`status-notice ${alert.status}`}>
      <b>{withdrawn ? "Withdrawn" : "Ended"}</b>{" "}
      {withdrawn
        ? "Later data took the grounds away. It stays in the list, and what was said stays below."
        : "The behaviour is over; what it did may not be. Close the alert when it is known what it was."}
    </p>
  );
};

const Silenced = ({ item: { silenced } }: { item: Item }) =>
  silenced && (
    <p class="status-notice silenced">
      <b>Silenced</b> by <AirText text={silenced.by} /> until <Moment at={silenced.until} day /> UTC, up to{" "}
      {silenced.level}: <AirText text={silenced.reason} none="no reason given" />
    </p>
  );

const WorkLine = ({ item: { work } }: { item: Item }) => {
  const lines = [
    work.acknowledged_by && ["acknowledged by", work.acknowledged_by],
    work.assigned_to && ["in the hands of", work.assigned_to],
    work.escalated_to && ["escalated to", work.escalated_to],
    work.closed_by && ["closed by", work.closed_by],
    work.disposition && ["as", work.disposition.replaceAll("_", " ")],
    work.cause && ["cause", work.cause],
    work.handed_to && ["handed to", work.handed_to],
    work.reopened ? ["reopened", `${work.reopened} ×`] : "",
  ].filter((line): line is [string, string] => Boolean(line));
  return (
    <p class="work">
      <b class="state">{STATE[work.state]}</b> {!lines.length && "Nobody has looked at it yet."}
      {lines.map(([what, who], i) => (
        <span key={what}>
          {i > 0 && ", "}
          {what} <AirText text={who} />
        </span>
      ))}
    </p>
  );
};
