/** What an alert is about, in words for a row, a title, an announcement. */

import { computed } from "@preact/signals";
import type { Alert, Item } from "../api/client";
import { items } from "../state/alerts";
import { kindOf, STATE, spanOf } from "../words";

/** Name of the vessel, or its number; an alert about an area has none. */
export const vesselOf = ({ vessel }: Alert): string => vessel.name || (vessel.mmsi ? String(vessel.mmsi) : "no vessel");

/** "Estlink 2 +1". */
export function assetsOf({ assets }: Alert): string {
  const first = assets[0];
  if (!first) return "no asset";
  return (first.name || first.id) + (assets.length > 1 ? ` +${assets.length - 1}` : "");
}

/** Seconds since it was raised, in the time of the picture. */
export const ageS = (alert: Alert, pictureMs: number | null): number =>
  pictureMs === null ? Number.NaN : (pictureMs - Date.parse(alert.raised)) / 1000;

/** The next asset on the vessel's way and how long until then; null = none is ahead. */
export function aheadOf({ next }: Alert, pictureMs: number | null): { asset: string; inS: number } | null {
  if (pictureMs === null) return null;
  const ahead = next.map(({ asset, eta }) => ({ asset, inS: (Date.parse(eta) - pictureMs) / 1000 }));
  return ahead.filter(({ inS }) => inS > 0).sort((a, b) => a.inS - b.inS)[0] ?? null;
}

/** "in hand: ben", "closed: innocent, engine trouble". */
export function standOf({ work }: Item): string {
  if (work.state === "closed")
    return ["closed", [work.disposition.replaceAll("_", " "), work.cause || work.handed_to].filter(Boolean).join(", ")]
      .filter(Boolean)
      .join(": ");
  const whom = work.state === "escalated" ? work.escalated_to : work.assigned_to;
  return whom ? `${STATE[work.state]}: ${whom}` : STATE[work.state];
}

/** "anchor drag": what tells it from other kinds, in a row; in full on its page. */
export const briefKindOf = (kind: string): string => kindOf(kind).replace(/ (under way|on the asset|the asset)$/, "");

/** "12 min", "3.5 h", "2.1 d"; "?" where the time of the picture is not known or is before the alert. */
export function ageText(seconds: number): string {
  if (!(seconds >= -60)) return "?";
  if (seconds < 3600) return spanOf(seconds);
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} d`;
}

/** Why, in one line: the first sentence of the explanation. */
export const reasonOf = ({ explanation }: Alert): string => explanation.split(/(?<=[.!?])\s/, 1)[0] ?? explanation;

/** Names of the assets that alerts speak of, by id. */
export const assetNames = computed(() => {
  const found = new Map<string, string>();
  for (const { alert } of items.value.values()) for (const { id, name } of alert.assets) if (name) found.set(id, name);
  return found;
});

/** Name of an asset as far as alerts have named it; else its id. */
export const assetNameOf = (id: string): string => assetNames.value.get(id) ?? id;
