import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface LeafProps {
  name: string;
  /** What the button shows. */
  face: ComponentChildren;
  label: string;
  kind?: string;
  children: (close: () => void) => ComponentChildren;
}

/** A button with a leaf that opens under it. Escape and a press elsewhere close it; the focus goes back to the button. */
export const Leaf = ({ name, face, label, kind = "", children }: LeafProps) => {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const away = (press: PointerEvent) => {
      if (!box.current?.contains(press.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", away, true);
    return () => removeEventListener("pointerdown", away, true);
  }, [open]);
  const keyed = (key: KeyboardEvent) => {
    if (!open || key.key !== "Escape") return;
    key.stopPropagation(); // it must not also close the panel behind
    key.preventDefault();
    close();
  };
  const left = (focus: FocusEvent) => {
    if (focus.relatedTarget && !box.current?.contains(focus.relatedTarget as Node)) setOpen(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears Escape of what is in it
    <div class={`leafed ${kind}`} ref={box} onKeyDown={keyed} onFocusOut={left}>
      <button
        ref={button}
        type="button"
        aria-expanded={open}
        aria-controls={`leaf-${name}`}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
      >
        {face}
      </button>
      {open && (
        <div class="leaf" id={`leaf-${name}`}>
          {children(close)}
        </div>
      )}
    </div>
  );
};
