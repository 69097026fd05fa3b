/** What this browser keeps for the page (localStorage), also where it keeps nothing: it may be full or forbidden. */

import type { Shelf } from "./outbox";

const NOTHING: Shelf = {
  length: 0,
  key: () => null,
  getItem: () => null,
  removeItem: () => undefined,
  setItem: () => {
    throw new Error("this browser keeps nothing");
  },
};

/** Even to ask for it may throw, where a person or a policy forbids to keep anything. */
function found(): Shelf {
  try {
    return globalThis.localStorage ?? NOTHING;
  } catch {
    return NOTHING;
  }
}

/** As it is: what does not fit throws. */
export const shelf = found();

/** null = nothing is kept under this name. */
export const kept = (name: string): string | null => shelf.getItem(name);

/** Keep a wish of the person; where that is not possible it holds for as long as the page is open. */
export function keep(name: string, text: string): void {
  try {
    shelf.setItem(name, text);
  } catch {
    // Nothing is lost but the wish.
  }
}
