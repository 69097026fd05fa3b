/** One asset: what it is, how it is, traffic and threat along it, its alerts, who is near. */

import "./asset.css";
import { useEffect } from "preact/hooks";
import { api, type Schemas, told } from "../api/client";
import { ReportsOfAsset } from "../desk/reports_of_asset";
import { fit as whole } from "../map/camera";
import { lay } from "../map/overlay";
import { AirText } from "../parts/air_text";
import { Answer, useAsked } from "../parts/asked";
import { fitAgain, fitOnce } from "../parts/fit_once";
import { useOwnWords } from "../parts/own_words";
import { Panel } from "../parts/panel";
import { AlertsOfAsset } from "./alerts_of_asset";
import { AssetFacts } from "./asset_facts";
import { assetKindOf, nameOf } from "./asset_words";
import { boundsOf, linesOf, pointsOf, widened } from "./geometry";
import { ProfileSection } from "./profile_section";
import { VesselsNear } from "./vessels_near";

type AssetFeature = Schemas["AssetFeature"];
const CORNERS = 2000; // more than the screen has pixels across: 100,000 corners need no more to be drawn

export const AssetPage = ({ id }: { id: string }) => {
  useOwnWords("km", "days");
  const asked = useAsked(
    (signal) =>
      told(
        api.GET("/api/v1/assets/{asset_id}", {
          params: { path: { asset_id: id }, query: { corners: CORNERS } },
          signal,
        }),
      ),
    id,
  );
  const name = asked.data?.properties.name;
  return (
    <Panel title={asked.data ? <AirText text={nameOf(name ?? "", id)} /> : "Asset"}>
      <Answer asked={asked} what="asset">
        {(asset) => <Opened asset={asset} />}
      </Answer>
    </Panel>
  );
};

const Opened = ({ asset }: { asset: AssetFeature }) => {
  const { kind, owner, capacity } = asset.properties;
  useEffect(() => drawn(asset), [asset]);
  return (
    <div class="stack">
      <p class="lead">
        {assetKindOf(kind)}
        {capacity && ", "}
        <AirText text={capacity} />
        {owner && ", "}
        <AirText text={owner} />
      </p>
      <p>
        <button type="button" onClick={() => show(asset)}>
          Show on the map
        </button>
      </p>
      <ProfileSection id={asset.id} isLine={linesOf(asset.geometry).length > 0} />
      <AlertsOfAsset id={asset.id} />
      <ReportsOfAsset id={asset.id} said={asset.properties} />
      <VesselsNear id={asset.id} />
      <AssetFacts said={asset.properties} />
    </div>
  );
};

const around = ({ geometry }: AssetFeature) => boundsOf([...linesOf(geometry).flat(), ...pointsOf(geometry)]);

function show(asset: AssetFeature): void {
  const bounds = around(asset);
  if (bounds) whole(widened(bounds));
}

/** Mark the asset on the map; look there once. Returns how to take it away. */
function drawn(asset: AssetFeature): () => void {
  const bounds = around(asset);
  fitOnce(`asset ${asset.id}`, bounds && widened(bounds));
  lay("asset", {
    lines: linesOf(asset.geometry).map((lonLatDeg) => ({ lonLatDeg, token: "accent", widthPx: 5 })),
    marks: pointsOf(asset.geometry).map(([lonDeg, latDeg]) => ({
      lonDeg,
      latDeg,
      label: "",
      token: "accent",
      shape: "ring" as const,
    })),
  });
  return () => {
    fitAgain(`asset ${asset.id}`);
    lay("asset", null);
  };
}
