/** Which alerts the queue shows; written in the URL, so that a view can be sent. */

import type { Item, Level } from "../api/client";
import { LEVELS } from "../words";

export const STATES = ["open", "new", "unread", "mine", "closed"] as const;
export type StateAsked = (typeof STATES)[number];

export interface Filter {
  /** Empty = all. */
  levels: readonly Level[];
  /** any: never asked for in the address, but of an earlier time. */
  state: StateAsked | "any";
  kind: string;
  /** Id of an asset. */
  asset: string;
  mmsi: number | null;
  text: string;
}

// What the API takes at most (routes/alerts.py).
const MOST_TEXT = 100;
const MOST_ID = 200;

/** Read from the query of the URL; what makes no sense there is left out. */
export function filterOf(query: URLSearchParams): Filter {
  const named = (query.get("level") ?? "").split(",");
  const mmsi = query.get("mmsi") ?? "";
  return {
    levels: LEVELS.filter((level) => named.includes(level)),
    state: STATES.find((state) => state === query.get("state")) ?? "open",
    kind: (query.get("kind") ?? "").slice(0, MOST_ID),
    asset: (query.get("asset") ?? "").slice(0, MOST_ID),
    mmsi: /^\d{1,9}$/.test(mmsi) ? Number(mmsi) : null,
    text: (query.get("q") ?? "").slice(0, MOST_TEXT),
  };
}

/** As it stands in the URL; null = not there. */
export function queryOf(filter: Filter): Record<string, string | null> {
  return {
    level: filter.levels.join(",") || null,
    state: filter.state === "open" ? null : filter.state,
    kind: filter.kind || null,
    asset: filter.asset || null,
    mmsi: filter.mmsi === null ? null : String(filter.mmsi),
    q: filter.text || null,
  };
}

export const NO_FILTER: Filter = { levels: [], state: "open", kind: "", asset: "", mmsi: null, text: "" };

export interface Officer {
  name: string;
  isUnread(item: Item): boolean;
}

/** Whether an alert is among those asked for, leaving its level aside. */
export function fitsButLevel(filter: Filter, item: Item, officer: Officer): boolean {
  const { alert } = item;
  if (!fitsState(filter.state, item, officer)) return false;
  if (filter.kind && alert.kind !== filter.kind) return false;
  if (filter.mmsi !== null && alert.vessel.mmsi !== filter.mmsi) return false;
  if (filter.asset && !alert.assets.some(({ id }) => id === filter.asset)) return false;
  return !filter.text || wordsOf(item).includes(filter.text.trim().toLowerCase());
}

export const fitsLevel = (filter: Filter, { alert }: Item): boolean =>
  !filter.levels.length || filter.levels.includes(alert.level);

function fitsState(state: Filter["state"], item: Item, officer: Officer): boolean {
  const at = item.work.state;
  if (state === "any") return true;
  if (state === "closed") return at === "closed";
  if (at === "closed") return false;
  if (state === "new") return at === "new";
  if (state === "mine") return item.work.assigned_to === officer.name;
  return state === "open" || officer.isUnread(item);
}

/** What a text is looked for in: as the API does. */
function wordsOf({ alert }: Item): string {
  const { vessel } = alert;
  const assets = alert.assets.flatMap(({ id, name }) => [id, name]);
  return [
    alert.id,
    vessel.name,
    vessel.mmsi,
    vessel.imo ?? "",
    vessel.callsign,
    alert.kind,
    ...assets,
    alert.explanation,
  ]
    .join(" ")
    .toLowerCase();
}
