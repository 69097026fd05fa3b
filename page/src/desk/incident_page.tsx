/** One incident: what is said, when and where, what the watch has of that time. It accuses nobody. */

import "./desk.css";
import { useEffect } from "preact/hooks";
import { fit as whole } from "../map/camera";
import { AirText } from "../parts/air_text";
import { Answer, useAsked } from "../parts/asked";
import { Moment } from "../parts/moment";
import { Panel } from "../parts/panel";
import { hrefOf, pathOf } from "../state/url";
import { kindOf, LEVELS, positionOf, SHAPE } from "../words";
import { incidentOf } from "./ask";
import { AssetName } from "./asset_name";
import { DeskNav } from "./desk_nav";
import { boundsOf } from "./incident_bounds";
import { layIncident } from "./incident_place";
import { IncidentTimes } from "./incident_times";
import { aboutOf, intervalOf, signOf, stateOf } from "./incident_words";
import { LookBack } from "./look_back";
import type { IncidentAlert, IncidentRecord } from "./records";
import { ReportRow } from "./report_row";

export const IncidentPage = ({ id }: { id: string }) => {
  const answer = useAsked((stop) => incidentOf(id, stop), id, 60);
  return (
    <Panel title="Incident">
      <DeskNav />
      <Answer asked={answer} what="incident">
        {(incident) => <Opened incident={incident} />}
      </Answer>
      <p>
        <a class="button" href={hrefOf("/incidents")}>
          All incidents
        </a>
      </p>
    </Panel>
  );
};

const Opened = ({ incident }: { incident: IncidentRecord }) => {
  const bounds = boundsOf(incident);
  useEffect(() => layIncident(incident), [incident]);
  return (
    <div class="stack">
      <section aria-labelledby="incident-head">
        <h3 id="incident-head" class="lead">
          <span class="incident-sign" aria-hidden="true">
            {signOf(incident.state)}
          </span>{" "}
          <bdi>{aboutOf(incident)}</bdi>
        </h3>
        <p>
          <strong class="incident-state">{stateOf(incident.state)}</strong>
        </p>
        {incident.state === "reported" && (
          <p class="outage">A text says so. The watch itself has seen nothing of it, and no vessel is accused.</p>
        )}
      </section>
      <Facts incident={incident} />
      {bounds && (
        <p>
          <button type="button" onClick={() => whole(bounds)}>
            Show on the map
          </button>
        </p>
      )}
      <IncidentTimes incident={incident} />
      <LookBack found={incident.looked_back} />
      <Alerts alerts={incident.alert_records} />
      <section aria-labelledby="incident-reports">
        <h3 id="incident-reports">Reports of it</h3>
        <ul class="link-rows">
          {incident.report_records.map((report) => (
            <li key={report.id}>
              <ReportRow report={report} />
            </li>
          ))}
        </ul>
      </section>
      {incident.notes.length > 0 && (
        <section aria-labelledby="incident-notes">
          <h3 id="incident-notes">Notes</h3>
          {incident.notes.map((note) => (
            <p key={note}>
              <bdi>{note}</bdi>
            </p>
          ))}
        </section>
      )}
    </div>
  );
};

const Facts = ({ incident }: { incident: IncidentRecord }) => (
  <section aria-labelledby="incident-facts">
    <h3 id="incident-facts">What is said</h3>
    <dl class="facts">
      <dt>Asset</dt>
      <dd>
        {incident.asset ? (
          <a class="name-link" href={hrefOf(pathOf("assets", incident.asset))}>
            <AssetName id={incident.asset} />
          </a>
        ) : (
          "not named so that the chart knows it"
        )}
      </dd>
      {!incident.asset && incident.candidates.length > 0 && (
        <>
          <dt>It may be</dt>
          <dd class="names-in-row">
            {incident.candidates.map((id) => (
              <a key={id} class="name-link" href={hrefOf(pathOf("assets", id))}>
                <AssetName id={id} />
              </a>
            ))}
          </dd>
        </>
      )}
      <dt>When</dt>
      <dd>{incident.since || incident.until ? intervalOf(incident) : "not known"}</dd>
      <dt>Where</dt>
      <dd>
        <AirText text={incident.place} none="not said" />
        {incident.lon_deg !== null && incident.lat_deg !== null && (
          <span class="mono">
            {" "}
            {positionOf(incident.lon_deg, incident.lat_deg)}
            {incident.radius_km !== null && `, within ${Math.round(incident.radius_km)} km`}
          </span>
        )}
      </dd>
      {incident.notices.length > 0 && (
        <>
          <dt>Outage notices</dt>
          <dd>
            <bdi>{incident.notices.join(", ")}</bdi>
          </dd>
        </>
      )}
      <dt>Opened</dt>
      <dd>
        <Moment at={incident.opened} day />
      </dd>
      <dt>Id</dt>
      <dd class="mono">{incident.id}</dd>
    </dl>
  </section>
);

const Alerts = ({ alerts }: { alerts: readonly IncidentAlert[] }) => (
  <section aria-labelledby="incident-alerts">
    <h3 id="incident-alerts">Alerts of the watch near that time and place</h3>
    {alerts.length === 0 ? (
      <p class="quiet">None.</p>
    ) : (
      <p class="quiet">They were raised for reasons of their own. That one was near says nothing of who did what.</p>
    )}
    <ul class="link-rows">
      {alerts.map((alert) => (
        <li key={alert.id}>
          <a class="asset-row" href={hrefOf(pathOf("alerts", alert.id))}>
            <span class={`level ${levelOf(alert)}`}>
              <span aria-hidden="true">{SHAPE[levelOf(alert)]}</span> {levelOf(alert)}
            </span>
            <span class="name-words">
              <span>
                {kindOf(alert.kind)}, <Moment at={alert.raised} day />
              </span>
              <bdi class="quiet">{alert.explanation}</bdi>
            </span>
          </a>
        </li>
      ))}
    </ul>
  </section>
);

const levelOf = ({ level }: IncidentAlert) => LEVELS.find((known) => known === level) ?? "caution";
