/** Measures over time, one pane below the other: bands, marks, and one reading moved by pointer or keys. */

import { useRef, useState } from "preact/hooks";
import { timeOf } from "../words";
import { nearestIndex, pathOf, rangeOf, type Span, timeTicks, valueTicks } from "./scales";
import "./time_plot.css";
import { useWidth } from "./width";

export interface PlotLine {
  name: string;
  values: readonly (number | null)[];
  /** Class of the stroke: "measured" or "usual". */
  look: "measured" | "usual";
  mostStep?: number;
}

export interface Pane {
  title: string;
  lines: PlotLine[];
  heightPx: number;
  /** Always in the scale: 0 of a speed. */
  holds?: readonly number[];
  /** The scale is just this. */
  ticks?: readonly number[];
  /** A line across at this value. */
  level?: number;
}

export interface PlotMark {
  atMs: number;
  label: string;
  look: "crossing" | "edge" | "raised" | "shown";
}

export interface PlotBand extends Span {
  look: "gap" | "alert";
}

interface PlotWords {
  label: string;
  timesMs: readonly number[];
  span: Span;
  panes: Pane[];
  gaps: readonly Span[];
  bands: PlotBand[];
  marks: PlotMark[];
  /** The reading at an index, as text. */
  read: (index: number) => string;
  /** The pointer or keys are at an index; null = gone. */
  onRead: (index: number | null) => void;
  /** A time was chosen: Enter, or a double click. */
  onChoose: (ms: number) => void;
}

const LEFT_PX = 34;
const RIGHT_PX = 8;
const TOP_PX = 36; // a row of labels, and the title of the first pane
const BETWEEN_PX = 40;

export const TimePlot = (words: PlotWords) => {
  const [box, widthPx] = useWidth(400);
  const [at, setAt] = useState<number | null>(null);
  const held = useRef(false);
  const { span, timesMs, panes } = words;
  const x = (ms: number): number =>
    LEFT_PX + ((ms - span.fromMs) / (span.untilMs - span.fromMs || 1)) * (widthPx - LEFT_PX - RIGHT_PX);
  const move = (index: number | null): void => {
    setAt(index);
    words.onRead(index);
  };
  const point = (event: PointerEvent): void => {
    const place = (event.currentTarget as Element).getBoundingClientRect();
    const share = (event.clientX - place.left - LEFT_PX) / (widthPx - LEFT_PX - RIGHT_PX);
    const index = nearestIndex(timesMs, span.fromMs + share * (span.untilMs - span.fromMs));
    if (index >= 0) move(index);
  };
  const read = at !== null && at < timesMs.length ? at : null;
  const heightPx = TOP_PX + panes.reduce((sum, pane) => sum + pane.heightPx + BETWEEN_PX, 0) - 18;
  let topPx = TOP_PX;
  return (
    <div class="timeplot" ref={box}>
      <div
        role="slider"
        tabIndex={0}
        aria-label={`${words.label}. Arrow keys read the values, Enter shows the sea at that time`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, timesMs.length - 1)}
        aria-valuenow={read ?? 0}
        aria-valuetext={read === null ? "nothing read yet" : words.read(read)}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => !held.current && move(null)}
        onDblClick={() => read !== null && words.onChoose(timesMs[read]!)}
        onFocus={() => {
          held.current = true;
        }}
        onBlur={() => {
          held.current = false;
          move(null);
        }}
        onKeyDown={(key) => {
          if (key.key === "Enter" && read !== null) {
            key.preventDefault();
            key.stopPropagation();
            words.onChoose(timesMs[read]!);
          }
          const to = stepped(key, read, timesMs, span);
          if (to === undefined) return;
          key.preventDefault();
          key.stopPropagation();
          move(to);
        }}
      >
        <svg width={widthPx} height={heightPx} aria-hidden="true">
          {panes.map((pane) => {
            const drawn = <PanePlot key={pane.title} {...words} pane={pane} topPx={topPx} x={x} at={read} />;
            topPx += pane.heightPx + BETWEEN_PX;
            return drawn;
          })}
          <Labels marks={words.marks} x={x} widthPx={widthPx} />
          {read !== null && <path class="cursor" d={`M${x(timesMs[read]!).toFixed(1)} ${TOP_PX}V${heightPx - 22}`} />}
        </svg>
      </div>
      <p class="reading" aria-hidden="true">
        {read === null
          ? "Point at it, or focus it and use the arrow keys. Enter shows the sea at that time."
          : words.read(read)}
      </p>
    </div>
  );
};

function stepped(key: KeyboardEvent, at: number | null, timesMs: readonly number[], span: Span): number | undefined {
  const first = nearestIndex(timesMs, span.fromMs);
  const last = nearestIndex(timesMs, span.untilMs);
  if (first < 0 || key.altKey || key.ctrlKey || key.metaKey) return undefined;
  const far = Math.max(1, Math.round((last - first) / 10));
  const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, PageUp: far, PageDown: -far };
  if (key.key === "Home") return first;
  if (key.key === "End") return last;
  const step = steps[key.key];
  if (step === undefined) return undefined;
  return Math.min(last, Math.max(first, (at ?? (step > 0 ? first - 1 : last + 1)) + step));
}

