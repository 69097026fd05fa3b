import type { Fields } from "../../state/outbox";
import { Field } from "./dialog";
import type { FieldAsked } from "./questions";

interface Shape {
  asked: readonly FieldAsked[];
  given: Fields;
  wrong: Partial<Record<keyof Fields, string>>;
  change: (name: keyof Fields, text: string) => void;
  /** What is often said there: names, causes. */
  often?: Partial<Record<keyof Fields, readonly string[]>>;
}

/** The fields of an action, each with its label and what is wrong with it. */
export const FieldList = ({ asked, given, wrong, change, often = {} }: Shape) => (
  <>
    {asked.map((field) => (
      <Field key={field.name} label={field.label} error={wrong[field.name]} hint={field.hint ?? ""}>
        {(ids) => {
          const shared = {
            ...ids,
            name: field.name,
            required: field.must,
            value: given[field.name] ?? "",
            onInput: ({ currentTarget }: { currentTarget: { value: string } }) =>
              change(field.name, currentTarget.value),
          };
          if (field.lines) return <textarea rows={3} {...shared} onKeyDown={sendByCtrlEnter} />;
          const list = often[field.name];
          return (
            <>
              <input type="text" autoComplete="off" {...shared} {...(list ? { list: `${ids.id}-often` } : {})} />
              {list && (
                <datalist id={`${ids.id}-often`}>
                  {list.map((text) => (
                    <option key={text} value={text} />
                  ))}
                </datalist>
              )}
            </>
          );
        }}
      </Field>
    ))}
  </>
);

function sendByCtrlEnter(event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }): void {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
}

/** The first field that is wrong gets the focus. */
export function focusWrong(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
