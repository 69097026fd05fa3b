/** Values that several name, as dots. */

import { valueTicks } from "../parts/scales";
import { figure, headOf } from "./desk_words";
import { cellText } from "./ledger_cells";
import { FOOT_PX, LABEL_PX, LANE_PX, LaneLabel, type Lanes, SIDE_PX } from "./plot_lanes";
import type { Cell } from "./records";

/** Who says which value: a lane for each, the value across. */
export const Dots = ({ series, widthPx, plot }: Lanes) => {
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
