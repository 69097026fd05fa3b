/** One zone: what it is, and what it asks of vessels, in sentences. */

import "./asset.css";
import { useEffect } from "preact/hooks";
import { api, type Schemas, told } from "../api/client";
import { fit as whole } from "../map/camera";
import { lay } from "../map/overlay";
import { AirText } from "../parts/air_text";
import { Answer, useAsked } from "../parts/asked";
import { fitAgain, fitOnce } from "../parts/fit_once";
import { Panel } from "../parts/panel";
import { items } from "../state/alerts";
import { hrefOf } from "../state/url";
import { countOf } from "../words";
import { AlertRow } from "./alert_row";
import { nameOf } from "./asset_words";
import { boundsOf, linesOf, widened } from "./geometry";
import { rulesInWords, zoneMeaning } from "./zone_words";

type Zone = Schemas["ZoneFeature"];
const CORNERS = 2000;
const MOST_ALERTS = 20;

export const ZonePage = ({ id }: { id: string }) => {
  const asked = useAsked(
    (signal) =>
      told(
        api.GET("/api/v1/zones/{zone_id}", { params: { path: { zone_id: id }, query: { corners: CORNERS } }, signal }),
      ),
    id,
  );
  const name = asked.data?.properties.name;
  return (
    <Panel title={asked.data ? <AirText text={nameOf(name ?? "", id)} /> : "Zone"}>
      <Answer asked={asked} what="zone">
        {(zone) => <Opened zone={zone} />}
      </Answer>
      <p>
        <a class="button" href={hrefOf("/zones")}>
          All zones
        </a>
      </p>
    </Panel>
  );
};

const Opened = ({ zone }: { zone: Zone }) => {
  const said = zone.properties;
  const rules = rulesInWords(said.rules);
  useEffect(() => drawn(zone), [zone]);
  return (
    <div class="stack">
      <p class="lead">{said.zone_kind.replaceAll("_", " ")}</p>
      <section aria-labelledby="zone-rules">
        <h3 id="zone-rules">What it asks of vessels</h3>
        {rules.length > 0 ? (
          <ul>
            {rules.map((rule) => (
              <li key={rule}>{rule}</li>
            ))}
          </ul>
        ) : (
          <p>Nothing: it has no rules. {zoneMeaning(said.zone_kind)}</p>
        )}
        {rules.length > 0 && <p class="quiet">{zoneMeaning(said.zone_kind)}</p>}
      </section>
      <AlertsOfZone zone={zone} />
      <section aria-labelledby="zone-facts">
        <h3 id="zone-facts">On the chart</h3>
        <dl class="facts">
          <dt>Border</dt>
          <dd>
            {countOf(said.corners)} corners
            {said.simplified_m ? `, drawn to ${countOf(said.simplified_m)} m` : ""}
          </dd>
          <dt>Source</dt>
          <dd>
            <AirText text={said.source} none="not stated" />
          </dd>
          <dt>Id</dt>
          <dd class="mono">
            <AirText text={said.id} />
          </dd>
        </dl>
        <p>
          <button type="button" onClick={() => show(zone)}>
            Show on the map
          </button>
        </p>
      </section>
    </div>
  );
};

/** Open alerts that name the zone as what was crossed or breached. */
const AlertsOfZone = ({ zone }: { zone: Zone }) => {
  const found = [...items.value.values()].filter(
    (item) => item.work.state !== "closed" && item.alert.extra?.zone === zone.id,
  );
  if (!found.length) return null;
  return (
    <section aria-labelledby="zone-alerts">
      <h3 id="zone-alerts">Open alerts ({countOf(found.length)})</h3>
      <ul class="link-rows">
        {found.slice(0, MOST_ALERTS).map((item) => (
          <li key={item.alert.id}>
            <AlertRow item={item} />
          </li>
        ))}
      </ul>
    </section>
  );
};

function show(zone: Zone): void {
  const bounds = boundsOf(linesOf(zone.geometry).flat());
  if (bounds) whole(widened(bounds));
}

function drawn(zone: Zone): () => void {
  const lines = linesOf(zone.geometry);
  const bounds = boundsOf(lines.flat());
  fitOnce(`zone ${zone.id}`, bounds && widened(bounds));
  lay("zone", { lines: lines.map((lonLatDeg) => ({ lonLatDeg, token: "accent", widthPx: 3 })) });
  return () => {
    fitAgain(`zone ${zone.id}`);
    lay("zone", null);
  };
}
