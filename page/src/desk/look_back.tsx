/** What the watch found when it looked back over its archive for an incident, with lower thresholds: leads, no findings. */

import { Moment } from "../parts/moment";
import { hrefOf, pathOf } from "../state/url";
import { countOf, kindOf } from "../words";
import { type LookedBack, lookedBackOf } from "./looked_back";

export const LookBack = ({ found }: { found: Record<string, unknown> }) => {
  const said = lookedBackOf(found);
  return (
    <section aria-labelledby="incident-back">
      <h3 id="incident-back">Looked back</h3>
      {said ? <Said said={said} /> : <p class="quiet">The watch has not looked back over its archive for this yet.</p>}
    </section>
  );
};

const Said = ({ said }: { said: LookedBack }) => (
  <>
    <p>
      <bdi>{said.text}</bdi>
    </p>
    {said.counts.length > 0 && (
      <dl class="facts">
        {said.counts.map(([words, count]) => (
          <div key={words} class="pair">
            <dt>{words}</dt>
            <dd>{countOf(count)}</dd>
          </div>
        ))}
      </dl>
    )}
    {said.findings.length > 0 && (
      <details>
        <summary>
          {said.findings.length === 1 ? "One place" : `${countOf(said.findings.length)} places`} that may be worth a
          look
        </summary>
        <p class="quiet">
          Found with lower thresholds than those of an alert. Most such are innocent; none is blamed here.
        </p>
        <ul class="link-rows">
          {said.findings.map((finding) => (
            <li key={`${finding.kind} ${finding.since} ${finding.mmsi}`} class="meeting">
              <p>
                {kindOf(finding.kind)}, <Moment at={finding.since} day />
              </p>
              <p class="quiet">
                <bdi>{finding.text}</bdi>
              </p>
              {finding.mmsi > 0 && (
                <a class="name-link" href={hrefOf(pathOf("vessels", finding.mmsi))}>
                  What was there
                </a>
              )}
            </li>
          ))}
        </ul>
      </details>
    )}
  </>
);
