import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Item } from "../../api/client";
import { Hint } from "../../parts/hint";
import { items, lastWords } from "../../state/alerts";
import { briefOf, isOwn, me, whyWaiting } from "../../state/work";
import { countOf, LEVELS } from "../../words";
import { touch } from "../rows";
import { asked } from "./asked";
import { Dialog } from "./dialog";
import { TITLE, type Worded } from "./questions";
import { changesOf } from "./since";

// What changed less than this ago has not been read yet.
const UNREAD_MS = 1000;

interface Shape {
  question: Worded;
  about: readonly Item[];
  children: ComponentChildren;
  /** Try to send; `seen` says as of which event of each alert the officer decided. false = something is wrong. */
  send: (seen: ReadonlyMap<string, number>, form: HTMLFormElement) => boolean;
}

export const leave = (): void => {
  touch(); // rows stay where they are for whoever comes back to them
  asked.value = null;
};

/** The frame of every dialog about work: what it is about, what changed meanwhile, send or not. */
export const WorkForm = ({ question, about, children, send }: Shape) => {
  const now = about.map((item) => items.value.get(item.alert.id) ?? item);
  const changed = useChanges(about, now);
  const changedMs = useChanged(changed.join());
  const submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault();
    if (changed.length && Date.now() - changedMs.current < UNREAD_MS) return;
    const form = event.currentTarget;
    if (send(new Map(now.map((item) => [item.alert.id, item.seq])), form)) form.closest("dialog")?.close();
  };
  return (
    <Dialog title={titleOf(question, about)} onClose={leave}>
      <form noValidate onSubmit={submit}>
        {about.length > 1 && <p>{levelsIn(about)}</p>}
        {children}
        <div role="status">
          {changed.length > 0 && (
            <p class="note refused">
              <strong>While this was open:</strong> <bdi>{changed.slice(0, 5).join("; ")}</bdi>.
            </p>
          )}
        </div>
        {whyWaiting.value && <p class="note">{whyWaiting.value} What you send is kept and sent when it can be.</p>}
        <div class="buttons">
          <button type="submit" class="first">
            {TITLE[question]}
            {changed.length ? " all the same" : ""}
          </button>
          <button type="button" onClick={leave}>
            Cancel <Hint k="Esc" />
          </button>
        </div>
      </form>
    </Dialog>
  );
};

/** What others did, alert by alert; what this officer did himself (a key before the dialog) is nothing new to him. */
function useChanges(about: readonly Item[], now: readonly Item[]): string[] {
  const read = useRef(new Map(about.map((item) => [item.alert.id, item])));
  for (const item of now) if (isOwn(item)) read.current.set(item.alert.id, item);
  return now.flatMap((item) => {
    const before = read.current.get(item.alert.id) ?? item;
    const word = lastWords.value.get(item.alert.id)?.event;
    const by = word && word.seq > before.seq && word.actor !== me.value ? word.actor : "";
    const changes = changesOf(before, item, by);
    return changes.length ? [`${about.length > 1 ? `${briefOf(item)}: ` : ""}${changes.join(", ")}`] : [];
  });
}

function useChanged(words: string): { current: number } {
  const atMs = useRef(0);
  useEffect(() => {
    atMs.current = Date.now();
  }, [words]);
  return atMs;
}

/** "2 alarms, 31 cautions": what is about to be done to so many. */
const levelsIn = (about: readonly Item[]): string =>
  LEVELS.map((level) => [level, about.filter(({ alert }) => alert.level === level).length] as const)
    .filter(([, count]) => count)
    .map(([level, count]) => `${countOf(count)} ${level}${count === 1 ? "" : "s"}`)
    .join(", ");

const titleOf = (question: Worded, about: readonly Item[]): ComponentChildren => (
  <>
    {TITLE[question]}: <bdi>{about.length === 1 ? briefOf(about[0]!) : `${countOf(about.length)} alerts`}</bdi>
  </>
);
