/** What the watch found when it looked back over its archive for an incident, with lower thresholds. */

import { foundWords, keyWords } from "./incident_words";

export const LookBack = ({ found }: { found: Record<string, unknown> }) => {
  const said = Object.entries(found).filter(([key]) => key !== "why");
  return (
    <section aria-labelledby="incident-back">
      <h3 id="incident-back">Looked back</h3>
      {said.length === 0 ? (
        <p class="quiet">The watch has not looked back over its archive for this yet.</p>
      ) : (
        <p class="quiet">Over the archive there and then, with lower thresholds: what follows is a lead, no finding.</p>
      )}
      <dl class="facts">
        {said.map(([key, value]) => (
          <Found key={key} name={key} value={value} />
        ))}
      </dl>
    </section>
  );
};

const MOST = 50;

const Found = ({ name, value }: { name: string; value: unknown }) => (
  <>
    <dt>{keyWords(name)}</dt>
    <dd>
      {Array.isArray(value) && value.length > 0 ? (
        <ul class="plain">
          {value.slice(0, MOST).map((one) => (
            <li key={foundWords(one)}>
              <bdi>{foundWords(one)}</bdi>
            </li>
          ))}
        </ul>
      ) : (
        <bdi>{foundWords(value)}</bdi>
      )}
    </dd>
  </>
);
