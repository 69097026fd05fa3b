/** Incidents in words that accuse nobody: pure. */

import { dayOf, saidOf, timeOf } from "../words";
import type { Incident } from "./records";

const STATES: Record<string, string> = {
  reported: "reported, unobserved",
  noticed: "noticed by an operator",
  observed: "observed by the watch",
  closed: "closed",
};
export const stateOf = (state: string): string => saidOf(STATES, state) ?? state.replaceAll("_", " ");

/** A shape that no vessel and no level has: what is seen is filled, what is only told is hollow. The word stands beside it. */
const SIGNS: Record<string, string> = { reported: "⬡", noticed: "⬢", observed: "⬢", closed: "✓" };
export const signOf = (state: string): string => saidOf(SIGNS, state) ?? "⬡";

export const isOpen = ({ state }: Pick<Incident, "state">): boolean => state !== "closed";

/** "between 25 Dec 2024 10:26 and 25 Dec 2024 12:00 UTC", "when is not known". */
export function intervalOf({ since, until }: Pick<Incident, "since" | "until">): string {
  const [from, to] = [momentOf(since), momentOf(until)];
  if (from && to) return from === to ? `at ${from} UTC` : `between ${from} and ${to} UTC`;
  if (from) return `after ${from} UTC`;
  return to ? `before ${to} UTC` : "when is not known";
}

function momentOf(at: string | null): string {
  const ms = at ? Date.parse(at) : Number.NaN;
  return Number.isFinite(ms) ? `${dayOf(ms)} ${timeOf(ms, false)}` : "";
}

/** What is said to be hit, as a name. */
export const aboutOf = (incident: Pick<Incident, "asset" | "asset_said" | "place">): string =>
  incident.asset_said || incident.asset || incident.place || "an asset that was not named";
