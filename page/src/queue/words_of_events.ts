/** What was just done about an alert, as one short sentence. */

import type { News } from "../state/alerts";

const DONE: Record<string, string> = {
  acknowledge: "acknowledged it",
  take: "took it in hand",
  assign: "assigned it",
  note: "added a note",
  radio: "added a radio entry",
  escalate: "escalated it",
  close: "closed it",
  reopen: "reopened it",
};

const SAID: Record<string, string> = {
  raised: "The watch raised it",
  changed: "The watch changed it",
  withdrawn: "The watch withdrew it: later data took the grounds away",
  ended: "The watch says that it is over",
  notified: "It was notified",
  not_notified: "It could not be notified",
};

/** "ben took it in hand", "chief assigned it to ben: your area". */
export function wordOf({ event, before, item }: News): string {
  if (event.actor === "watch") {
    const rose = before && before.alert.level !== item.alert.level && event.verb === "changed";
    return rose
      ? `The watch changed it from ${before.alert.level} to ${item.alert.level}.`
      : `${SAID[event.verb] ?? event.verb}.`;
  }
  const { to, text, reason, disposition } = event.data;
  const whom = to ? ` to ${String(to)}` : "";
  const as = disposition ? ` as ${String(disposition).replaceAll("_", " ")}` : "";
  const why = text || reason ? `: ${String(text ?? reason)}` : "";
  return `${event.actor} ${DONE[event.verb] ?? event.verb}${as}${whom}${why}`;
}
