/** Who and where a vessel is now, as it says; what is old says how old. */

import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { useAssetName } from "../alert/asset_name";
import { Ago } from "../alert/head";
import { Next } from "../alert/next";
import type { Item, Vessel } from "../api/client";
import { AirText } from "../parts/air_text";
import { Level } from "../parts/level";
import { Moment } from "../parts/moment";
import { items } from "../state/alerts";
import { hrefOf, pathOf } from "../state/url";
import { isStale, pictureMs } from "../state/watch";
import { bearingOf, distanceOf, kindOf, positionOf, spanOf, speedOf } from "../words";
import { SILENT_MS } from "./track";
import { flagOf, navStatusOf, typeOf } from "./words";

export const Now = ({ vessel }: { vessel: Vessel }) => (
  <>
    <Heard vessel={vessel} />
    <section class="part" aria-labelledby="now-title">
      <h3 id="now-title">{isSilent(vessel) ? "Where it was when last heard" : "Where it is"}</h3>
      <Where vessel={vessel} />
    </section>
    <OpenAlerts mmsi={vessel.mmsi} />
    <section class="part" aria-labelledby="who-title">
      <h3 id="who-title">Who it says it is</h3>
      <Who vessel={vessel} />
    </section>
  </>
);

/** Not heard for longer than a silence is, or nothing is known of now. */
function isSilent({ place }: Vessel): boolean {
  const now = pictureMs.value;
  return isStale.value || (now !== null && place !== null && now - Date.parse(place.time) >= SILENT_MS);
}

/** How old the newest report is; a vessel that is no longer heard cannot be mistaken for one that is. */
const Heard = ({ vessel }: { vessel: Vessel }) => {
  const now = pictureMs.value;
  if (!vessel.place) return <p class="status-notice">Heard of, but it never said where it is.</p>;
  if (now === null) return null;
  const ageMs = now - Date.parse(vessel.place.time);
  const age = spanOf(ageMs / 1000);
  if (!isSilent(vessel)) return <p class="heard">Heard {age} ago</p>;
  return (
    <p class="status-notice silent">
      <b>Not heard for {age}</b> {isStale.value && "(the watch itself is not heard) "}What follows is as of{" "}
      <Moment at={vessel.place.time} day /> UTC.
    </p>
  );
};

const Where = ({ vessel }: { vessel: Vessel }) => {
  const { place } = vessel;
  const name = useAssetName(vessel.asset ?? "");
  return (
    <>
      {place && (
        <dl class="facts">
          <dt>Position</dt>
          <dd class="mono">{positionOf(place.lon_deg, place.lat_deg)}</dd>
          <dt>Speed</dt>
          <dd>{speedOf(place.sog_kn)}</dd>
          <dt>Course, heading</dt>
          <dd>
            {bearingOf(place.cog_deg)}, {place.heading_deg === null ? "no heading" : bearingOf(place.heading_deg)}
          </dd>
          <dt>Status</dt>
          <dd>{navStatusOf(place.nav_status)}</dd>
          <dt>Last report</dt>
          <dd>
            <Moment at={place.time} day /> UTC{vessel.feed ? ", feed " : ""}
            <AirText text={vessel.feed} />
          </dd>
        </dl>
      )}
      <p>
        {vessel.asset ? (
          <>
            Nearest asset:{" "}
            <a href={hrefOf(pathOf("assets", vessel.asset))}>
              <AirText text={name} />
            </a>
            , {distanceOf(vessel.asset_m)} off
          </>
        ) : (
          place && <span class="quiet">No asset within 10 km.</span>
        )}
      </p>
    </>
  );
};

/** What is open about it, and where it is bound for by the newest of them. */
const OpenAlerts = ({ mmsi }: { mmsi: number }) => {
  const open = useMemo(() => computed(() => openOf([...items.value.values()], mmsi)), [mmsi]).value;
  const bound = open.find((item) => item.alert.next.length > 0 && item.alert.status === "open");
  if (!open.length) return null;
  return (
    <>
      <section class="part" aria-labelledby="open-title">
        <h3 id="open-title">Open alerts</h3>
        <ul class="alerts">
          {open.slice(0, 20).map(({ alert }) => (
            <li key={alert.id}>
              <a href={hrefOf(pathOf("alerts", alert.id))}>
                <Level level={alert.level} />
                <span>
                  {kindOf(alert.kind)}
                  {alert.status !== "open" && ` (${alert.status})`}
                </span>
                <small>
                  <Ago at={alert.raised} />
                </small>
              </a>
            </li>
          ))}
        </ul>
        {open.length > 20 && <p class="quiet">{open.length - 20} more: see all alerts below.</p>}
      </section>
      {bound && <Next alert={bound.alert} />}
    </>
  );
};

const WORST = ["alarm", "warning", "caution"];

const openOf = (all: Item[], mmsi: number): Item[] =>
  all
    .filter((item) => item.alert.vessel.mmsi === mmsi && item.work.state !== "closed")
    .sort(
      (a, b) =>
        WORST.indexOf(a.alert.level) - WORST.indexOf(b.alert.level) || b.alert.raised.localeCompare(a.alert.raised),
    );

const Who = ({ vessel }: { vessel: Vessel }) => (
  <dl class="facts">
    <dt>Name</dt>
    <dd>
      <AirText text={vessel.name} none="never heard to say" />
    </dd>
    <dt>MMSI</dt>
    <dd class="mono">{String(vessel.mmsi).padStart(9, "0")}</dd>
    <dt>IMO</dt>
    <dd class="mono">{vessel.imo ?? "not said"}</dd>
    <dt>Call sign</dt>
    <dd class="mono">
      <AirText text={vessel.callsign} none="not said" />
    </dd>
    <dt>Flag, by its MMSI</dt>
    <dd>{flagOf(vessel.flag)}</dd>
    <dt>Type</dt>
    <dd>{typeOf(vessel.ship_type, vessel.ship_class)}</dd>
    <dt>Size</dt>
    <dd>{sizeOf(vessel)}</dd>
    <dt>Draught</dt>
    <dd>{vessel.draught_m === null ? "not said" : `${vessel.draught_m.toFixed(1)} m`}</dd>
    <dt>Destination</dt>
    <dd>
      <AirText text={vessel.destination} none="not said" />
      {vessel.eta && (
        <>
          , ETA <AirText text={vessel.eta} /> UTC
        </>
      )}
    </dd>
  </dl>
);

function sizeOf({ length_m, beam_m }: Vessel): string {
  if (length_m === null && beam_m === null) return "not said";
  const told = (m: number | null): string => (m === null ? "?" : String(Math.round(m)));
  return `${told(length_m)} × ${told(beam_m)} m`;
}
