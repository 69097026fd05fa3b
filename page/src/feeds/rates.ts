/** How much comes in, from successive answers: the feeds count since the start of the watch. */

export interface Sample {
  /** This machine's time of the answer. */
  atMs: number;
  lines: number;
  rows: number;
}

export interface Rates {
  /** Lines and rows a minute between answers, oldest first. */
  lines: number[];
  rows: number[];
  /** Over all of `lines`; null = there are not two answers yet. */
  linesAMinute: number | null;
  rowsAMinute: number | null;
  spanS: number;
}

const MOST = 61; // five minutes of an answer every five seconds
const SPLIT_MS = 60_000; // answers further apart are no series: the page was away

/** Take in an answer; a count that fell back, or a long pause, begins anew. */
export function sampled(before: readonly Sample[], sample: Sample): Sample[] {
  const last = before.at(-1);
  const anew = !last || sample.lines < last.lines || sample.rows < last.rows || sample.atMs - last.atMs > SPLIT_MS;
  if (anew || !last) return [sample];
  if (sample.atMs <= last.atMs) return [...before];
  return [...before.slice(-MOST + 1), sample];
}

export function ratesOf(samples: readonly Sample[]): Rates {
  const [first, last] = [samples[0], samples.at(-1)];
  const each = (count: (sample: Sample) => number): number[] =>
    samples.slice(1).map((sample, i) => aMinute(count(samples[i]!), count(sample), samples[i]!.atMs, sample.atMs));
  if (!first || !last || first === last)
    return { lines: [], rows: [], linesAMinute: null, rowsAMinute: null, spanS: 0 };
  return {
    lines: each((sample) => sample.lines),
    rows: each((sample) => sample.rows),
    linesAMinute: aMinute(first.lines, last.lines, first.atMs, last.atMs),
    rowsAMinute: aMinute(first.rows, last.rows, first.atMs, last.atMs),
    spanS: (last.atMs - first.atMs) / 1000,
  };
}

const aMinute = (before: number, after: number, fromMs: number, toMs: number): number =>
  ((after - before) / (toMs - fromMs)) * 60_000;

/** "312 lines a minute"; small ones with a digit. */
export function rateWords(rate: number | null, what: string): string {
  if (rate === null) return `measuring ${what} ...`;
  const many = rate > 0 && rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en-GB");
  return `${many} ${what} a minute`;
}

/** The `d` of a small line from 0 to the highest value; a flat line on the ground where nothing came. */
export function sparkline(values: readonly number[], width: number, height: number): string {
  const most = Math.max(...values, 1e-9);
  if (values.length === 1) return `M0 ${(height - (values[0]! / most) * height).toFixed(1)}H${width}`;
  const step = width / Math.max(1, values.length - 1);
  return values
    .map((value, i) => `${i ? "L" : "M"}${(i * step).toFixed(1)} ${(height - (value / most) * height).toFixed(1)}`)
    .join("");
}
