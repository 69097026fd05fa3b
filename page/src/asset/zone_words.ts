/** What a zone asks of vessels, in sentences (chart/rules.py says what each rule means). */

import type { Schemas } from "../api/client";
import { bearingOf, saidOf, spanOf } from "../words";

export type Rules = Schemas["ZoneProperties"]["rules"];

const WITHIN_DEG = 45; // chart/rules.py: where the zone does not say how far a course may differ

/** One sentence for each rule; none where the zone asks nothing. */
export function rulesInWords(rules: Rules): string[] {
  const who = whom(rules);
  const said: string[] = [];
  const minKn = number(rules.rule_min_kn);
  const maxKn = number(rules.rule_max_kn);
  const dwellMin = number(rules.rule_dwell_min);
  const headingDeg = number(rules.rule_heading_deg);
  if ("rule_enter" in rules && forbids(rules.rule_enter)) said.push(`${who} must not be in here.`);
  if (minKn !== null) said.push(`${who} must make at least ${minKn} kn.`);
  if (maxKn !== null) said.push(`${who} must make at most ${maxKn} kn.`);
  if (dwellMin !== null) said.push(`${who} must not stay longer than ${spanOf(60 * dwellMin)}.`);
  if (headingDeg !== null) {
    const within = number(rules.rule_heading_within_deg) ?? WITHIN_DEG;
    said.push(`${who} must steer ${bearingOf(headingDeg)}, at most ${within}° off it.`);
  }
  return said;
}

/** "Cargo and tanker vessels of 50 m or more, except fishing,". */
function whom(rules: Rules): string {
  const classes = names(rules.rule_classes);
  const exempt = names(rules.rule_exempt);
  const least = number(rules.rule_min_length_m);
  const base = classes.length ? `Vessels of the class ${classes.join(" or ")}` : "Vessels";
  const long = least === null ? "" : ` known to be ${least} m or longer`;
  return base + long + (exempt.length ? ` (not ${exempt.join(" nor ")})` : "");
}

function number(value: Rules[string] | undefined): number | null {
  if (value === undefined || value === null || value === "" || typeof value === "boolean") return null;
  const found = Number(value);
  return Number.isFinite(found) ? found : null;
}

const forbids = (value: Rules[string] | undefined): boolean =>
  ["false", "no", "0", "0.0"].includes(String(value).trim().toLowerCase());

/** Classes as files keep them: `cargo, tanker`, or a list as JSON or Python writes it. */
function names(value: Rules[string] | undefined): string[] {
  if (value === undefined || value === null) return [];
  return String(value)
    .split(/[[\]'",;\s]+/)
    .filter(Boolean)
    .map((name) => name.replaceAll("_", " "));
}

const MEANT: Record<string, string> = {
  port: "Ships that moor, wait or manoeuvre here do what is usual.",
  anchorage: "Ships that anchor here do what is usual.",
  pilot_station: "Ships that slow down and wait here do what is usual.",
  fishing_ground: "Fishing vessels that tow and turn here do what is usual.",
  lane: "Traffic keeps to a direction here.",
};

/** What the watch makes of a kind of zone. */
export const zoneMeaning = (kind: string): string => saidOf(MEANT, kind) ?? "";
