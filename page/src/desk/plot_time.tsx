/** A timeline of a ledger. */

import { cellText } from "./ledger_cells";
import { FOOT_PX, LABEL_PX, LANE_PX, LaneLabel, type Lanes, SIDE_PX } from "./plot_lanes";
import { dayTicks, timeMs, timeScale } from "./plot_scale";

const UNDATED_PX = 84;
const WORD_PX = 40; // half of the words under a line

/** Beginnings, and ends where they are told. */
function spanOf(series: Lanes["series"]): ReturnType<typeof timeScale> {
  const points = series.flatMap((one) => one.points);
  const ends = points.map(([, , , until]) => timeMs(until)).filter(Number.isFinite);
  return timeScale([...points.map(([at]) => timeMs(at)), ...ends]);
}

/** When, in a lane for each name; what has no date stands beside. */
export const Timeline = ({ series, widthPx }: Lanes) => {
  const scale = spanOf(series);
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
          {x(ms) < right - (scale.hasUndated ? WORD_PX : 0) && (
            <text
              class="tick"
              x={Math.min(Math.max(x(ms), WORD_PX / 2), right - WORD_PX / 2)}
              y={heightPx - 6}
              text-anchor="middle"
            >
              {words}
            </text>
          )}
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
