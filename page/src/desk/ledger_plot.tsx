/** The plots of the ledgers: one lane for each name, so that no colour has to be told from another. The table says it all. */

import { valueTicks } from "../parts/scales";
import { useWidth } from "../parts/width";
import { countOf, saidOf } from "../words";
import { figure, headOf } from "./desk_words";
import { cellText } from "./ledger_cells";
import { dayTicks, timeMs, timeScale } from "./plot_scale";
import type { Cell, LedgerPlot } from "./records";
import "./plot.css";

const MOST_LANES = 30;
const LANE_PX = 44;
const LABEL_PX = 16;
const FOOT_PX = 24;
const SIDE_PX = 12;
const UNDATED_PX = 84;

export const Plots = ({ plots }: { plots: readonly LedgerPlot[] }) => (
  <>
    {plots
      .filter((plot) => plot.series.some(({ points }) => points.length > 0))
      .map((plot) => (
        <OnePlot key={plot.title} plot={plot} />
      ))}
  </>
);

const OnePlot = ({ plot }: { plot: LedgerPlot }) => (
  <figure class="ledger-plot">
    <figcaption>
      <bdi>{plot.title}</bdi>
    </figcaption>
    {plot.kind === "matrix" ? <Matrix plot={plot} /> : <Drawn plot={plot} />}
  </figure>
);

const Drawn = ({ plot }: { plot: LedgerPlot }) => {
  const [box, widthPx] = useWidth(640);
  const lanes = plot.series.slice(0, MOST_LANES);
  const Kind = plot.kind === "matrix" ? Bars : KINDS[plot.kind];
  return (
    <>
      <div ref={box} role="img" aria-label={`${plot.title}: ${summaryOf(plot)} The table has all of it.`}>
        <Kind series={lanes} widthPx={widthPx} plot={plot} />
      </div>
      {plot.series.length > lanes.length && (
        <p class="quiet">and {countOf(plot.series.length - lanes.length)} more, in the table.</p>
      )}
    </>
  );
};

function summaryOf({ series }: LedgerPlot): string {
  const counts = series.slice(0, 6).map(({ name, points }) => `${headOf(name, 40)} ${points.length}`);
  return `${counts.join(", ")}${series.length > 6 ? ", and more" : ""}.`;
}

type Series = LedgerPlot["series"][number];

interface Lanes {
  series: readonly Series[];
  widthPx: number;
  plot: LedgerPlot;
}

/** When, in a lane for each name; what has no date stands beside. */
const Timeline = ({ series, widthPx }: Lanes) => {
  const scale = timeScale(series.flatMap(({ points }) => points.map(([at]) => timeMs(at))));
  const right = widthPx - SIDE_PX - (scale.hasUndated ? UNDATED_PX : 0);
  const x = (ms: number): number =>
    Number.isFinite(ms)
      ? SIDE_PX + ((ms - scale.fromMs) / (scale.untilMs - scale.fromMs)) * (right - SIDE_PX)
      : right + 16;
  const heightPx = series.length * LANE_PX + FOOT_PX;
  return (
    <svg width={widthPx} height={heightPx} aria-hidden="true">
      <TimeFoot scale={scale} x={x} right={right} heightPx={heightPx} />
      {series.map(({ name, points }, lane) => {
        const y = lane * LANE_PX + LABEL_PX + 12;
        let undated = 0;
        return (
          <g key={name}>
            <LaneLabel name={`${name} (${points.length})`} lane={lane} widthPx={widthPx} />
            <path class="grid" d={`M${SIDE_PX} ${y}H${right}`} />
            {points.map(([at, , label, until], n) => {
              const ms = timeMs(at);
              const [from, end] = [x(ms), x(timeMs(until))];
              const shift = Number.isFinite(ms) ? 0 : 10 * undated++;
              const words = `${cellText(at)}${label ? `: ${label}` : ""}`;
              if (shift > UNDATED_PX - 28) return null;
              return (
                <g key={n}>
                  <title>{words}</title>
                  {Number.isFinite(ms) && until && end > from + 8 ? (
                    <rect class="bar" x={from} y={y - 5} width={end - from} height={10} rx={3} />
                  ) : (
                    <circle class={Number.isFinite(ms) ? "dot" : "dot hollow"} cx={from + shift} cy={y} r={5} />
                  )}
                </g>
              );
            })}
          </g>
        );
      })}
    </svg>
  );
};

interface Foot {
  scale: ReturnType<typeof timeScale>;
  x: (ms: number) => number;
  right: number;
  heightPx: number;
}

