/** Why: the reasons as bars, for and against, with every number as text. */

import type { Alert } from "../api/client";
import { AirText } from "../parts/air_text";
import { stampsInWords } from "../words";
import { type Bar, contributionsOf, oddsOf, signed } from "./contributions";

export const Reasons = ({ alert }: { alert: Alert }) => {
  if (!alert.reasons.length) return null;
  const told = contributionsOf(alert.reasons, alert.score);
  return (
    <section class="part" aria-labelledby="reasons-title">
      <h3 id="reasons-title">Why it was raised</h3>
      <table class="reasons">
        <caption class="quiet">
          Weights are log-odds and add up: +0.7 doubles the odds of a threat, −0.7 halves them.
        </caption>
        <thead>
          <tr>
            <th scope="col">Reason and what was measured</th>
            <th scope="col" class="bar">
              <span>◂ innocent</span>
              <span>threat ▸</span>
            </th>
            <th scope="col" class="number">
              Weight
            </th>
          </tr>
        </thead>
        <tbody>
          {told.bars.map((bar, i) => (
            <ReasonRow key={`${bar.name}/${i}`} bar={bar} zero={told.zero} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              Sum{alert.score !== null && `: score ${Math.round(100 * alert.score)} %`}
            </th>
            <td class="number">{signed(told.sum)}</td>
          </tr>
        </tfoot>
      </table>
      {!told.adds && (
        <p class="quiet">
          The sum alone would be {Math.round(100 * told.sumScore)} %: the score stated was judged with more than these.
        </p>
      )}
    </section>
  );
};

const ReasonRow = ({ bar, zero }: { bar: Bar; zero: number }) => (
  <tr>
    <th scope="row">
      <AirText text={bar.words} />
      {(bar.measured || bar.baseline) && (
        <small>
          <AirText text={stampsInWords(bar.measured)} />
          {bar.measured && bar.baseline && "; "}
          <AirText text={stampsInWords(bar.baseline)} />
        </small>
      )}
    </th>
    <td class="bar">
      <svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
        <rect class={bar.side} x={100 * bar.from} width={Math.max(0, 100 * (bar.to - bar.from))} y="1" height="12" />
        <path class="zero" d={`M${100 * zero} 0V14`} />
      </svg>
    </td>
    <td class="number" title={bar.logOdds === null ? undefined : oddsOf(bar.logOdds)}>
      {bar.logOdds === null ? "none" : signed(bar.logOdds)}
    </td>
  </tr>
);
