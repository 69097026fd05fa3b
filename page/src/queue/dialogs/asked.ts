/** Which dialog is open, and about which alerts as they were when it was opened. */

import { signal } from "@preact/signals";
import type { Item } from "../../api/client";
import { items } from "../../state/alerts";
import type { Verb } from "../../state/outbox";

export type Question = Verb | "silence";

/** `turn` counts the dialogs: the same question asked again is another one. */
export const asked = signal<{ question: Question; about: readonly Item[]; turn: number } | null>(null);
let turn = 0;
export const areSilencesShown = signal(false);

export const showSilences = (shown: boolean): void => {
  areSilencesShown.value = shown;
};

export function askFor(question: Question, ids: readonly string[]): void {
  const about = ids.map((id) => items.peek().get(id)).filter((item): item is Item => item !== undefined);
  if (about.length) asked.value = { question, about, turn: ++turn };
}
