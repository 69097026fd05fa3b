/** The keys of the queue: next, acknowledge, assign, close, silence; in the order of the help. */

import { type Key, showHelp } from "../frame/keys";
import { items } from "../state/alerts";
import { turn } from "../state/reviewed";
import { go, view } from "../state/url";
import { mayWork, said } from "../state/work";
import { cursor, justClosed, move, nextOpen, openAlert, stand, target } from "./cursor";
import { showSilences } from "./dialogs/asked";
import { rows, slotIn, touch } from "./rows";
import { choose, chooseAll, chooseNone, selected } from "./selection";
import { undoFilter } from "./undo";
import { DEALS, deal } from "./work_keys";

const MOVE = "Move and choose";
const WORK = "Work";
const PAGE = "The page";

const NOBODY = "No alert is stood on: j or k goes to one.";

const leaf = (key: string, also: string, step: number, words: string): Key => ({
  key,
  also: [also],
  words,
  group: MOVE,
  repeats: true,
  run: (event) => {
    if (event.key.startsWith("Arrow") && !isArrowOurs(event.target)) return false;
    move(step, event.shiftKey);
    return true;
  },
});

/** Arrow keys belong to the map, to sliders, to a text that scrolls; in the queue they leaf through it. */
const isArrowOurs = (on: EventTarget | null): boolean =>
  on === document.body || (on instanceof Element && on.closest(".queue .rows") !== null);

const works: Key[] = DEALS.map(({ verb, key, words }) => ({
  key,
  words,
  group: WORK,
  run: () => {
    touch();
    if (!mayWork.peek()) said.value = "You may look, but not act.";
    else if (!target().length) said.value = NOBODY;
    else if (!deal(verb, target())) said.value = `Nothing to ${verb}: it does not fit the state of the alert.`;
    return true;
  },
}));

export const QUEUE_KEYS: readonly Key[] = [
  leaf("j", "ArrowDown", 1, "Next alert"),
  leaf("k", "ArrowUp", -1, "Previous alert"),
  { ...leaf("shift+j", "shift+ArrowDown", 1, "Choose on to the next"), key: "shift+j" },
  { ...leaf("shift+k", "shift+ArrowUp", -1, "Choose back to the previous"), key: "shift+k" },
  { key: "Enter", words: "Open the alert", group: MOVE, run: enter },
  { key: "x", words: "Choose, or not", group: MOVE, run: () => withCursor(choose) },
  { key: "ctrl+a", words: "Choose all", group: MOVE, run: () => chooseAll(rows.peek()) },
  { key: ".", words: "Let new alerts in", group: MOVE, run: slotIn },
  ...works,
  { key: "r", words: "Reviewed, or not", group: WORK, run: () => turn(known(target())) },
  { key: "shift+s", words: "Silences in force", group: WORK, run: () => showSilences(true) },
  { key: "u", words: "Undo the filter", group: PAGE, run: undoFilter },
  { key: "/", words: "Search in the alerts", group: PAGE, run: () => focus("#queue-text") },
  { key: "m", words: "To the map", group: PAGE, run: () => focus(".map canvas, .map [tabindex]") },
  { key: "?", words: "These keys", group: PAGE, run: () => showHelp(true) },
  {
    key: "Escape",
    words: "Back: out of the search, choose none, close what is open",
    group: PAGE,
    always: true,
    run: back,
  },
];

const known = (ids: readonly string[]) => ids.map((id) => items.peek().get(id)).filter((item) => item !== undefined);

function withCursor(run: (id: string) => void): boolean {
  const id = cursor.peek();
  if (id === null || !rows.peek().includes(id)) return false;
  touch();
  run(id);
  return true;
}

function enter(event: KeyboardEvent): boolean {
  if (event.target !== document.body) return false; // buttons and links know what Enter is
  const closed = justClosed.peek();
  const next = closed === null ? cursor.peek() : nextOpen(rows.peek(), closed);
  if (next === null) return false;
  openAlert(next);
  return true;
}

function focus(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  found?.focus();
  if (found instanceof HTMLInputElement) found.select();
  return found !== null;
}

function back(event: KeyboardEvent): boolean {
  const on = event.target instanceof HTMLElement ? event.target : null;
  if (on?.closest("dialog")) return false;
  if (on?.matches("input, textarea, select")) {
    on.blur();
    const id = cursor.peek() ?? rows.peek()[0];
    if (id && on.id === "queue-text") stand(id);
    return true;
  }
  if (selected.peek().size) chooseNone();
  else if (view.peek().name) {
    go("/");
    if (cursor.peek() !== null) stand(cursor.peek()!);
  } else return false;
  return true;
}
