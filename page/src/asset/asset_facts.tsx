import type { Schemas } from "../api/client";
import { AirText } from "../parts/air_text";
import { countOf } from "../words";
import { assetKindOf, qualityOf, releasabilityOf } from "./asset_words";

/** What the chart says of an asset, and how far that can be trusted. */
export const AssetFacts = ({ said }: { said: Schemas["AssetProperties"] }) => (
  <section aria-labelledby="asset-facts">
    <h3 id="asset-facts">On the chart</h3>
    <dl class="facts">
      <dt>Kind</dt>
      <dd>{assetKindOf(said.kind)}</dd>
      <dt>Owner</dt>
      <dd>
        <AirText text={said.owner} none="not stated" />
      </dd>
      <dt>Capacity</dt>
      <dd>
        <AirText text={said.capacity} none="not stated" />
      </dd>
      <dt>Length</dt>
      <dd>
        {said.length_km === null ? (
          <span class="quiet">not published</span>
        ) : (
          `${countOf(said.length_km)} km, as published`
        )}
      </dd>
      <dt>Ends</dt>
      <dd>
        <AirText text={said.endpoints} none="not stated" />
      </dd>
      <dt>In use since</dt>
      <dd>{said.year ?? <span class="quiet">not stated</span>}</dd>
      <dt>Route</dt>
      <dd>
        {qualityOf(said.geometry_quality, said.error_m)}. {cornersOf(said)}
      </dd>
      <dt>Who may see it</dt>
      <dd>{releasabilityOf(said.releasability)}</dd>
      <dt>Source</dt>
      <dd>
        <AirText text={said.source} none="not stated" />
      </dd>
      <dt>Id</dt>
      <dd class="mono">
        <AirText text={said.id} />
      </dd>
    </dl>
  </section>
);

function cornersOf({ corners, simplified_m }: Schemas["AssetProperties"]): string {
  const drawn = simplified_m
    ? `the line on the map has fewer and is at most ${countOf(simplified_m)} m beside them; judgement uses all`
    : "all are drawn";
  return `${countOf(corners)} ${corners === 1 ? "corner" : "corners"} on the chart, ${drawn}.`;
}
