/** Words of a report that somebody means: chosen in it with the pointer, or typed; the same field takes both. */

import { useEffect, useState } from "preact/hooks";
import type { Words } from "./records";
import { aroundOf, charactersBefore, placesOf, trimmed } from "./spans";

export interface ChosenWords {
  typed: string;
  /** Where they stand; null = nowhere. */
  chosen: Words | null;
  places: readonly Words[];
  type(words: string): void;
  take(words: Words): void;
  pick(start: number): void;
}

export function useChosenWords(text: string, onMark: (words: readonly Words[]) => void): ChosenWords {
  const [typed, setTyped] = useState("");
  const [start, setStart] = useState(-1);
  const places = placesOf(text, typed.trim());
  const chosen = places.find((place) => place.start === start) ?? places[0] ?? null;
  const take = (words: Words): void => {
    setTyped(words.text);
    setStart(words.start);
  };
  useEffect(() => listenToChoice(text, take), [text]);
  useEffect(() => {
    onMark(chosen ? [chosen] : []);
  }, [chosen?.start, chosen?.end]);
  return { typed, chosen, places, type: setTyped, take, pick: setStart };
}

export const WordsField = ({ text, words, label }: { text: string; words: ChosenWords; label: string }) => (
  <>
    <label class="find first">
      {label}
      <input value={words.typed} maxLength={2000} onInput={(key) => words.type(key.currentTarget.value)} />
    </label>
    {words.places.length > 1 && (
      <label class="find">
        Which of {words.places.length}
        <select
          value={String(words.chosen?.start)}
          onChange={(choice) => words.pick(Number(choice.currentTarget.value))}
        >
          {words.places.map((place) => (
            <option key={place.start} value={String(place.start)}>
              {aroundOf(text, place)}
            </option>
          ))}
        </select>
      </label>
    )}
  </>
);

export const NotThere = ({ words: { typed, places } }: { words: ChosenWords }) => (
  <p role="status" class="quiet">
    {typed.trim() && !places.length && "These words do not stand in the text: capital letters count."}
  </p>
);

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
