/** Addresses of what is seen now, as files: pure. */

import type { BoundsDeg } from "../map/camera";
import { stampOf } from "../words";

export interface Seen {
  /** First part of the path and the id: what is open. */
  name: string;
  id: string;
  query: URLSearchParams;
  shownMs: number | null;
  nowMs: number | null;
  bounds: BoundsDeg | null;
}

export interface FileLink {
  words: string;
  /** Without `as`. */
  path: string;
  query: URLSearchParams;
}

const HOUR_MS = 3_600_000;
const MOST_HOURS = 24;

/** What can be had as GeoJSON or CSV: of the thing that is open first, then of the view. */
export function filesOf(seen: Seen): FileLink[] {
  const at = seen.shownMs;
  const box = boxOf(seen.bounds);
  const until = at ?? seen.nowMs;
  const found = opened(seen, until);
  found.push({
    words: at === null ? "Vessels in view, now" : "Vessels in view, at that time",
    path: "/api/v1/export/vessels",
    query: queryOf({ at: at === null ? "" : stampOf(at), bbox: box }),
  });
  if (until !== null) {
    const half = at === null ? 0 : HOUR_MS / 2;
    const [from, to] = [until + half - HOUR_MS, Math.min(until + half, seen.nowMs ?? until)];
    found.push({
      words: at === null ? "Where they were in the last hour" : "Where they were in the hour around it",
      path: "/api/v1/export/tracks",
      query: queryOf({ since: stampOf(from), until: stampOf(to), bbox: box }),
    });
  }
  found.push({
    words: "Alerts, as the queue is filtered",
    path: "/api/v1/export/alerts",
    query: alertQuery(seen.query),
  });
  return found;
}

function opened({ name, id }: Seen, until: number | null): FileLink[] {
  if (name === "vessels" && /^\d{1,9}$/.test(id)) {
    const links = [{ words: "Alerts of this vessel", path: "/api/v1/export/alerts", query: queryOf({ mmsi: id }) }];
    if (until === null) return links;
    const since = stampOf(until - MOST_HOURS * HOUR_MS);
    const track = queryOf({ mmsi: id, since, until: stampOf(until) });
    return [{ words: "Track of this vessel, 24 h", path: "/api/v1/export/tracks", query: track }, ...links];
  }
  if (name === "assets" && id)
    return [{ words: "Alerts of this asset", path: "/api/v1/export/alerts", query: queryOf({ asset: id }) }];
  return [];
}

export interface SharedAlert {
  id: string;
  mmsi: number;
  startMs: number;
  endMs: number;
}

/** An alert: itself, and where its vessel was around it. */
export function filesOfAlert(alert: SharedAlert): FileLink[] {
  const span = { since: stampOf(alert.startMs - 2 * HOUR_MS), until: stampOf(alert.endMs + HOUR_MS) };
  return [
    { words: "This alert", path: "/api/v1/export/alerts", query: queryOf({ id: alert.id }) },
    {
      words: "Track of its vessel around it",
      path: "/api/v1/export/tracks",
      query: queryOf({ mmsi: String(alert.mmsi), ...span }),
    },
  ];
}

/** Words of the address that filter the queue, as the API takes them. */
function alertQuery(query: URLSearchParams): URLSearchParams {
  const found = new URLSearchParams();
  for (const name of ["level", "state", "kind"])
    for (const value of partsOf(query.get(name))) found.append(name, value);
  for (const name of ["q", "asset", "mmsi"]) {
    const value = query.get(name);
    if (value) found.set(name, value);
  }
  const state = query.get("state") ?? "";
  found.set("state", ["new", "closed"].includes(state) ? state : "open"); // "mine" and "unread" are known only to the page
  return found;
}

const partsOf = (text: string | null): string[] => (text ? text.split(",").filter(Boolean) : []);

function queryOf(words: Record<string, string>): URLSearchParams {
  return new URLSearchParams(Object.entries(words).filter(([, value]) => value));
}

/** A box inside the world; "" = everywhere. */
export function boxOf(bounds: BoundsDeg | null): string {
  if (!bounds) return "";
  const [west, south, east, north] = bounds;
  if (east - west >= 360) return "";
  const round = (deg: number): number => ((((deg + 180) % 360) + 360) % 360) - 180;
  return [round(west), Math.max(-90, south), round(east), Math.min(90, north)].map((deg) => deg.toFixed(4)).join();
}

export const hrefOfFile = ({ path, query }: FileLink, form: "geojson" | "csv"): string => {
  const all = new URLSearchParams(query);
  all.set("as", form);
  return `${path}?${all}`;
};
