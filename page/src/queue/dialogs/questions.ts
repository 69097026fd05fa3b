/** What each action asks for (docs/alerts.md), and what is wrong with an answer. */

import type { Fields } from "../../state/outbox";
import type { Question } from "./asked";

export type Worded = Exclude<Question, "silence">;

export interface FieldAsked {
  name: keyof Fields;
  label: string;
  must: boolean;
  lines?: boolean;
  hint?: string;
  most: number;
  /** What is said where it must be given and is not. */
  missing?: string;
  start?: string;
}

const MOST_TEXT = 4000; // work.MOST_TEXT of the watch
const NOTE: FieldAsked = { name: "text", label: "Note (may be empty)", must: false, lines: true, most: MOST_TEXT };

export const TITLE: Record<Question, string> = {
  acknowledge: "Acknowledge",
  take: "Take in hand",
  assign: "Assign",
  note: "Add a note",
  radio: "Radio log entry",
  escalate: "Escalate",
  close: "Close",
  reopen: "Reopen",
  silence: "Silence",
};

export const ASKED: Record<Exclude<Worded, "close">, FieldAsked[]> = {
  acknowledge: [], // asked only where they are many
  take: [],
  assign: [{ name: "to", label: "To whom", must: true, most: 200, missing: "Say who takes it in hand." }, NOTE],
  note: [{ name: "text", label: "Note", must: true, lines: true, most: MOST_TEXT, missing: "Write the note." }],
  radio: [
    {
      name: "text",
      label: "What was said",
      must: true,
      lines: true,
      most: MOST_TEXT,
      missing: "Write what was said.",
      hint: "It is kept as said. It never closes the alert.",
    },
    { name: "with", label: "With whom", must: false, most: 200 },
    { name: "channel", label: "Channel", must: false, most: 40, start: "VHF 16" },
  ],
  escalate: [
    { name: "to", label: "To whom", must: true, most: 200, missing: "Say who is called." },
    { name: "reason", label: "Why", must: true, lines: true, most: MOST_TEXT, missing: "Say why." },
  ],
  reopen: [{ name: "reason", label: "Why", must: true, lines: true, most: MOST_TEXT, missing: "Say why." }],
};

export const DISPOSITIONS = [
  { name: "innocent", label: "Innocent", hint: "with its cause" },
  { name: "false_detection", label: "False detection", hint: "nothing of the kind happened" },
  { name: "drill", label: "Drill", hint: "an exercise" },
  { name: "handed_over", label: "Handed over", hint: "somebody else goes on" },
  { name: "confirmed_damage", label: "Confirmed damage", hint: "the asset was hit" },
] as const;

/** What closing asks for besides, by the disposition. */
export function askedByDisposition(disposition: string): FieldAsked[] {
  const cause = { name: "cause", label: "Cause", must: true, most: 200, missing: "Name the cause." } as const;
  const to = {
    name: "to",
    label: "To whom",
    must: true,
    most: 200,
    missing: "Say to whom it is handed over.",
  } as const;
  if (disposition === "innocent") return [cause, NOTE];
  if (disposition === "handed_over") return [to, NOTE];
  return [NOTE];
}

/** By field: what is wrong, in words. Empty = all is well. */
export function wrongIn(asked: readonly FieldAsked[], given: Fields): Partial<Record<keyof Fields, string>> {
  const wrong: Partial<Record<keyof Fields, string>> = {};
  for (const { name, must, missing, most } of asked) {
    const text = given[name]?.trim() ?? "";
    if (must && !text) wrong[name] = missing ?? "This must be given.";
    else if (text.length > most) wrong[name] = `At most ${most} characters; these are ${text.length}.`;
  }
  return wrong;
}

/** Only what was asked and given, trimmed. */
export function answerOf(asked: readonly FieldAsked[], given: Fields): Fields {
  const pairs = asked.map(({ name }) => [name, given[name]?.trim() ?? ""]).filter(([, text]) => text);
  return Object.fromEntries(pairs) as Fields;
}
