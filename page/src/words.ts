/** Numbers, times and kinds as an officer reads them. UTC everywhere; knots, nautical miles, degrees. */

import type { Level, State } from "./api/client";

export const LEVELS: readonly Level[] = ["alarm", "warning", "caution"];
/** Levels differ by shape too, for eyes and palettes that do not tell red from orange. */
export const SHAPE: Record<Level, string> = { alarm: "■", warning: "▲", caution: "●" };
export const NUMBER_OF: Record<Level, 1 | 2 | 3> = { caution: 1, warning: 2, alarm: 3 };
export const STATE: Record<State, string> = {
  new: "new",
  acknowledged: "acknowledged",
  in_hand: "in hand",
  escalated: "escalated",
  closed: "closed",
};

/** What a table says of a word from outside: of `__proto__` and `constructor`, which every object knows, nothing. */
export const saidOf = (table: Readonly<Record<string, string>>, word: string): string | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

const KINDS: Record<string, string> = {
  ais_gap: "AIS silence",
  anchor_drag: "anchor drag under way",
  anchored_on_asset: "anchored on the asset",
  following_asset: "following the asset",
};

/** "anchor_drag" -> "anchor drag under way"; unknown kinds as they are, without underscores. */
export const kindOf = (kind: string): string => saidOf(KINDS, kind) ?? kind.replaceAll("_", " ");

const two = (n: number): string => String(n).padStart(2, "0");

/** "10:26:05" of the day in UTC. */
export function timeOf(ms: number, seconds = true): string {
  if (!Number.isFinite(ms)) return "--:--";
  const t = new Date(ms);
  return `${two(t.getUTCHours())}:${two(t.getUTCMinutes())}${seconds ? `:${two(t.getUTCSeconds())}` : ""}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "25 Dec 2024" in UTC. */
export function dayOf(ms: number): string {
  if (!Number.isFinite(ms)) return "no date";
  const t = new Date(ms);
  return `${t.getUTCDate()} ${MONTHS[t.getUTCMonth()]} ${t.getUTCFullYear()}`;
}

/** "25 Dec 2024 10:26:05 UTC". */
export const momentOf = (ms: number): string => `${dayOf(ms)} ${timeOf(ms)} UTC`;

/** "2024-12-25T10:26:05Z": whole seconds are what people send each other. */
export const stampOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** A text of the watch with its times as people say them: "known 25 Dec 10:40". */
export const stampsInWords = (text: string): string =>
  text.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (stamp) => {
    const ms = Date.parse(stamp);
    return Number.isFinite(ms) ? `${dayOf(ms).replace(/ \d{4}$/, "")} ${timeOf(ms, false)}` : stamp;
  });

/** A length of time in one or two units: "12 s", "4 min", "3 h 20 min", "2 d 4 h". */
export function spanOf(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (!Number.isFinite(s)) return "?";
  if (s < 60) return `${s} s`;
  const min = Math.floor(s / 60);
  if (min < 60) return `${min} min`;
  const h = Math.floor(min / 60);
  if (h < 24) return min % 60 ? `${h} h ${min % 60} min` : `${h} h`;
  return h % 24 ? `${Math.floor(h / 24)} d ${h % 24} h` : `${Math.floor(h / 24)} d`;
}

/** "59°54.00'N 025°36.00'E", as on a chart. */
export function positionOf(lonDeg: number, latDeg: number): string {
  return `${degrees(latDeg, 2, "NS")} ${degrees(lonDeg, 3, "EW")}`;
}

function degrees(value: number, width: number, sides: string): string {
  const hundredths = Math.round(Math.abs(value) * 6000);
  const whole = String(Math.floor(hundredths / 6000)).padStart(width, "0");
  const minutes = ((hundredths % 6000) / 100).toFixed(2).padStart(5, "0");
  return `${whole}°${minutes}'${value < 0 ? sides[1] : sides[0]}`;
}

/** Metres up to a kilometre, then kilometres: "430 m", "2.3 km". */
export function distanceOf(metres: number | null | undefined): string {
  if (metres === null || metres === undefined || !Number.isFinite(metres)) return "?";
  return metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(metres < 10_000 ? 1 : 0)} km`;
}

/** "8.9 kn"; "? kn" where it was not said. */
export const speedOf = (kn: number | null | undefined): string =>
  kn === null || kn === undefined || !Number.isFinite(kn) ? "? kn" : `${kn.toFixed(1)} kn`;

/** "084°". */
export const bearingOf = (deg: number | null | undefined): string =>
  deg === null || deg === undefined || !Number.isFinite(deg)
    ? "?"
    : `${String(Math.round(deg) % 360).padStart(3, "0")}°`;

/** "12,345". */
export const countOf = (n: number): string => n.toLocaleString("en-GB");
