/** Where an incident is said to be: pure. */

import type { Feature } from "geojson";
import { type LonLat, linesOf, pointsOf } from "../asset/geometry";
import type { BoundsDeg } from "../map/camera";
import type { OverlayMark } from "../map/overlay";
import { isOpen } from "./incident_words";
import type { Incident } from "./records";

const KM_A_DEGREE = 111.2;
const LEAST_KM = 5;

export function boundsOf({ lon_deg: lon, lat_deg: lat, radius_km: radius }: Incident): BoundsDeg | null {
  if (lon === null || lat === null) return null;
  const km = Math.max(LEAST_KM, radius ?? 0);
  const high = km / KM_A_DEGREE;
  const wide = high / Math.max(0.05, Math.cos((lat * Math.PI) / 180));
  return [lon - wide, lat - high, lon + wide, lat + high];
}

export function ringOf([west, south, east, north]: BoundsDeg): [number, number][] {
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  return Array.from({ length: 49 }, (_, n) => {
    const turn = (n / 48) * 2 * Math.PI;
    return [lon + ((east - west) / 2) * Math.cos(turn), lat + ((north - south) / 2) * Math.sin(turn)];
  });
}

const WORDS: Record<string, string> = { reported: "reported", noticed: "outage noticed", observed: "incident" };

/** A mark for each open incident that has a place: its own, or the middle of the asset that it names. */
export function marksOf(incidents: readonly Incident[], charted: readonly Feature[]): OverlayMark[] {
  return incidents.filter(isOpen).flatMap((incident) => {
    const at = placeOf(incident, charted);
    if (!at) return [];
    const label = Object.hasOwn(WORDS, incident.state) ? WORDS[incident.state]! : "reported";
    return [{ lonDeg: at[0], latDeg: at[1], label, token: "map-text", shape: "hexagon", incident: incident.id }];
  });
}

function placeOf({ lon_deg: lon, lat_deg: lat, asset }: Incident, charted: readonly Feature[]): LonLat | null {
  if (typeof lon === "number" && typeof lat === "number") return [lon, lat];
  const found = asset === null ? undefined : charted.find(({ properties, id }) => (properties?.id ?? id) === asset);
  if (!found) return null;
  const shape = found.geometry as Parameters<typeof linesOf>[0];
  const [longest] = linesOf(shape).sort((a, b) => b.length - a.length);
  if (!longest) return pointsOf(shape)[0] ?? null;
  const half = (longest.length - 1) / 2;
  const [a, b] = [longest[Math.floor(half)]!, longest[Math.ceil(half)]!];
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}