type Scale = (n: number) => number;

const PanePlot = (words: PlotWords & { pane: Pane; topPx: number; x: Scale; at: number | null }) => {
  const { pane, topPx, x, span, timesMs, gaps, at: read } = words;
  const seen = timesMs.map((ms) => ms >= span.fromMs && ms <= span.untilMs);
  const range = rangeOf([...pane.lines.map((line) => line.values.filter((_, i) => seen[i])), pane.holds ?? []]);
  const ticks = pane.ticks ?? valueTicks(range?.[0] ?? 0, range?.[1] ?? 1, Math.max(2, Math.round(pane.heightPx / 36)));
  const [least, most] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const y: Scale = (value) => topPx + pane.heightPx * (1 - (value - least) / (most - least || 1));
  const [left, right, low] = [x(span.fromMs), x(span.untilMs), topPx + pane.heightPx];
  const times = timeTicks(span, 5);
  return (
    <g>
      <text class="title" x={0} y={topPx - 8}>
        {pane.title}
      </text>
      {words.bands.map((band) => (
        <Band key={`${band.look}${band.fromMs}`} band={band} span={span} x={x} topPx={topPx} heightPx={pane.heightPx} />
      ))}
      {ticks.map((tick) => (
        <g key={tick}>
          <path class={tick === pane.level ? "level-line" : "grid"} d={`M${left} ${y(tick).toFixed(1)}H${right}`} />
          <text class="tick" x={LEFT_PX - 4} y={y(tick) + 4} text-anchor="end">
            {tick}
          </text>
        </g>
      ))}
      {times.map((ms) => (
        <g key={ms}>
          <path class="grid" d={`M${x(ms).toFixed(1)} ${low}v4`} />
          <text class="tick" x={Math.min(Math.max(x(ms), LEFT_PX + 8), right - 12)} y={low + 16} text-anchor="middle">
            {timeOf(ms, false)}
          </text>
        </g>
      ))}
      {words.marks.filter(within(span)).map((mark) => (
        <path key={`${mark.atMs}${mark.label}`} class={mark.look} d={`M${x(mark.atMs).toFixed(1)} ${topPx}V${low}`} />
      ))}
      {[...pane.lines].reverse().map((line) => (
        <path key={line.name} class={`line ${line.look}`} d={cut({ ...line, timesMs, gaps }, seen, x, y)} />
      ))}
      {read !== null && <Dots pane={pane} read={read} atX={x(timesMs[read]!)} y={y} />}
    </g>
  );
};

function cut(
  line: PlotLine & { timesMs: readonly number[]; gaps: readonly Span[] },
  seen: boolean[],
  x: Scale,
  y: Scale,
) {
  const timesMs = line.timesMs.filter((_, i) => seen[i]);
  return pathOf({ ...line, timesMs, values: line.values.filter((_, i) => seen[i]) }, x, y);
}

const Dots = ({ pane, read, atX, y }: { pane: Pane; read: number; atX: number; y: Scale }) => (
  <>
    {pane.lines.map((line) => {
      const value = line.values[read] ?? null;
      return value === null ? null : <circle key={line.name} class={line.look} cx={atX} cy={y(value)} r={4} />;
    })}
  </>
);

const Band = ({ band, span, x, topPx, heightPx }: BandWords) => {
  const from = Math.max(band.fromMs, span.fromMs);
  const until = Math.min(band.untilMs, span.untilMs);
  if (until < from) return null;
  return <rect class={band.look} x={x(from)} width={Math.max(1, x(until) - x(from))} y={topPx} height={heightPx} />;
};

interface BandWords {
  band: PlotBand;
  span: Span;
  x: Scale;
  topPx: number;
  heightPx: number;
}

/** Labels above the plot; one that would lie on another is left out: the table below has them all. */
const Labels = ({ marks, x, widthPx }: { marks: PlotMark[]; x: Scale; widthPx: number }) => {
  let freeFrom = LEFT_PX;
  const labels = marks
    .filter((mark) => x(mark.atMs) >= LEFT_PX - 1 && x(mark.atMs) <= widthPx)
    .sort((a, b) => a.atMs - b.atMs);
  return (
    <>
      {labels.map((mark) => {
        const wide = mark.label.length * 6.4;
        const middle = Math.min(Math.max(x(mark.atMs), LEFT_PX + wide / 2), widthPx - wide / 2);
        if (middle - wide / 2 < freeFrom) return null;
        freeFrom = middle + wide / 2 + 4;
        return (
          <text key={`${mark.atMs}${mark.label}`} class={`mark ${mark.look}`} x={middle} y={13} text-anchor="middle">
            {mark.label}
          </text>
        );
      })}
    </>
  );
};

const within = (span: Span) => (mark: PlotMark) => mark.atMs >= span.fromMs && mark.atMs <= span.untilMs;
