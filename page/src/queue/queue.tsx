import "./queue.css";
import "./work.css";
import { useEffect } from "preact/hooks";
import { Help } from "../frame/help";
import { addKeys, listenToKeys } from "../frame/keys";
import { Hint } from "../parts/hint";
import { isPartial, items, loading } from "../state/alerts";
import { closed, followClosed } from "../state/closed";
import { countOf } from "../words";
import { Announcements } from "./announce";
import { Bar } from "./bar";
import { Bulk } from "./bulk";
import { Dialogs } from "./dialogs/dialogs";
import { List } from "./list";
import { OnTheWay } from "./on_the_way";
import { QUEUE_KEYS } from "./queue_keys";
import { filter, fresh, isFiltered, rows, slotIn } from "./rows";

/** The alerts to be worked, the worst first: reviewed like mail, by keys. */
export const Queue = () => {
  useEffect(() => {
    const ends = [listenToKeys(), addKeys(QUEUE_KEYS), followClosed(filter)];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  return (
    <>
      <nav class="queue" aria-label="Alerts">
        <OnTheWay />
        <Bar />
        <List />
        <Fresh />
        <Foot />
        <Bulk />
      </nav>
      {/* Not in the queue: on a narrow screen it may be hidden. */}
      <Announcements />
      <Dialogs />
      <Help />
    </>
  );
};

/** New alerts wait here while somebody works in the queue: under it, so that no row moves when they come. */
const Fresh = () => {
  const ids = fresh.value;
  if (!ids.length) return null;
  const known = items.value;
  const alarms = ids.filter((id) => known.get(id)?.alert.level === "alarm").length;
  return (
    <button type="button" class={`fresh ${alarms ? "alarm" : ""}`} aria-keyshortcuts="." onClick={slotIn}>
      {countOf(ids.length)} new{alarms ? `, ${alarms === 1 ? "an alarm" : `${alarms} alarms`}` : ""}
      <Hint k="." />
    </button>
  );
};

/** Why the list is short or empty. An empty list is only calm where it is known to be whole. */
const Foot = () => {
  const said = loading.value ?? (filter.value.state === "closed" ? closed.value.said : "");
  if (said) return <p class="foot">{said}</p>;
  if (isPartial.value) return <p class="foot">There are more open alerts than these: narrow the filter.</p>;
  if (rows.value.length || fresh.value.length) return null;
  return <p class="foot quiet">{isFiltered.value ? "No alert fits the filter." : "No open alerts."}</p>;
};
