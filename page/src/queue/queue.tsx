import { Level } from "../parts/level";
import { items, loading } from "../state/alerts";
import { hrefOf, pathOf } from "../state/url";
import { kindOf } from "../words";

/** The alerts to be worked, the worst first. */
export const Queue = () => (
  <nav class="queue" aria-label="Alerts">
    {loading.value && <p>{loading.value}</p>}
    <ol>
      {[...items.value.values()].map(({ alert }) => (
        <li key={alert.id}>
          <a href={hrefOf(pathOf("alerts", alert.id))}>
            <Level level={alert.level} /> {kindOf(alert.kind)} <bdi>{alert.vessel.name || alert.vessel.mmsi}</bdi>
          </a>
        </li>
      ))}
    </ol>
  </nav>
);
