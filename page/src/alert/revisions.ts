/** What is different between two statements of the watch about one alert, in words. */

import type { Alert } from "../api/client";
import { dayOf, distanceOf, kindOf, timeOf } from "../words";
import { measureOf, signed } from "./contributions";

export interface Difference {
  what: string;
  /** Empty = it was not there before. */
  before: string;
  /** Empty = it is no longer there. */
  after: string;
  /** Changes what an officer should do: level and status. */
  grave: boolean;
}

const STATUS: Record<Alert["status"], string> = {
  open: "going on",
  ended: "ended",
  withdrawn: "withdrawn by later data",
};
export const statusOf = (status: Alert["status"]): string => STATUS[status] ?? status;

/** "430 m off"; some alerts are about an asset that lies ahead, and measure nothing: -1. */
export const offOf = (distanceM: number | null): string =>
  distanceM === null || distanceM < 0 ? "distance not measured" : `${distanceOf(distanceM)} off`;

/** Differences that a reader cares about, the grave ones first. */
export function differencesOf(before: Alert, after: Alert): Difference[] {
  return [
    one("level", before.level, after.level, true),
    one("status", statusOf(before.status), statusOf(after.status), true),
    one("kind", kindOf(before.kind), kindOf(after.kind), true),
    one("vessel", vesselOf(before), vesselOf(after)),
    ...assetsOf(before, after),
    one("goes on until", momentFrom(before.end), momentFrom(after.end)),
    one("score", scoreOf(before), scoreOf(after)),
    ...reasonsOf(before, after),
    ...nextOf(before, after),
    one("explanation", before.explanation, after.explanation),
    one("other causes", causesOf(before), causesOf(after)),
    one("rules", before.ruleset, after.ruleset),
  ].filter((difference) => difference.before !== difference.after);
}

const QUIET = ["explanation", "goes on until", "rules"];

/** "level caution → alarm; reason assets crossed +0.1 → +1.2": for a notice. */
export function inShort(differences: readonly Difference[], most = 3): string {
  const told = differences.filter((d) => !QUIET.includes(d.what)).map((d) => `${d.what} ${arrow(d)}`);
  const more = told.length > most ? `; ${told.length - most} more` : "";
  return told.slice(0, most).join("; ") + more;
}

function arrow({ before, after }: Difference): string {
  if (!before) return `${after} (new)`;
  return after ? `${before} → ${after}` : `${before} (gone)`;
}

const one = (what: string, before: string, after: string, grave = false): Difference => ({
  what,
  before,
  after,
  grave,
});

const vesselOf = ({ vessel }: Alert): string => `${vessel.name} ${vessel.mmsi || ""}`.trim();
const scoreOf = ({ score }: Alert): string => (score === null ? "none" : score.toFixed(2));
const causesOf = (alert: Alert): string => alert.alternatives.map((a) => a.cause.replaceAll("_", " ")).join(", ");

function momentFrom(at: string): string {
  const ms = Date.parse(at);
  return `${dayOf(ms)} ${timeOf(ms)}`;
}

function assetsOf(before: Alert, after: Alert): Difference[] {
  const told = (a: Alert["assets"][number]): string =>
    a.crossed ? `crossed ${timeOf(Date.parse(a.crossed))}` : offOf(a.distance_m);
  return paired(before.assets, after.assets, (a) => a.id).map(([was, now]) =>
    one(`asset ${(now ?? was)?.name || (now ?? was)?.id}`, was ? told(was) : "", now ? told(now) : ""),
  );
}

function reasonsOf(before: Alert, after: Alert): Difference[] {
  const told = (r: Alert["reasons"][number]): string =>
    [r.log_odds === null ? "no weight" : signed(r.log_odds), measureOf(r.value, r.unit)].filter(Boolean).join(", ");
  return paired(before.reasons, after.reasons, (r) => r.name).map(([was, now]) =>
    one(`reason ${(now ?? was)?.name.replaceAll("_", " ")}`, was ? told(was) : "", now ? told(now) : ""),
  );
}

function nextOf(before: Alert, after: Alert): Difference[] {
  const told = (n: Alert["next"][number]): string => `about ${timeOf(Date.parse(n.eta), false)}`;
  return paired(before.next, after.next, (n) => n.asset).map(([was, now]) =>
    one(`next asset ${(now ?? was)?.asset}`, was ? told(was) : "", now ? told(now) : ""),
  );
}

/** Pairs of the same name in two lists, in the order of the second; names that come twice are paired in order. */
function paired<T>(before: readonly T[], after: readonly T[], nameOf: (one: T) => string): [T | null, T | null][] {
  const left = [...before];
  const pairs: [T | null, T | null][] = after.map((now) => {
    const at = left.findIndex((was) => nameOf(was) === nameOf(now));
    return [at < 0 ? null : (left.splice(at, 1)[0] ?? null), now];
  });
  return [...pairs, ...left.map((was): [T | null, T | null] => [was, null])];
}
