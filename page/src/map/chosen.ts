/** What the address of the page names: it stands out on the map. */

import { computed } from "@preact/signals";
import { items } from "../state/alerts";
import { view } from "../state/url";

export interface Chosen {
  vessels: ReadonlySet<number>;
  assets: ReadonlySet<string>;
  zones: ReadonlySet<string>;
}

const NOTHING: Chosen = { vessels: new Set(), assets: new Set(), zones: new Set() };

export const chosen = computed<Chosen>(() => {
  const { name, id } = view.value;
  if (!id) return NOTHING;
  if (name === "vessels") return { ...NOTHING, vessels: new Set([Number(id)]) };
  if (name === "assets") return { ...NOTHING, assets: new Set([id]) };
  if (name === "zones") return { ...NOTHING, zones: new Set([id]) };
  const alert = name === "alerts" ? items.value.get(id)?.alert : undefined;
  if (!alert) return NOTHING;
  return {
    ...NOTHING,
    vessels: new Set(alert.vessel.mmsi ? [alert.vessel.mmsi] : []),
    assets: new Set(alert.assets.map((asset) => asset.id)),
  };
});
