/** What a report tells and was overlooked: a sentence of it, chosen from a list, or words of one. */

import { useState } from "preact/hooks";
import { NotThere, useChosenWords, WordsField } from "./chosen_words";
import { ClaimChoices } from "./claim_choices";
import type { Correcting } from "./correcting";
import { eventOf, headOf, modalityOf } from "./desk_words";
import type { Opened, Words } from "./records";
import { sentencesOf } from "./spans";

interface AddWords {
  report: Opened;
  correcting: Correcting;
  onMark: (words: readonly Words[]) => void;
}

export const AddClaim = (words: AddWords) => {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Add what it tells
      </button>
      {isOpen && <AddForm {...words} onDone={() => setOpen(false)} />}
    </>
  );
};

const AddForm = ({ report, correcting, onMark, onDone }: AddWords & { onDone: () => void }) => {
  const words = useChosenWords(report.text, onMark);
  const [type, setType] = useState("statement");
  const [modality, setModality] = useState("fact");
  const { chosen } = words;
  const sentences = sentencesOf(report.text);
  const add = async (): Promise<void> => {
    if (!chosen) return;
    const right = { what: "claim" as const, text: chosen.text, start: chosen.start, was: null, type, modality };
    if (await correcting.put(right, `Added: ${eventOf(type)}, ${modalityOf(modality)}.`)) onDone();
  };
  return (
    <form
      class="finds correct"
      aria-label="Add what it tells"
      onSubmit={(submit) => {
        submit.preventDefault();
        void add();
      }}
    >
      <label class="find first">
        Sentence
        <select
          value={sentences.findIndex(({ start, text }) => start === chosen?.start && text === chosen.text)}
          onChange={(choice) => {
            const sentence = sentences[Number(choice.currentTarget.value)];
            if (sentence) words.take(sentence);
          }}
        >
          <option value={-1}>words of my own choice</option>
          {sentences.map((sentence, n) => (
            <option key={sentence.start} value={n}>
              {headOf(sentence.text, 60)}
            </option>
          ))}
        </select>
      </label>
      <WordsField text={report.text} words={words} label="The words that say it: choose them above, or type them" />
      <ClaimChoices type={type} modality={modality} onType={setType} onModality={setModality} />
      <div class="row-of-choices">
        <button type="submit" disabled={correcting.busy || !chosen}>
          Add it
        </button>
        <button type="button" onClick={onDone}>
          Leave it
        </button>
      </div>
      <NotThere words={words} />
    </form>
  );
};
