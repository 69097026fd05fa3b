/** A name that was overlooked: its words are chosen in the text with the pointer, or typed; both end in the same form. */

import { useEffect, useState } from "preact/hooks";
import type { Correcting } from "./correcting";
import { ENTITY_TYPES } from "./desk_words";
import type { Opened, Words } from "./records";
import { aroundOf, charactersBefore, placesOf, trimmed } from "./spans";

interface AddWords {
  report: Opened;
  correcting: Correcting;
  onMark: (words: readonly Words[]) => void;
}

export const AddEntity = ({ report, correcting, onMark }: AddWords) => {
  const [typed, setTyped] = useState("");
  const [start, setStart] = useState(-1);
  const [type, setType] = useState<string>("person");
  const places = placesOf(report.text, typed.trim());
  const chosen = places.find((place) => place.start === start) ?? places[0] ?? null;
  useEffect(
    () =>
      listenToChoice(report.text, (words) => {
        setTyped(words.text);
        setStart(words.start);
      }),
    [report.text],
  );
  useEffect(() => {
    onMark(chosen ? [chosen] : []);
  }, [chosen?.start, chosen?.end]);
  const add = async (): Promise<void> => {
    if (!chosen) return;
    const right = { what: "entity" as const, text: chosen.text, start: chosen.start, was: null, type };
    if (await correcting.put(right, `Added: ${chosen.text}, ${type}.`)) setTyped("");
  };
  return (
    <form
      class="finds correct"
      aria-label="Add a name"
      onSubmit={(submit) => {
        submit.preventDefault();
        void add();
      }}
    >
      <label class="find first">
        Overlooked: choose the words above, or type them
        <input value={typed} maxLength={300} onInput={(key) => setTyped(key.currentTarget.value)} />
      </label>
      {places.length > 1 && (
        <label class="find">
          Which of {places.length}
          <select value={String(chosen?.start)} onChange={(choice) => setStart(Number(choice.currentTarget.value))}>
            {places.map((place) => (
              <option key={place.start} value={String(place.start)}>
                {aroundOf(report.text, place)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="find">
        It is a
        <select value={type} onChange={(choice) => setType(choice.currentTarget.value)}>
          {ENTITY_TYPES.map((known) => (
            <option key={known}>{known}</option>
          ))}
        </select>
      </label>
      <button type="submit" disabled={correcting.busy || !chosen}>
        Add the name
      </button>
      <p role="status" class="quiet">
        {typed.trim() && !places.length && "These words do not stand in the text: capital letters count."}
      </p>
    </form>
  );
};

/** Hear of words that are chosen in the text of the report. */
function listenToChoice(text: string, take: (words: Words) => void): () => void {
  const hear = (): void => {
    const box = document.querySelector("#report-words .report-text");
    const choice = document.getSelection();
    if (!box || !choice || choice.isCollapsed || choice.rangeCount === 0) return;
    const range = choice.getRangeAt(0);
    if (!box.contains(range.startContainer) || !box.contains(range.endContainer)) return;
    const before = document.createRange();
    before.selectNodeContents(box);
    before.setEnd(range.startContainer, range.startOffset);
    const from = before.toString().length;
    const words = trimmed(text, charactersBefore(text, from), charactersBefore(text, from + range.toString().length));
    if (words) take(words);
  };
  document.addEventListener("selectionchange", hear);
  return () => document.removeEventListener("selectionchange", hear);
}
