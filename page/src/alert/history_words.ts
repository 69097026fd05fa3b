/** Lines of the history of an alert, in words. */

import type { Schemas } from "../api/client";

export type HistoryEvent = Schemas["Event"];

const OF_THE_WATCH = ["raised", "changed", "withdrawn", "ended"];
/** Lines at which the watch stated the alert: each has its revision. */
export const isStatement = (event: HistoryEvent): boolean => OF_THE_WATCH.includes(event.verb);

const VERBS: Record<string, string> = {
  acknowledge: "acknowledged",
  take: "took it in hand",
  assign: "assigned it",
  note: "noted",
  radio: "radio",
  escalate: "escalated",
  close: "closed",
  reopen: "reopened",
  not_notified: "nobody was notified",
};

/** "took it in hand", "assigned it to ben", "changed from caution to warning". */
export function verbOf(event: HistoryEvent): string {
  const said = (name: string): string => (typeof event.data[name] === "string" ? (event.data[name] as string) : "");
  const verb = VERBS[event.verb] ?? event.verb.replaceAll("_", " ");
  const parts = [verb];
  if (event.verb === "changed" && said("was") && said("level"))
    parts.push(said("was") === said("level") ? `, still ${said("level")}` : `from ${said("was")} to ${said("level")}`);
  else if (event.verb === "raised" && said("level")) parts.push(`as ${said("level")}`);
  if (said("channel")) parts.push(`on ${said("channel")}`);
  if (said("with")) parts.push(`with ${said("with")}`);
  if (said("to")) parts.push(`to ${said("to")}`);
  if (said("disposition")) parts.push(`as ${said("disposition").replaceAll("_", " ")}`);
  if (said("cause")) parts.push(`(${said("cause")})`);
  return parts.join(" ").replace(" ,", ",");
}

/** What somebody wrote. */
export function wordsIn(event: HistoryEvent): string {
  return [event.data.text, event.data.reason].filter((said): said is string => typeof said === "string").join("\n");
}
