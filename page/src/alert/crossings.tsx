import { AirText } from "../parts/air_text";
import { Moment } from "../parts/moment";
import { hrefOf, pathOf } from "../state/url";
import { showTime } from "../time/shown";
import { spanOf, speedOf } from "../words";
import type { Evidence } from "./evidence";

/** What it passed over, in order of time; numbers as in the plot and on the map. */
export const Crossings = ({ evidence }: { evidence: Evidence }) =>
  evidence.crossings.length === 0 ? (
    <p>It passed over no asset in this time.</p>
  ) : (
    <table class="small">
      <caption>Passed over</caption>
      <thead>
        <tr>
          <th scope="col">×</th>
          <th scope="col">Time</th>
          <th scope="col">Asset</th>
          <th scope="col" class="number">
            KP km
          </th>
          <th scope="col" class="number">
            Speed
          </th>
        </tr>
      </thead>
      <tbody>
        {evidence.crossings.map((crossing, i) => (
          <tr key={`${crossing.time}${crossing.asset}`}>
            <td>{i + 1}</td>
            <td>
              <button
                type="button"
                class="plain"
                title="Show the sea at this time"
                onClick={() => showTime(Date.parse(crossing.time))}
              >
                <Moment at={crossing.time} />
              </button>
              {crossing.between_s > 600 && <small>between reports {spanOf(crossing.between_s)} apart</small>}
            </td>
            <td>
              <a href={hrefOf(pathOf("assets", crossing.asset))}>
                <AirText text={crossing.name || crossing.asset} />
              </a>
            </td>
            <td class="number">{crossing.kp_km.toFixed(1)}</td>
            <td class="number">{speedOf(crossing.sog_kn)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );

export const Silences = ({ evidence }: { evidence: Evidence }) =>
  evidence.gaps.length === 0 ? null : (
    <table class="small">
      <caption>Nothing heard of it</caption>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">Until</th>
          <th scope="col" class="number">
            For
          </th>
        </tr>
      </thead>
      <tbody>
        {evidence.gaps.map((gap) => (
          <tr key={gap.since}>
            <td>
              <Moment at={gap.since} />
            </td>
            <td>
              <Moment at={gap.until} />
            </td>
            <td class="number">{spanOf((Date.parse(gap.until) - Date.parse(gap.since)) / 1000)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
