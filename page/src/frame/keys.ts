/** Keys of the whole page. They never act while somebody types, in a dialog, or when they are switched off. */

import { signal } from "@preact/signals";
import { keep, kept } from "../state/shelf";

export interface Key {
  /** As `KeyboardEvent.key`, small letters, with "ctrl+" or "shift+" before it: "a", "shift+j", "ctrl+a", "?". */
  key: string;
  /** The same thing under other keys. */
  also?: readonly string[];
  words: string;
  group: string;
  /** false = it was not meant for this; the browser goes on with it. */
  run: (event: KeyboardEvent) => unknown;
  /** Held down it goes on. */
  repeats?: boolean;
  /** Also where somebody types. */
  always?: boolean;
}

const KEPT = "anchorwatch-keys";

/** Whether keys without ctrl act at all: people who dictate, or whose hands shake, switch them off (WCAG 2.1.4). */
export const areKeysOn = signal(kept(KEPT) !== "off");
export const isHelpShown = signal(false);
export const allKeys = signal<readonly Key[]>([]);

export const showHelp = (shown: boolean): void => {
  isHelpShown.value = shown;
};

export function switchKeys(on: boolean): void {
  areKeysOn.value = on;
  keep(KEPT, on ? "on" : "off");
}

/** Add keys; call what is returned to take them away again. */
export function addKeys(keys: readonly Key[]): () => void {
  allKeys.value = [...allKeys.peek(), ...keys];
  return () => {
    allKeys.value = allKeys.peek().filter((key) => !keys.includes(key));
  };
}

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** "ctrl+a", "shift+j", "?": what was pressed, by one name. */
export function nameOf(event: Pressed): string {
  if (event.altKey) return "";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isLetter = /^[a-z]$/.test(key) || key.length > 1; // "?" needs shift on most keyboards anyway
  return `${event.ctrlKey || event.metaKey ? "ctrl+" : ""}${event.shiftKey && isLetter ? "shift+" : ""}${key}`;
}

const TYPED = 'textarea, select, [contenteditable=""], [contenteditable="true"]';
const NOT_TYPED = ["checkbox", "radio", "range", "button", "submit", "reset", "color", "file", "image"];

/** Whether keys pressed here are text, or belong to a dialog. */
export function isTyping(target: Element | null): boolean {
  if (!target) return false;
  if (target.closest("dialog")) return true;
  if (target.matches("input")) return !NOT_TYPED.includes((target as HTMLInputElement).type);
  return target.closest(TYPED) !== null;
}

/** What a key event runs; null = nothing of ours. */
export function keyFor(
  event: Pressed & { repeat: boolean },
  keys: readonly Key[],
  typing: boolean,
  on: boolean,
): Key | null {
  const name = nameOf(event);
  const found = keys.findLast(({ key, also }) => key === name || also?.includes(name));
  if (!found || (event.repeat && !found.repeats)) return null;
  if (typing && !found.always) return null;
  return on || name.startsWith("ctrl+") || name.length > 1 ? found : null;
}

export function listenToKeys(): () => void {
  const hear = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.target instanceof Element ? event.target : null;
    const found = keyFor(event, allKeys.peek(), isTyping(target), areKeysOn.peek());
    if (found && found.run(event) !== false) event.preventDefault();
  };
  document.addEventListener("keydown", hear);
  return () => document.removeEventListener("keydown", hear);
}
