import { useState } from "preact/hooks";
import { api, type Schemas, told } from "../api/client";
import { Answer, useAsked } from "../parts/asked";
import { Level } from "../parts/level";
import { hrefOf, pathOf } from "../state/url";
import { heartbeat } from "../state/watch";
import { shownMs } from "../time/shown";
import { countOf, distanceOf, spanOf, speedOf } from "../words";

const FIRST = 10;
const MOST = 1000;
const ASKED_EVERY_S = 20;
const OLD_S = 600; // a ship under way reports every few seconds, at anchor every three minutes: this one has gone silent

/** Vessels whose nearest asset is this one, as they are now. */
export const VesselsNear = ({ id }: { id: string }) => {
  const asked = useAsked(
    (signal) => told(api.GET("/api/v1/vessels", { params: { query: { asset: id, limit: MOST } }, signal })),
    id,
    ASKED_EVERY_S,
  );
  const silent = heartbeat.value?.feeds.filter((feed) => !feed.healthy) ?? [];
  return (
    <section aria-labelledby="asset-vessels">
      <h3 id="asset-vessels">Vessels near it now</h3>
      {shownMs.value !== null && <p class="quiet">These are of now, not of the time that the map shows.</p>}
      {silent.length > 0 && (
        <p class="outage">
          {silent.length === 1 ? "A feed is" : `${countOf(silent.length)} feeds are`} not heard: vessels may be near and
          not listed. <a href={hrefOf("/feeds")}>See the feeds</a>
        </p>
      )}
      <Answer asked={asked} what="list of vessels">
        {(page) => <Near page={page} />}
      </Answer>
    </section>
  );
};

const Near = ({ page }: { page: Schemas["Vessels"] }) => {
  const [most, setMost] = useState(FIRST);
  const near = [...page.vessels].sort((a, b) => (a.asset_m ?? 1e9) - (b.asset_m ?? 1e9));
  if (!near.length) return <p>None within 10 km has this as its nearest asset.</p>;
  return (
    <>
      <table class="near-table">
        <thead>
          <tr>
            <th scope="col">Vessel</th>
            <th scope="col">From it</th>
            <th scope="col">Speed</th>
            <th scope="col">Heard</th>
          </tr>
        </thead>
        <tbody>
          {near.slice(0, most).map((vessel) => (
            <NearRow key={vessel.mmsi} vessel={vessel} nowMs={Date.parse(page.time)} />
          ))}
        </tbody>
      </table>
      {near.length > most && (
        <button type="button" onClick={() => setMost(most + 50)}>
          Show {countOf(Math.min(50, near.length - most))} more of {countOf(near.length)}
          {page.next === null ? "" : " or more"}
        </button>
      )}
    </>
  );
};

const NearRow = ({ vessel, nowMs }: { vessel: Schemas["Vessel"]; nowMs: number }) => {
  const ageS = vessel.place ? (nowMs - Date.parse(vessel.place.time)) / 1000 : Number.NaN;
  return (
    <tr>
      <th scope="row">
        <a class="name-link" href={hrefOf(pathOf("vessels", vessel.mmsi))}>
          <bdi>{vessel.name || `MMSI ${vessel.mmsi}`}</bdi>
        </a>
        {vessel.level && <Level level={vessel.level} />}
      </th>
      <td>{distanceOf(vessel.asset_m)}</td>
      <td>{speedOf(vessel.place?.sog_kn)}</td>
      <td class={ageS > OLD_S ? "old" : ""}>{Number.isFinite(ageS) ? `${spanOf(ageS)} ago` : "never"}</td>
    </tr>
  );
};
