/** The story that a report belongs to, put right: another one, or none. */

import { useState } from "preact/hooks";
import { Answer, useAsked } from "../parts/asked";
import { mayWork } from "../state/work";
import { storiesOf } from "./ask";
import type { Correcting } from "./correcting";
import { headOf } from "./desk_words";
import type { Opened, Story } from "./records";

const MOST = 200; // as the watch tells at once

interface ChoiceWords {
  report: Opened;
  correcting: Correcting;
}

export const StoryChoice = ({ report, correcting }: ChoiceWords) => {
  const [isOpen, setOpen] = useState(false);
  if (!mayWork.value) return null;
  return (
    <>
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {report.story ? "Another story" : "Put into a story"}
      </button>
      {isOpen && <Asking report={report} correcting={correcting} onDone={() => setOpen(false)} />}
    </>
  );
};

type Asking = ChoiceWords & { onDone: () => void };

const Asking = (words: Asking) => {
  const answer = useAsked((stop) => storiesOf({ limit: MOST }, stop), "stories");
  return (
    <div class="wide">
      <Answer asked={answer} what="list of stories">
        {(page) => <Form {...words} stories={page.stories.filter(({ id }) => id !== words.report.story)} />}
      </Answer>
    </div>
  );
};

const NONE = "";

const Form = ({ report, correcting, onDone, stories }: Asking & { stories: readonly Story[] }) => {
  const [typed, setTyped] = useState("");
  const [id, setId] = useState<string | null>(null);
  const wanted = typed.trim().toLowerCase();
  const found = stories.filter(({ title }) => title.toLowerCase().includes(wanted));
  const offered = [...found.map((story) => story.id), ...(report.story ? [NONE] : [])];
  const chosen = id !== null && offered.includes(id) ? id : (offered[0] ?? null);
  const move = async (): Promise<void> => {
    if (chosen === null) return;
    const words = chosen ? "Kept: it belongs to another story." : "Kept: it belongs to no story.";
    if (await correcting.put({ what: "story", story: chosen }, words)) onDone();
  };
  return (
    <form
      class="finds correct"
      aria-label="Move it to another story"
      onSubmit={(submit) => {
        submit.preventDefault();
        void move();
      }}
    >
      <label class="find">
        Words of the story
        <input value={typed} maxLength={100} onInput={(key) => setTyped(key.currentTarget.value)} />
      </label>
      <label class="find first">
        It belongs to
        <select value={chosen ?? ""} onChange={(choice) => setId(choice.currentTarget.value)}>
          {found.map((story) => (
            <option key={story.id} value={story.id}>
              {headOf(story.title, 70)}
            </option>
          ))}
          {report.story && <option value={NONE}>no story</option>}
        </select>
      </label>
      <div class="row-of-choices">
        <button type="submit" disabled={correcting.busy || chosen === null}>
          Move it
        </button>
        <button type="button" onClick={onDone}>
          Leave it
        </button>
      </div>
      <p role="status" class="quiet">
        {!offered.length && "No other story is known."}
      </p>
    </form>
  );
};
