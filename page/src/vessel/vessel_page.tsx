/** One vessel: who it says it is and said it was, where it is and was, and what was raised about it. */

import { useEffect } from "preact/hooks";
import { api, type Schemas, Trouble, told, type Vessel } from "../api/client";
import { flyTo } from "../map/camera";
import { AirText } from "../parts/air_text";
import { Answer, useAsked } from "../parts/asked";
import { fitAgain } from "../parts/fit_once";
import { Panel } from "../parts/panel";
import { ShareButton } from "../share/share_button";
import { hrefOf } from "../state/url";
import { IdentityPart, Listings } from "./identity";
import { Now } from "./now";
import { PastAlerts } from "./past_alerts";
import { Silences } from "./silences";
import { TrackPart } from "./track_part";
import "../alert/alert.css";
import "./vessel.css";
import { mmsiNote } from "./words";

export const VesselPage = ({ id }: { id: string }) => {
  if (!/^\d{1,9}$/.test(id)) return <NoMmsi id={id} />;
  return <Known mmsi={Number(id)} />;
};

// A vessel under way reports every few seconds; a page that is read needs no more than this.
const EVERY_S = 10;

const Known = ({ mmsi }: { mmsi: number }) => {
  const vessel = useAsked((stop) => vesselOf(mmsi, stop), String(mmsi), EVERY_S);
  const identity = useAsked(
    (stop) => told(api.GET("/api/v1/vessels/{mmsi}/identity", { params: { path: { mmsi } }, signal: stop })),
    String(mmsi),
    6 * EVERY_S,
  );
  useEffect(() => () => fitAgain(`vessel/${mmsi}`), [mmsi]);
  const now = vessel.data?.vessel ?? null;
  const name = now?.name || lastName(identity.data);
  return (
    <Panel title={<AirText text={name} none={`MMSI ${String(mmsi).padStart(9, "0")}`} />}>
      <article class="record">
        <Numbers mmsi={mmsi} vessel={now} />
        <Answer asked={vessel} what="vessel">
          {({ vessel: found }) => (found ? <Now vessel={found} /> : <NotHeard />)}
        </Answer>
        {vessel.data && <TrackPart mmsi={mmsi} lastHeard={now?.place?.time ?? null} />}
        <Answer asked={identity} what="identity">
          {(said) => (
            <>
              <IdentityPart identity={said} />
              <Listings identity={said} />
            </>
          )}
        </Answer>
        <PastAlerts mmsi={mmsi} counts={identity.data?.alerts ?? null} />
        <Silences mmsi={mmsi} />
      </article>
    </Panel>
  );
};

const Numbers = ({ mmsi, vessel }: { mmsi: number; vessel: Vessel | null }) => {
  const note = mmsiNote(mmsi);
  return (
    <>
      <div class="row">
        {vessel?.place && <ShowOnMap place={vessel.place} />}
        <ShareButton what="vessel" />
      </div>
      {note && <p class="status-notice">{note}</p>}
    </>
  );
};

const ShowOnMap = ({ place }: { place: Schemas["Place"] }) => (
  <button type="button" onClick={() => flyTo(place.lon_deg, place.lat_deg, 11)}>
    Show on the map
  </button>
);

const NotHeard = () => (
  <p class="status-notice ended">
    <b>Not in the picture</b> Nothing was heard of it since the watch was started, or it has been silent for too long.
    What is known of earlier is below.
  </p>
);

const NoMmsi = ({ id }: { id: string }) => (
  <Panel title="No such vessel">
    <div class="record">
      <p>
        <bdi class="mono">{id.slice(0, 60)}</bdi> is no MMSI: that is a number of up to nine digits.
      </p>
      <p class="row">
        <a class="button" href={hrefOf("/search")}>
          Search by name, call sign or IMO
        </a>
      </p>
    </div>
  </Panel>
);

/** vessel null = the watch has none of this number now. */
async function vesselOf(mmsi: number, stop: AbortSignal): Promise<{ vessel: Vessel | null }> {
  try {
    return { vessel: await told(api.GET("/api/v1/vessels/{mmsi}", { params: { path: { mmsi } }, signal: stop })) };
  } catch (error) {
    if (error instanceof Trouble && error.status === 404) return { vessel: null };
    throw error;
  }
}

const lastName = (identity: Schemas["Identity"] | null): string =>
  identity?.said.find((said) => said.field === "name")?.value ?? "";
