import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { asked } from "./asked";

interface Shape {
  title: ComponentChildren;
  onClose: () => void;
  children: ComponentChildren;
  wide?: boolean;
}

/** A native modal dialog: it keeps the focus, Escape closes it, and the focus goes back to where it was. */
export const Dialog = ({ title, onClose, children, wide }: Shape) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const own = dialog.current;
    const mine = asked.peek();
    // The browser tells of the end later: the next dialog may be asked for by then, or be open.
    const ended = (): void => {
      if (!mine || asked.peek() === mine) onClose();
    };
    own?.showModal();
    own?.addEventListener("close", ended);
    const field = own?.querySelector<HTMLElement>("form :is(input, textarea, select)");
    (field ?? own?.querySelector<HTMLElement>("form button"))?.focus();
    return () => {
      own?.removeEventListener("close", ended);
      const on = document.activeElement;
      if (on !== document.body && !own?.contains(on)) return; // it went on by itself
      own?.close(); // as long as it is open nothing behind it takes the focus
      if (before?.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog ref={dialog} class={wide ? "ask wide" : "ask"} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" aria-label="Close without doing anything" onClick={onClose}>
          ✕
        </button>
      </header>
      {children}
    </dialog>
  );
};

interface FieldShape {
  label: string;
  error?: string | undefined;
  hint?: string;
  children: (ids: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ComponentChildren;
}

/** One field with its label, and in words what is wrong with it. */
export const Field = ({ label, error, hint, children }: FieldShape) => {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": `${id}-said`, "aria-invalid": Boolean(error) })}
      <p id={`${id}-said`} class={error ? "wrong" : "quiet"}>
        {error ?? hint}
      </p>
    </div>
  );
};
