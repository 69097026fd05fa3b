/** A name that was overlooked. */

import { useState } from "preact/hooks";
import { NotThere, useChosenWords, WordsField } from "./chosen_words";
import type { Correcting } from "./correcting";
import { ENTITY_TYPES } from "./desk_words";
import type { Opened, Words } from "./records";

interface AddWords {
  report: Opened;
  correcting: Correcting;
  onMark: (words: readonly Words[]) => void;
}

export const AddEntity = ({ report, correcting, onMark }: AddWords) => {
  const words = useChosenWords(report.text, onMark);
  const [type, setType] = useState<string>("person");
  const { chosen } = words;
  const add = async (): Promise<void> => {
    if (!chosen) return;
    const right = { what: "entity" as const, text: chosen.text, start: chosen.start, was: null, type };
    if (await correcting.put(right, `Added: ${chosen.text}, ${type}.`)) words.type("");
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
      <WordsField text={report.text} words={words} label="Overlooked: choose the words above, or type them" />
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
      <NotThere words={words} />
    </form>
  );
};
