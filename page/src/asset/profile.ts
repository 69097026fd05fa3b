/** An asset along its kilometre points: what is drawn of it, and in words. */

import type { Item, Level, Schemas } from "../api/client";
import { countOf, LEVELS } from "../words";

export type Profile = Schemas["AssetProfile"];
export type Bin = Schemas["ProfileBin"];

/** Index of the stretch in which a kilometre lies; -1 = there is none. */
export function binAt(profile: Profile, km: number): number {
  if (!profile.bins.length || !Number.isFinite(km)) return -1;
  return Math.min(profile.bins.length - 1, Math.max(0, Math.floor(km / profile.bin_km + 1e-6)));
}

/** Where a stretch ends: the last one may be shorter. */
export const endOf = (profile: Profile, bin: Bin): number =>
  Math.min(bin.kp_km + profile.bin_km, profile.length_km || bin.kp_km + profile.bin_km);

/** Kilometre points with as many digits as the stretches need. */
export const kmOf = (km: number, binKm: number): string => km.toFixed(binKm < 0.1 ? 2 : binKm < 10 ? 1 : 0);

const some = (count: number, one: string, many: string): string => `${countOf(count)} ${count === 1 ? one : many}`;

/** "km 12.4 to 12.8: 5 vessels near, 3 crossings, 1 of them slow, threat 0.82, 2 alerts, 61 m deep". */
export function binWords(profile: Profile, bin: Bin): string {
  const said = [
    some(bin.vessels, "vessel near", "vessels near"),
    some(bin.crossings, "crossing", "crossings") + (bin.slow ? `, ${countOf(bin.slow)} of them slow` : ""),
    `threat ${bin.threat.toFixed(2)}`,
    bin.alerts ? some(bin.alerts, "alert", "alerts") : "",
    bin.depth_m === null ? "" : `${Math.round(bin.depth_m)} m deep`,
  ];
  return `${stretchOf(profile, bin)}: ${said.filter(Boolean).join(", ")}`;
}

/** "km 12.4 to 12.8". */
export const stretchOf = (profile: Profile, bin: Bin): string =>
  `km ${kmOf(bin.kp_km, profile.bin_km)} to ${kmOf(endOf(profile, bin), profile.bin_km)}`;

/** What a key does to the chosen stretch; null = the key is not ours. */
export function keyStep(key: string, at: number, count: number): number | null {
  const from = Math.max(at, 0);
  const page = Math.max(1, Math.round(count / 10));
  const steps: Record<string, number> = {
    ArrowRight: at < 0 ? 0 : from + 1,
    ArrowUp: at < 0 ? 0 : from + 1,
    ArrowLeft: from - 1,
    ArrowDown: from - 1,
    PageUp: from + page,
    PageDown: from - page,
    Home: 0,
    End: count - 1,
  };
  const to = steps[key];
  return to === undefined || !count ? null : Math.min(count - 1, Math.max(0, to));
}

/** Worst level of the open alerts in each stretch: 5,000 alerts are at most as many marks as there are stretches. */
export function levelsAlong(profile: Profile, items: Iterable<Item>): Map<number, Level> {
  const worst = new Map<number, Level>();
  for (const { alert, work } of items) {
    if (work.state === "closed") continue;
    const km = alert.assets.find((asset) => asset.id === profile.asset)?.kp_km;
    const at = km === null || km === undefined ? -1 : binAt(profile, km);
    if (at < 0) continue;
    const known = worst.get(at);
    if (!known || LEVELS.indexOf(alert.level) < LEVELS.indexOf(known)) worst.set(at, alert.level);
  }
  return worst;
}

/** Stretches with anything to tell, for the table; the others are quiet. */
export const busyBins = (profile: Profile): Bin[] =>
  profile.bins.filter((bin) => bin.vessels || bin.crossings || bin.alerts || bin.threat > 0);

/** One sentence on the whole: what the chart shows to somebody who does not see it. */
export function profileWords(profile: Profile): string {
  if (!profile.bins.length) return profile.note || "It has no kilometre points.";
  const crossings = profile.bins.reduce((sum, bin) => sum + bin.crossings, 0);
  const slow = profile.bins.reduce((sum, bin) => sum + bin.slow, 0);
  const worst = profile.bins.reduce((a, b) => (b.threat > a.threat ? b : a));
  const threat =
    worst.threat > 0
      ? `The highest threat is ${worst.threat.toFixed(2)} at ${stretchOf(profile, worst)}.`
      : "No threat.";
  const slowly = slow ? `, ${countOf(slow)} of them under 5 kn` : "";
  const along = profile.length_km ? ` along its ${countOf(Math.round(profile.length_km))} km as drawn` : "";
  return `${some(crossings, "crossing", "crossings")}${along}${slowly}. ${threat}`;
}
