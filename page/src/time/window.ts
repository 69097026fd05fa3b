/** Which part of time the bar shows, and where in it a moment lies: pure. */

export const SPANS = { "1h": 1, "6h": 6, "24h": 24, "7d": 168 } as const;
export type SpanName = keyof typeof SPANS;
export const SPAN_WORDS: Record<SpanName, string> = { "1h": "1 h", "6h": "6 h", "24h": "24 h", "7d": "7 d" };

const HOUR_MS = 3_600_000;

export interface Window {
  fromMs: number;
  untilMs: number;
}

export const spanSaid = (text: string | null): SpanName =>
  text && Object.hasOwn(SPANS, text) ? (text as SpanName) : "24h";
export const spanMs = (span: SpanName): number => SPANS[span] * HOUR_MS;

/** Where the window ends: at now, unless it was moved (`heldMs`), and never so that the shown time falls out of it. */
export function endOf(span: SpanName, nowMs: number, shownMs: number | null, heldMs: number | null): number {
  const wide = spanMs(span);
  const end = Math.min(nowMs, heldMs ?? nowMs);
  if (shownMs === null) return end;
  if (shownMs > end) return Math.min(nowMs, shownMs + wide / 2);
  if (shownMs < end - wide) return Math.min(nowMs, shownMs + wide / 2);
  return end;
}

export function windowOf(span: SpanName, nowMs: number, shownMs: number | null, heldMs: number | null): Window {
  const untilMs = endOf(span, nowMs, shownMs, heldMs);
  return { fromMs: untilMs - spanMs(span), untilMs };
}

export const xOf = (ms: number, { fromMs, untilMs }: Window, widthPx: number): number =>
  ((ms - fromMs) / (untilMs - fromMs)) * widthPx;

/** The moment under a pointer, kept inside the window. */
export function msAt(x: number, { fromMs, untilMs }: Window, widthPx: number): number {
  const share = Math.min(1, Math.max(0, widthPx > 0 ? x / widthPx : 1));
  return fromMs + share * (untilMs - fromMs);
}

// One press of an arrow: about a pixel of the bar, in times that people think in.
const STEP_S: Record<SpanName, number> = { "1h": 10, "6h": 60, "24h": 300, "7d": 1800 };
const LEAP_STEPS = 12;

/** Where a key of the slider leads; null = not one of its keys, "now" = to now. */
export function keyed(key: string, ms: number, span: SpanName, window: Window): number | "now" | null {
  const step = STEP_S[span] * 1000;
  if (key === "ArrowLeft" || key === "ArrowDown") return ms - step;
  if (key === "ArrowRight" || key === "ArrowUp") return ms + step;
  if (key === "PageDown") return ms - LEAP_STEPS * step;
  if (key === "PageUp") return ms + LEAP_STEPS * step;
  if (key === "Home") return window.fromMs;
  if (key === "End") return "now";
  return null;
}

/** How long a slot of the histogram is: some hundred bars, in whole steps of the server. */
export const STEP_OF_S: Record<SpanName, number> = { "1h": 300, "6h": 300, "24h": 600, "7d": 3600 };
