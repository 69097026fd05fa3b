import type { Alert } from "../api/client";
import { AirText } from "../parts/air_text";

/** Innocent explanations, each with what would confirm it. */
export const Alternatives = ({ alert }: { alert: Alert }) =>
  alert.alternatives.length === 0 ? null : (
    <section class="part" aria-labelledby="alternatives-title">
      <h3 id="alternatives-title">What else it may be</h3>
      <dl class="alternatives">
        {alert.alternatives.map((other) => (
          <div key={other.cause}>
            <dt>
              <AirText text={other.cause.replaceAll("_", " ")} />
            </dt>
            <dd>
              <span class="quiet">To confirm: </span>
              <AirText text={other.check} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