const TimeFoot = ({ scale, x, right, heightPx }: Foot) => (
  <>
    {scale.hasDated &&
      dayTicks(scale.fromMs, scale.untilMs, Math.max(2, Math.floor(right / 110))).map(({ ms, words }) => (
        <g key={ms}>
          <path class="grid" d={`M${x(ms).toFixed(1)} 0V${heightPx - FOOT_PX + 4}`} />
          <text class="tick" x={x(ms)} y={heightPx - 6} text-anchor="middle">
            {words}
          </text>
        </g>
      ))}
    {scale.hasUndated && (
      <>
        <path class="edge" d={`M${right + 4} 0V${heightPx - FOOT_PX + 4}`} />
        <text class="tick" x={right + 10} y={heightPx - 6}>
          no date
        </text>
      </>
    )}
  </>
);

const LaneLabel = ({ name, lane, widthPx }: { name: string; lane: number; widthPx: number }) => (
  <text class="lane" x={SIDE_PX - 8} y={lane * LANE_PX + LABEL_PX - 2}>
    {headOf(name, Math.max(16, Math.floor(widthPx / 8)))}
  </text>
);

/** How many a month, in a lane for each kind. */
const Counts = ({ series, widthPx }: Lanes) => {
  const months = [...new Set(series.flatMap(({ points }) => points.map(([month]) => String(month))))].sort();
  const most = Math.max(1, ...series.flatMap(({ points }) => points.map(([, count]) => Number(count) || 0)));
  const wide = Math.min(72, (widthPx - 2 * SIDE_PX) / Math.max(1, months.length));
  const every = Math.ceil(64 / wide);
  const heightPx = series.length * (LANE_PX + 20) + FOOT_PX;
  return (
    <svg width={widthPx} height={heightPx} aria-hidden="true">
      {series.map(({ name, points }, lane) => {
        const foot = (lane + 1) * (LANE_PX + 20) - 4;
        return (
          <g key={name}>
            <text class="lane" x={SIDE_PX - 8} y={foot - LANE_PX - 2}>
              {headOf(name, Math.max(16, Math.floor(widthPx / 8)))}
            </text>
            <path class="grid" d={`M${SIDE_PX} ${foot}H${widthPx - SIDE_PX}`} />
            {points.map(([month, count]) => {
              const high = ((Number(count) || 0) / most) * (LANE_PX - 18);
              const left = SIDE_PX + months.indexOf(String(month)) * wide;
              return (
                <g key={String(month)}>
                  <rect
                    class={month === "undated" ? "bar hollow" : "bar"}
                    x={left + 2}
                    width={Math.max(2, wide - 6)}
                    y={foot - high}
                    height={high}
                  />
                  {wide > 18 && (
                    <text class="tick" x={left + wide / 2 - 1} y={foot - high - 3} text-anchor="middle">
                      {cellText(count)}
                    </text>
                  )}
                </g>
              );
            })}
          </g>
        );
      })}
      {months.map((month, n) =>
        n % every ? null : (
          <text key={month} class="tick" x={SIDE_PX + n * wide + wide / 2 - 1} y={heightPx - 6} text-anchor="middle">
            {month === "undated" ? "no date" : month}
          </text>
        ),
      )}
    </svg>
  );
};

/** Numbers of several names: a bar for each, with its words. */
const Bars = ({ series, widthPx }: Lanes) => {
  const names = [...new Set(series.flatMap(({ points }) => points.map(([name]) => String(name))))].slice(0, MOST_LANES);
  const most = Math.max(1e-9, ...series.flatMap(({ points }) => points.map(([, value]) => Number(value) || 0)));
  let y = 0;
  const drawn = names.map((name) => {
    const bars = series.flatMap(({ name: state, points }) =>
      points.filter(([of]) => String(of) === name).map(([, value]) => ({ state, value: Number(value) || 0 })),
    );
    const top = y;
    y += LABEL_PX + bars.length * 20 + 10;
    return { name, bars, top };
  });
  const wide = Math.max(60, widthPx - 2 * SIDE_PX - 170);
  return (
    <svg width={widthPx} height={Math.max(1, y)} aria-hidden="true">
      {drawn.map(({ name, bars, top }) => (
        <g key={name}>
          <text class="lane" x={SIDE_PX - 8} y={top + LABEL_PX - 4}>
            {headOf(name, Math.max(16, Math.floor(widthPx / 8)))}
          </text>
          {bars.map(({ state, value }, n) => {
            const [at, long] = [top + LABEL_PX + n * 20, Math.max(2, (value / most) * wide)];
            return (
              <g key={state}>
                <rect class="bar" x={SIDE_PX} y={at} width={long} height={14} rx={2} />
                <text class="tick" x={SIDE_PX + long + 6} y={at + 11}>
                  {figure(value)} {headOf(state, 24)}
                </text>
              </g>
            );
          })}
        </g>
      ))}
    </svg>
  );
};

