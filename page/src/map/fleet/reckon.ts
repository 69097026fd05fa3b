/** Dead reckoning: where a vessel probably is now, from its last report. The shader (shaders.ts) reckons in the same way. */

import type { VesselColumns } from "../../state/picture";

/**
 * Seconds that a report is carried on. AIS reports at least every 10 s under way, class B every 30 s (ITU-R M.1371
 * table 1); over 3 min the vessel has become silent, and where it would be is a guess that must not be drawn.
 */
export const REACH_S = 180;
/** Reports older than this are drawn as old: three reports of a vessel at anchor (one in 3 min) are missing. */
export const OLD_S = 600;
/** Slower than this a course is noise of the receiver. */
const SLOWEST_KN = 0.5;
/** Faster is a fault of the message: 102.2 kn means "102.2 or more". */
const FASTEST_KN = 102;
/** At anchor, moored, aground: what moves there is the swing of the hull. */
const LYING = new Set([1, 5, 6]);

const KN_M_S = 1852 / 3600;
const EARTH_M = 2 * Math.PI * 6_378_137;

export const isLying = (c: VesselColumns, row: number): boolean => LYING.has(c.navStatus[row]!) && !(c.sogKn[row]! > 3); // whoever makes 3 kn has forgotten to change the status

/** Metres a second to the east and the north; 0, 0 where nothing is to be reckoned. */
export function velocity(c: VesselColumns, row: number): [eastMs: number, northMs: number] {
  const [sog, cog] = [c.sogKn[row]!, c.cogDeg[row]!];
  if (!(sog >= SLOWEST_KN && sog <= FASTEST_KN) || !(cog >= 0 && cog < 360) || isLying(c, row)) return [0, 0];
  const turn = (cog * Math.PI) / 180;
  return [Math.sin(turn) * sog * KN_M_S, Math.cos(turn) * sog * KN_M_S];
}

/** Where a vessel probably is, `sinceS` after the time of the picture. */
export function placeNow(c: VesselColumns, row: number, sinceS: number): [lonDeg: number, latDeg: number] {
  const [east, north] = velocity(c, row);
  const seconds = Math.min(Math.max(0, c.ageS[row]! + sinceS), REACH_S);
  const degrees = (seconds * 360) / EARTH_M;
  const lat = c.latDeg[row]!;
  return [c.lonDeg[row]! + (east * degrees) / Math.cos((lat * Math.PI) / 180), lat + north * degrees];
}
