import { timeTicks } from "../parts/scales";
import { dayOf, LEVELS, timeOf } from "../words";
import { timeline } from "./heard";
import { barsOf, marksOf, silencesOf } from "./slots";
import { type Window, xOf } from "./window";

const HIGH_PX = 44;
const TICK_PX = 90;
const LABEL_PX = 44; // a label that has no room is left out
const DAY_MS = 86_400_000;

/** Vessels heard as bars, alerts raised as marks, silences of feeds as a hatched band. The words are in the slider. */
export const Histogram = ({ window, widthPx }: { window: Window; widthPx: number }) => {
  const { slots = [], step_s: stepS = 300 } = timeline.value ?? {};
  const firstX = timeline.value?.first ? xOf(Date.parse(timeline.value.first), window, widthPx) : 0;
  return (
    <svg class="histogram" width={widthPx} height={HIGH_PX + 16} aria-hidden="true">
      <pattern id="silent" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="3" height="6" class="silence" />
      </pattern>
      {firstX > 0 && <rect class="before" width={Math.min(widthPx, firstX)} height={HIGH_PX} />}
      <path class="bars" d={barsOf(slots, stepS, window, widthPx, HIGH_PX)} />
      {silencesOf(slots, stepS, window, widthPx).map(([from, to]) => (
        <rect key={from} x={from} width={to - from} y={HIGH_PX - 8} height={8} fill="url(#silent)" />
      ))}
      {LEVELS.map((level) => (
        <path key={level} class={`mark-${level}`} d={marksOf(slots, level, stepS, window, widthPx)} />
      ))}
      <path class="axis" d={`M0 ${HIGH_PX}.500H${widthPx}`} />
      {timeTicks(window, Math.max(2, Math.floor(widthPx / TICK_PX))).map((ms) => (
        <Tick key={ms} ms={ms} x={xOf(ms, window, widthPx)} last={xOf(ms, window, widthPx) > widthPx - LABEL_PX} />
      ))}
    </svg>
  );
};

const Tick = ({ ms, x, last }: { ms: number; x: number; last: boolean }) => (
  <g transform={`translate(${x.toFixed(1)} ${HIGH_PX})`}>
    <path class="axis" d="M0 0v4" />
    {!last && (
      <text y="14" x="3">
        {ms % DAY_MS === 0 ? dayOf(ms).slice(0, -5) : timeOf(ms, false)}
      </text>
    )}
  </g>
);
