import { useSignal } from "@preact/signals";
import type { Item } from "../../api/client";
import { Hint } from "../../parts/hint";
import type { Fields } from "../../state/outbox";
import { view } from "../../state/url";
import { act } from "../../state/work";
import { cursor, justClosed, nextOpen, stand } from "../cursor";
import { rows } from "../rows";
import { chooseNone, selected } from "../selection";
import { FieldList, focusWrong } from "./fields";
import { answerOf, askedByDisposition, DISPOSITIONS, type FieldAsked, wrongIn } from "./questions";
import { knownNames } from "./word_form";
import { WorkForm } from "./work_form";

const DISPOSITION: FieldAsked = {
  name: "disposition",
  label: "What it was",
  must: true,
  most: 40,
  missing: "Choose what it was.",
};

/** Close: what it was, then what belongs to that. All by keys: 1 to 5, Tab, Enter. */
export const CloseForm = ({ about }: { about: readonly Item[] }) => {
  const given = useSignal<Fields>({});
  const wrong = useSignal<Partial<Record<keyof Fields, string>>>({});
  const fields = given.value.disposition ? askedByDisposition(given.value.disposition) : [];
  const change = (name: keyof Fields, text: string): void => {
    given.value = { ...given.value, [name]: text };
  };
  const send = (seen: ReadonlyMap<string, number>, form: HTMLFormElement): boolean => {
    const asked = [DISPOSITION, ...fields];
    wrong.value = wrongIn(asked, given.value);
    if (Object.keys(wrong.value).length) {
      focusWrong(form);
      return false;
    }
    const ids = [...seen.keys()];
    act(ids, "close", answerOf(asked, given.value), seen);
    goOn(ids);
    return true;
  };
  return (
    <WorkForm question="close" about={about} send={send}>
      <Dispositions chosen={given.value.disposition ?? ""} wrong={wrong.value.disposition} change={change} />
      <FieldList
        asked={fields}
        given={given.value}
        wrong={wrong.value}
        often={{ to: knownNames(), cause: causesOf(about) }}
        change={change}
      />
    </WorkForm>
  );
};

interface Shape {
  chosen: string;
  wrong: string | undefined;
  change: (name: keyof Fields, text: string) => void;
}

const Dispositions = ({ chosen, wrong, change }: Shape) => (
  <fieldset
    aria-invalid={Boolean(wrong)}
    aria-describedby="disposition-said"
    onKeyDown={(event) => {
      const at = Number(event.key) - 1;
      const named = DISPOSITIONS[at];
      if (!named) return;
      change("disposition", named.name);
      event.currentTarget.querySelectorAll("input")[at]?.focus();
    }}
  >
    <legend>What it was</legend>
    {DISPOSITIONS.map(({ name, label, hint }, at) => (
      <label key={name} class="check">
        <input
          type="radio"
          name="disposition"
          value={name}
          checked={chosen === name}
          onChange={() => change("disposition", name)}
        />
        <Hint k={String(at + 1)} /> {label} <span class="quiet">{hint}</span>
      </label>
    ))}
    <p id="disposition-said" class="wrong">
      {wrong}
    </p>
  </fieldset>
);

/** Innocent causes that the alert itself names. */
const causesOf = (about: readonly Item[]): string[] => [
  ...new Set(about.flatMap(({ alert }) => alert.alternatives.map(({ cause }) => cause))),
];

/** After closing: with the alert open it says where to go on; in the queue the cursor goes to the next. */
function goOn(ids: readonly string[]): void {
  if (selected.peek().size) chooseNone();
  const only = ids.length === 1 ? ids[0]! : null;
  if (only !== null && view.peek().name === "alerts" && view.peek().id === only) {
    justClosed.value = only;
    return;
  }
  const next = cursor.peek() !== null && ids.includes(cursor.peek()!) ? nextOpen(rows.peek(), cursor.peek()!) : null;
  if (next) setTimeout(() => stand(next)); // after the dialog has given the focus back
}
