/** Where sources disagree: their values side by side. Nothing is chosen, nothing is corrected. */

import { hrefOf, pathOf } from "../state/url";
import type { Contradiction } from "./records";

export const Contradictions = ({ of, none = "" }: { of: readonly Contradiction[]; none?: string }) => {
  if (!of.length) return none ? <p class="quiet">{none}</p> : null;
  return (
    <section aria-labelledby="contradictions">
      <h3 id="contradictions">Sources disagree</h3>
      {of.map((one) => (
        <section key={`${one.about} ${one.sides.map((side) => side.value).join()}`} class="contradiction">
          <h4>
            <bdi>{one.about}</bdi>
          </h4>
          <ul class="sides">
            {one.sides.map((side) => (
              <li key={`${side.report} ${side.value}`}>
                <strong>
                  <bdi>{side.value}</bdi>
                </strong>
                <a class="name-link" href={hrefOf(pathOf("reports", side.report))}>
                  “<bdi>{side.quote}</bdi>”
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
};
