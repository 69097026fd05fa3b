/** Where an incident is said to be: pure. */

import type { BoundsDeg } from "../map/camera";
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
