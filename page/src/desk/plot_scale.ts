/** Scales of the ledgers' plots: times over days and years, undated ones beside them: pure. */

import { dayOf } from "../words";
import type { Cell } from "./records";

export const UNDATED = "undated";
const DAY_MS = 86_400_000;

/** A time of a plot, in ms; NaN = undated. Months ("2025-01") count from their first day. */
export function timeMs(cell: Cell | undefined): number {
  if (typeof cell !== "string" || !/^\d{4}-\d\d/.test(cell)) return Number.NaN;
  return Date.parse(/^\d{4}-\d\d$/.test(cell) ? `${cell}-01T00:00:00Z` : cell);
}

export interface TimeScale {
  fromMs: number;
  untilMs: number;
  /** Whether any point is undated: it has a place of its own. */
  hasUndated: boolean;
  hasDated: boolean;
}

export function timeScale(times: readonly number[]): TimeScale {
  const dated = times.filter(Number.isFinite);
  const [least, most] = [Math.min(...dated), Math.max(...dated)];
  const hasDated = dated.length > 0;
  const pad = hasDated ? Math.max(DAY_MS, (most - least) * 0.04) : 0;
  return {
    fromMs: hasDated ? least - pad : 0,
    untilMs: hasDated ? most + pad : 1,
    hasUndated: dated.length < times.length,
    hasDated,
  };
}

export interface Tick {
  ms: number;
  words: string;
}

/** First days of months or years inside a span, or days of a short one; at most `most`. */
export function dayTicks(fromMs: number, untilMs: number, most: number): Tick[] {
  if (!(untilMs > fromMs) || most < 1) return [];
  if (untilMs - fromMs <= 45 * DAY_MS) return days(fromMs, untilMs, most);
  const months = (untilMs - fromMs) / (30.44 * DAY_MS);
  const step = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600].find((n) => months / n <= most) ?? 1200;
  const found: Tick[] = [];
  const first = new Date(fromMs);
  let at = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth()) / step) * step;
  for (; found.length <= most; at += step) {
    const ms = Date.UTC(Math.floor(at / 12), at % 12, 1);
    if (ms > untilMs) break;
    if (ms >= fromMs) found.push({ ms, words: step >= 12 ? String(Math.floor(at / 12)) : dayOf(ms).slice(2) });
  }
  return found;
}

function days(fromMs: number, untilMs: number, most: number): Tick[] {
  const stepMs = DAY_MS * Math.max(1, Math.ceil((untilMs - fromMs) / DAY_MS / most));
  const found: Tick[] = [];
  for (let ms = Math.ceil(fromMs / DAY_MS) * DAY_MS; ms <= untilMs; ms += stepMs)
    found.push({ ms, words: dayOf(ms).replace(/ \d{4}$/, "") });
  return found;
}