/** Who says which value: a lane for each, the value across. */
const DotsPlot = ({ series, widthPx, plot }: Lanes) => {
  const values = series.flatMap(({ points }) => points.map(([, value]) => Number(value))).filter(Number.isFinite);
  const ticks = valueTicks(0, Math.max(1e-9, ...values), Math.max(2, Math.floor(widthPx / 90)));
  const last = ticks.at(-1) ?? 1;
  const x = (value: number): number => SIDE_PX + (value / last) * (widthPx - 2 * SIDE_PX - 60);
  const heightPx = series.length * LANE_PX + FOOT_PX;
  return (
    <svg width={widthPx} height={heightPx} aria-hidden="true">
      {ticks.map((tick) => (
        <g key={tick}>
          <path class="grid" d={`M${x(tick).toFixed(1)} 0V${heightPx - FOOT_PX + 4}`} />
          <text class="tick" x={x(tick)} y={heightPx - 6} text-anchor="middle">
            {tick === last ? `${figure(tick)} ${plot.y}` : figure(tick)}
          </text>
        </g>
      ))}
      {series.map(({ name, points }, lane) => {
        const y = lane * LANE_PX + LABEL_PX + 12;
        return (
          <g key={name}>
            <LaneLabel name={name} lane={lane} widthPx={widthPx} />
            <path class="grid" d={`M${SIDE_PX} ${y}H${x(last)}`} />
            <DotWords points={points} x={x} y={y} widthPx={widthPx} />
            {points.map(([at, value, label], n) => (
              <g key={n}>
                <title>{`${cellText(at)}: ${label ?? ""}`}</title>
                <circle class="dot" cx={x(Number(value) || 0)} cy={y} r={5} />
              </g>
            ))}
          </g>
        );
      })}
    </svg>
  );
};

/** What each dot is, beside it, as far as there is room up to the next; the last one's to its left, where need be. */
const DotWords = ({ points, x, y, widthPx }: DotsWords) => {
  const dots = points
    .map(([, value, label]) => ({ atPx: x(Number(value) || 0), words: String(label ?? "") }))
    .sort((a, b) => a.atPx - b.atPx);
  return (
    <>
      {dots.map(({ atPx, words }, n) => {
        const right = roomFor(words, (dots[n + 1]?.atPx ?? widthPx) - atPx - 20);
        const isLast = n === dots.length - 1;
        const left = isLast && !right ? roomFor(words, (atPx - (dots[n - 1]?.atPx ?? 0)) / 2) : "";
        if (!right && !left) return null;
        return (
          <text
            key={`${atPx} ${words}`}
            class="tick"
            x={right ? atPx + 9 : atPx - 9}
            y={y + 4}
            text-anchor={right ? "start" : "end"}
          >
            {right || left}
          </text>
        );
      })}
    </>
  );
};

const LETTER_PX = 6.3;
const FEWEST = 6; // letters: less says nothing

/** As much of the words as fits; "" of too little. */
function roomFor(words: string, px: number): string {
  const most = Math.floor(px / LETTER_PX);
  if (words.length <= most) return words;
  return most - 4 < FEWEST ? "" : headOf(words, most - 4);
}

interface DotsWords {
  points: readonly Cell[][];
  x: (value: number) => number;
  y: number;
  widthPx: number;
}

const KINDS = { timeline: Timeline, counts: Counts, bars: Bars, dots: DotsPlot };

const STANCES: Record<string, string> = { for: "✓ for", against: "✕ against", conditional: "? on a condition" };

/** Who is for and who is against: names down, matters across. */
const Matrix = ({ plot }: { plot: LedgerPlot }) => {
  const parties = [...new Set(plot.series.flatMap(({ points }) => points.map(([, party]) => String(party))))].sort();
  const saidBy = (series: Series, party: string): string[] =>
    series.points.filter(([, of]) => String(of) === party).map(([, , stance]) => String(stance));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
    <section class="scrolled" tabIndex={0} aria-label={plot.title}>
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">{plot.y}</th>
            {plot.series.map(({ name }) => (
              <th key={name} scope="col">
                <bdi>{name}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parties.slice(0, 3 * MOST_LANES).map((party) => (
            <tr key={party}>
              <th scope="row">
                <bdi>{party}</bdi>
              </th>
              {plot.series.map((series) => (
                <td key={series.name}>
                  {saidBy(series, party).map((stance) => (
                    <bdi key={stance} class="stance">
                      {saidOf(STANCES, stance) ?? stance}
                    </bdi>
                  ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
};
