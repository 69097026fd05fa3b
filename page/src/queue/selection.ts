/** Which alerts are chosen, to be worked at once. */

import { signal } from "@preact/signals";

export const selected = signal<ReadonlySet<string>>(new Set());
let from: string | null = null;

export function choose(id: string): void {
  const next = new Set(selected.peek());
  next.has(id) ? next.delete(id) : next.add(id);
  from = id;
  selected.value = next;
}

/** From the row that was chosen last to this one. */
export function chooseTo(rows: readonly string[], id: string): void {
  const [a, b] = [rows.indexOf(from ?? id), rows.indexOf(id)];
  if (b < 0) return;
  const range = rows.slice(Math.min(a < 0 ? b : a, b), Math.max(a, b) + 1);
  from ??= id;
  selected.value = new Set([...selected.peek(), ...range]);
}

export const chooseAll = (rows: readonly string[]): void => {
  selected.value = new Set(rows);
};

export const chooseNone = (): void => {
  from = null;
  selected.value = new Set();
};
