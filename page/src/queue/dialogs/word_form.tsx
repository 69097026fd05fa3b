import { useSignal } from "@preact/signals";
import type { Item } from "../../api/client";
import { items } from "../../state/alerts";
import type { Fields } from "../../state/outbox";
import { act } from "../../state/work";
import { FieldList, focusWrong } from "./fields";
import { answerOf, type FieldAsked, type Worded, wrongIn } from "./questions";
import { WorkForm } from "./work_form";

interface Shape {
  question: Worded;
  fields: readonly FieldAsked[];
  about: readonly Item[];
}

/** A dialog of plain fields: assign, note, radio, escalate, reopen. */
export const WordForm = ({ question, fields, about }: Shape) => {
  const given = useSignal<Fields>(startOf(fields));
  const wrong = useSignal<Partial<Record<keyof Fields, string>>>({});
  const send = (seen: ReadonlyMap<string, number>, form: HTMLFormElement): boolean => {
    wrong.value = wrongIn(fields, given.value);
    if (Object.keys(wrong.value).length) {
      focusWrong(form);
      return false;
    }
    act([...seen.keys()], question, answerOf(fields, given.value), seen);
    return true;
  };
  return (
    <WorkForm question={question} about={about} send={send}>
      <FieldList
        asked={fields}
        given={given.value}
        wrong={wrong.value}
        often={{ to: knownNames() }}
        change={(name, text) => (given.value = { ...given.value, [name]: text })}
      />
    </WorkForm>
  );
};

const startOf = (fields: readonly FieldAsked[]): Fields =>
  Object.fromEntries(fields.flatMap(({ name, start }) => (start ? [[name, start]] : []))) as Fields;

/** People whose names stand on alerts: to choose from, not to be limited to. */
export function knownNames(): string[] {
  const names = [...items.peek().values()].flatMap(({ work }) => [
    work.assigned_to,
    work.acknowledged_by,
    work.escalated_to,
    work.closed_by,
  ]);
  return [...new Set(names.filter(Boolean))].sort().slice(0, 200);
}
