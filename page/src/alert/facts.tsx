/** The vessel and the assets with links, and what identifies the alert itself. */

import type { Alert } from "../api/client";
import { AirText } from "../parts/air_text";
import { Moment } from "../parts/moment";
import { hrefOf, pathOf } from "../state/url";
import { flagOf, typeOf } from "../vessel/words";
import { positionOf } from "../words";
import { offOf } from "./revisions";

export const Involved = ({ alert }: { alert: Alert }) => (
  <section class="part" aria-labelledby="involved-title">
    <h3 id="involved-title">Vessel and assets</h3>
    <VesselLine alert={alert} />
    {alert.assets.length > 0 && (
      <table class="small">
        <thead>
          <tr>
            <th scope="col">Asset</th>
            <th scope="col">How near</th>
            <th scope="col" class="number">
              KP km
            </th>
          </tr>
        </thead>
        <tbody>
          {alert.assets.map((asset) => (
            <tr key={asset.id}>
              <td>
                <a href={hrefOf(pathOf("assets", asset.id))}>
                  <AirText text={asset.name || asset.id} />
                </a>
                <small>
                  {asset.kind.replaceAll("_", " ")}
                  {asset.geometry ? `, route ${asset.geometry}` : ""}
                </small>
              </td>
              <td>
                {asset.crossed ? (
                  <>
                    crossed <Moment at={asset.crossed} />
                  </>
                ) : (
                  offOf(asset.distance_m)
                )}
              </td>
              <td class="number">{asset.kp_km === null ? "" : asset.kp_km.toFixed(1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
);

const VesselLine = ({ alert: { vessel, position } }: { alert: Alert }) => {
  if (!vessel.mmsi)
    return <p>This alert is not about one vessel{position ? `: ${positionOf(position.lon, position.lat)}` : ""}.</p>;
  return (
    <p class="vessel-line">
      <a class="button" href={hrefOf(pathOf("vessels", vessel.mmsi))}>
        <AirText text={vessel.name} none={`MMSI ${vessel.mmsi}`} />
      </a>
      <span>
        {typeOf(vessel.ship_type, vessel.ship_class ?? "")}
        {vessel.length_m ? `, ${Math.round(vessel.length_m)} m` : ""}, {flagOf(vessel.flag)}
        <small class="mono">
          MMSI {String(vessel.mmsi).padStart(9, "0")}
          {vessel.imo ? `, IMO ${vessel.imo}` : ""}
          {vessel.callsign ? ", " : ""}
          <AirText text={vessel.callsign} />
        </small>
      </span>
    </p>
  );
};

export const Facts = ({ alert }: { alert: Alert }) => (
  <section class="part" aria-labelledby="facts-title">
    <h3 id="facts-title">About this alert</h3>
    <dl class="facts">
      <dt>Id</dt>
      <dd class="mono">{alert.id}</dd>
      <dt>Revision</dt>
      <dd>{alert.revision}</dd>
      <dt>Position</dt>
      <dd class="mono">{alert.position ? positionOf(alert.position.lon, alert.position.lat) : "none"}</dd>
      <dt>Detectors</dt>
      <dd>{alert.detectors.map((name) => name.replaceAll("_", " ")).join(", ")}</dd>
      <dt>Rules</dt>
      <dd class="mono">{alert.ruleset}</dd>
    </dl>
  </section>
);
