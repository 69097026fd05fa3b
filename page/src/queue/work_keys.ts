/** The actions an officer has, with their keys: the same for buttons, keys and the help. */

import type { Item } from "../api/client";
import { items } from "../state/alerts";
import type { Verb } from "../state/outbox";
import { act, me } from "../state/work";
import { askFor } from "./dialogs/asked";

export interface Deal {
  verb: Verb | "silence";
  key: string;
  label: string;
  /** For the help. */
  words: string;
}

export const DEALS: readonly Deal[] = [
  { verb: "acknowledge", key: "a", label: "Acknowledge", words: "Acknowledge: seen" },
  { verb: "take", key: "t", label: "Take", words: "Take in hand: it is mine" },
  { verb: "assign", key: "g", label: "Assign", words: "Assign to somebody" },
  { verb: "note", key: "n", label: "Note", words: "Add a note" },
  { verb: "radio", key: "v", label: "Radio", words: "Add an entry to the radio log (VHF)" },
  { verb: "escalate", key: "e", label: "Escalate", words: "Escalate: call for more" },
  { verb: "close", key: "c", label: "Close", words: "Close, with what it was" },
  { verb: "reopen", key: "o", label: "Reopen", words: "Reopen a closed one" },
  { verb: "silence", key: "s", label: "Silence", words: "Silence the vessel or the asset for a while" },
];

/** Whether it makes sense for this alert now; the watch has the last word. */
export function applies(verb: Deal["verb"], { work }: Item): boolean {
  if (verb === "acknowledge") return work.state === "new";
  if (verb === "reopen") return work.state === "closed";
  if (verb === "note" || verb === "radio" || verb === "silence") return true;
  if (verb === "take" && work.state === "in_hand" && work.assigned_to === me.value) return false;
  return work.state !== "closed";
}

// A slip of the hand on a screenful is undone by hand; on more than that nobody sees what was done.
const MANY = 20;

/** Do it at once, or ask first for what it needs. Returns how many alerts it is about. */
export function deal(verb: Deal["verb"], ids: readonly string[]): number {
  const known = items.peek();
  const fit = ids.filter((id) => {
    const item = known.get(id);
    return item && applies(verb, item);
  });
  if (!fit.length) return 0;
  if ((verb === "acknowledge" || verb === "take") && fit.length <= MANY) act(fit, verb);
  else askFor(verb, fit);
  return fit.length;
}
