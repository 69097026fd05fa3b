/** Counts by month and numbers by name, as bars. */

import { figure, headOf } from "./desk_words";
import { cellText } from "./ledger_cells";
import { FOOT_PX, LABEL_PX, LANE_PX, type Lanes, MOST_LANES, SIDE_PX } from "./plot_lanes";

/** How many a month, in a lane for each kind. */
export const Counts = ({ series, widthPx }: Lanes) => {
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
export const Bars = ({ series, widthPx }: Lanes) => {
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
