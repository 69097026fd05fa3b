/** An incident in time: when it is said to have happened, when it was told, when the watch raised alerts. */

import { useWidth } from "../parts/width";
import { dayTicks, timeScale } from "./plot_scale";
import type { IncidentRecord } from "./records";
import "./plot.css";

const LANE_PX = 36;
const FOOT_PX = 24;
const SIDE_PX = 14;

export const IncidentTimes = ({ incident }: { incident: IncidentRecord }) => {
  const [box, widthPx] = useWidth(400);
  const told = msOf(incident.report_records.map((report) => report.published ?? report.received));
  const alerts = msOf(incident.alert_records.map((alert) => alert.raised));
  const when = msOf([incident.since, incident.until]);
  const all = [...told, ...alerts, ...when];
  // One moment makes no picture: the words above have it.
  if (new Set(all).size < 2) return null;
  const lanes = [when, told, alerts].filter((lane) => lane.length > 0);
  const topOf = (lane: number[]): number => lanes.indexOf(lane) * LANE_PX;
  const heightPx = lanes.length * LANE_PX + FOOT_PX;
  const scale = timeScale(all);
  const x = (ms: number): number =>
    SIDE_PX + ((ms - scale.fromMs) / (scale.untilMs - scale.fromMs)) * (widthPx - 2 * SIDE_PX);
  const [from, until] = [when[0], when.at(-1)];
  return (
    <section aria-labelledby="incident-times">
      <h3 id="incident-times">In time</h3>
      <div
        class="ledger-plot"
        ref={box}
        role="img"
        aria-label={`Timeline: ${told.length} reports, ${alerts.length} alerts. The lists below have them.`}
      >
        <svg width={widthPx} height={heightPx} aria-hidden="true">
          {dayTicks(scale.fromMs, scale.untilMs, Math.max(2, Math.floor(widthPx / 90))).map(({ ms, words }) => (
            <g key={ms}>
              <path class="grid" d={`M${x(ms).toFixed(1)} 0V${heightPx - FOOT_PX + 4}`} />
              <text class="tick" x={Math.min(Math.max(x(ms), 24), widthPx - 24)} y={heightPx - 6} text-anchor="middle">
                {words}
              </text>
            </g>
          ))}
          {from !== undefined && until !== undefined && (
            <Lane words="said to have happened" y={topOf(when)}>
              <Interval
                from={incident.since ? x(from) : SIDE_PX}
                until={incident.until ? x(until) : widthPx - SIDE_PX}
                isOpen={!incident.since || !incident.until}
              />
            </Lane>
          )}
          {told.length > 0 && (
            <Lane words={told.length === 1 ? "1 report" : `${told.length} reports`} y={topOf(told)}>
              {told.map((ms, n) => (
                <circle key={n} class="dot hollow" cx={x(ms)} cy={25} r={5} />
              ))}
            </Lane>
          )}
          {alerts.length > 0 && (
            <Lane words="alerts of the watch" y={topOf(alerts)}>
              {alerts.map((ms, n) => (
                <path key={n} class="dot" d={`M${x(ms).toFixed(1)} 19l6 11h-12z`} />
              ))}
            </Lane>
          )}
        </svg>
      </div>
    </section>
  );
};

/** Dashed where one end of it is not known. */
const Interval = ({ from, until, isOpen }: { from: number; until: number; isOpen: boolean }) => (
  <rect class={isOpen ? "open" : "bar"} x={from} y={20} width={Math.max(6, until - from)} height={10} rx={3} />
);

const Lane = ({ words, y, children }: { words: string; y: number; children: preact.ComponentChildren }) => (
  <g transform={`translate(0 ${y})`}>
    <text class="lane" x={4} y={14}>
      {words}
    </text>
    {children}
  </g>
);

const msOf = (times: readonly (string | null)[]): number[] =>
  times.flatMap((at) => (at && Number.isFinite(Date.parse(at)) ? [Date.parse(at)] : []));
