/** Scales of plots over time: ticks that people read, lines that break where nothing is known. */

export interface Span {
  fromMs: number;
  untilMs: number;
}

const MIN_MS = 60_000;
// Steps that a clock face knows, in minutes.
const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080];

/** Whole times inside a span, at most `most`. */
export function timeTicks({ fromMs, untilMs }: Span, most: number): number[] {
  const spanMs = untilMs - fromMs;
  if (!(spanMs > 0) || most < 1) return [];
  const stepMin = STEPS_MIN.find((min) => spanMs / (min * MIN_MS) <= most) ?? Math.ceil(spanMs / MIN_MS / most);
  const stepMs = stepMin * MIN_MS;
  const ticks: number[] = [];
  for (let t = Math.ceil(fromMs / stepMs) * stepMs; t <= untilMs; t += stepMs) ticks.push(t);
  return ticks;
}

/** Round values from at or below `least` to at or above `most`: the ends of the scale are ticks. */
export function valueTicks(least: number, most: number, wanted: number): number[] {
  if (!Number.isFinite(least) || !Number.isFinite(most)) return [0, 1];
  const span = Math.max(most - least, 1e-9);
  const rough = span / Math.max(1, wanted);
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * ten).find((n) => n >= rough * 0.999) ?? 10 * ten;
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(most / step));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Least and most of what is known; null where nothing is. */
export function rangeOf(lists: readonly (readonly (number | null)[])[]): [number, number] | null {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of lists)
    for (const value of list) {
      if (value === null || !Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  return least <= most ? [least, most] : null;
}

export interface Line {
  timesMs: readonly number[];
  values: readonly (number | null)[];
  /** Silences: no line is drawn across them. */
  gaps: readonly Span[];
  /** A step of more than this is no movement: a course that passes north. */
  mostStep?: number;
}

/** The `d` of an SVG path; a point alone is a short stroke. */
export function pathOf(line: Line, x: (ms: number) => number, y: (value: number) => number): string {
  let d = "";
  let before: { ms: number; value: number } | null = null;
  line.timesMs.forEach((ms, i) => {
    const value = line.values[i] ?? null;
    if (value === null || !Number.isFinite(value)) {
      before = null;
      return;
    }
    const joined = before && !breaks(line, before, { ms, value });
    d += `${joined ? "L" : "M"}${x(ms).toFixed(1)} ${y(value).toFixed(1)}${joined ? "" : "h0.1"}`;
    before = { ms, value };
  });
  return d;
}

function breaks(line: Line, a: { ms: number; value: number }, b: { ms: number; value: number }): boolean {
  if (line.mostStep !== undefined && Math.abs(b.value - a.value) > line.mostStep) return true;
  return line.gaps.some((gap) => gap.fromMs < b.ms && gap.untilMs > a.ms);
}

/** Index of the time nearest to one; -1 of none. `timesMs` is in order. */
export function nearestIndex(timesMs: readonly number[], ms: number): number {
  let [low, high] = [0, timesMs.length - 1];
  if (high < 0 || Number.isNaN(ms)) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (timesMs[middle]! <= ms) low = middle;
    else high = middle;
  }
  return ms - timesMs[low]! <= timesMs[high]! - ms ? low : high;
}
