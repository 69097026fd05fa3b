/** An incident in time: when it is said to have happened, when it was told, when the watch raised alerts. */

import { useWidth } from "../parts/width";
import { dayTicks, timeScale } from "./plot_scale";
import type { IncidentRecord } from "./records";
import "./plot.css";

const HEIGHT_PX = 132;
const SIDE_PX = 14;

export const IncidentTimes = ({ incident }: { incident: IncidentRecord }) => {
  const [box, widthPx] = useWidth(400);
  const told = msOf(incident.report_records.map((report) => report.published ?? report.received));
  const alerts = msOf(incident.alert_records.map((alert) => alert.raised));
  const when = msOf([incident.since, incident.until]);
  const all = [...told, ...alerts, ...when];
  if (!all.length) return null;
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
        <svg width={widthPx} height={HEIGHT_PX} aria-hidden="true">
          {dayTicks(scale.fromMs, scale.untilMs, Math.max(2, Math.floor(widthPx / 90))).map(({ ms, words }) => (
            <g key={ms}>
              <path class="grid" d={`M${x(ms).toFixed(1)} 0V${HEIGHT_PX - 20}`} />
              <text class="tick" x={Math.min(Math.max(x(ms), 24), widthPx - 24)} y={HEIGHT_PX - 6} text-anchor="middle">
                {words}
              </text>
            </g>
          ))}
          <Lane words="said to have happened" y={14}>
            {from !== undefined && until !== undefined && (
              <Interval
                from={incident.since ? x(from) : SIDE_PX}
                until={incident.until ? x(until) : widthPx - SIDE_PX}
                isOpen={!incident.since || !incident.until}
              />
            )}
          </Lane>
          <Lane words="reports" y={50}>
            {told.map((ms) => (
              <circle key={ms} class="dot hollow" cx={x(ms)} cy={61} r={5} />
            ))}
          </Lane>
          <Lane words="alerts of the watch" y={86}>
            {alerts.map((ms) => (
              <path key={ms} class="dot" d={`M${x(ms).toFixed(1)} 91l6 11h-12z`} />
            ))}
          </Lane>
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
  <g>
    <text class="lane" x={4} y={y}>
      {words}
    </text>
    {children}
  </g>
);

const msOf = (times: readonly (string | null)[]): number[] =>
  times.flatMap((at) => (at && Number.isFinite(Date.parse(at)) ? [Date.parse(at)] : []));
