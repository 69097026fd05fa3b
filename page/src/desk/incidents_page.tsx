/** What is said to have happened to assets, the latest first. */

import "./desk.css";
import { Answer, useAsked } from "../parts/asked";
import { More } from "../parts/more";
import { useOwnWords } from "../parts/own_words";
import { Panel } from "../parts/panel";
import { ask, hrefOf, pathOf, place } from "../state/url";
import { countOf } from "../words";
import { incidentsOf } from "./ask";
import { DeskNav } from "./desk_nav";
import { aboutOf, intervalOf, isOpen, signOf, stateOf } from "./incident_words";
import type { Incident } from "./records";

export const IncidentsPage = () => {
  useOwnWords("done");
  const answer = useAsked(incidentsOf, "incidents", 60);
  return (
    <Panel title="Incidents">
      <DeskNav />
      <div class="stack">
        <p class="quiet">
          Something happened to an asset, or is said to have. “Reported, unobserved” means: a text says so, and the
          watch has seen nothing of it. It accuses no vessel.
        </p>
        <Answer asked={answer} what="list of incidents">
          {(incidents) => <Found incidents={incidents} />}
        </Answer>
      </div>
    </Panel>
  );
};

const Found = ({ incidents }: { incidents: readonly Incident[] }) => {
  const withClosed = place.value.query.get("done") === "1";
  const rows = incidents.filter((incident) => withClosed || isOpen(incident));
  return (
    <>
      <p>
        <button type="button" aria-pressed={withClosed} onClick={() => ask({ done: withClosed ? null : "1" }, "push")}>
          With closed ones
        </button>
      </p>
      <p role="status" class="quiet">
        {rows.length
          ? `${countOf(rows.length)} ${rows.length === 1 ? "incident" : "incidents"}.`
          : "No report that was read tells of damage to an asset."}
      </p>
      <More rows={rows}>
        {(shown) => (
          <ul class="link-rows">
            {shown.map((incident) => (
              <li key={incident.id}>
                <IncidentRow incident={incident} />
              </li>
            ))}
          </ul>
        )}
      </More>
    </>
  );
};

export const IncidentRow = ({ incident }: { incident: Incident }) => (
  <a class="asset-row" href={hrefOf(pathOf("incidents", incident.id))}>
    <span class="incident-sign" aria-hidden="true">
      {signOf(incident.state)}
    </span>
    <span class="name-words">
      <bdi>{aboutOf(incident)}</bdi>
      <span class="quiet">
        {stateOf(incident.state)}; {intervalOf(incident)}; {incident.reports.length}{" "}
        {incident.reports.length === 1 ? "report" : "reports"}
      </span>
    </span>
  </a>
);
