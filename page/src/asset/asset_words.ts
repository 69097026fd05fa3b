/** Words for what the chart says of assets. */

import { saidOf } from "../words";

const KINDS: Record<string, string> = {
  power_cable: "power cable",
  telecom_cable: "telecom cable",
  pipeline: "pipeline",
  platform: "platform",
  wind_farm: "wind farm",
  landing_point: "landing point",
};

/** "power_cable" -> "power cable"; unknown kinds as they are, without underscores. */
export const assetKindOf = (kind: string): string =>
  saidOf(KINDS, kind) ?? (kind.replaceAll("_", " ") || "no kind stated");

/** What the quality of a route means for somebody who reads distances from it. */
export function qualityOf(quality: string, errorM: number): string {
  const off = errorM >= 1000 ? `${(errorM / 1000).toFixed(errorM < 10_000 ? 1 : 0)} km` : `${Math.round(errorM)} m`;
  if (quality === "surveyed") return `surveyed: the line is where it lies, to about ${off}`;
  if (quality === "charted") return `charted: taken from a chart; it may lie up to ${off} beside the line`;
  if (quality === "schematic")
    return `schematic: only roughly known; it may lie up to ${off} beside the line. Distances and crossings are not evidence of where it was touched`;
  return `${quality || "not stated"}: it may lie up to ${off} beside the line`;
}

/** Who may see it. */
export function releasabilityOf(releasability: string): string {
  if (releasability === "public") return "public";
  return `${releasability || "not stated"}: not for everybody. Every reading of it is written down`;
}

/** The name, or the id where the name shows nothing: spaces, marks of direction, characters without width. */
export const nameOf = (name: string, id: string): string => (name.replace(/[\p{C}\p{Z}\p{M}]/gu, "") ? name : id);
