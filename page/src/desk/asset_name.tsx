/** Assets by their names, as the chart has them: an officer knows no ids. */

import { nameOf } from "../asset/asset_words";
import { assets } from "../map/charted";

/** The name; the id where the chart does not have it. */
export const AssetName = ({ id }: { id: string }) => {
  const said = assets.value.find(({ properties }) => properties?.id === id)?.properties?.name;
  return <bdi>{typeof said === "string" ? nameOf(said, id) : id}</bdi>;
};

export const AssetNames = ({ ids }: { ids: readonly string[] }) => (
  <>
    {ids.map((id, at) => (
      <span key={id}>
        {at > 0 && ", "}
        <AssetName id={id} />
      </span>
    ))}
  </>
);
