import { useState } from "preact/hooks";
import { countOf } from "../words";

const PAGE = 100; // rows drawn at once: a chart may have ten thousand assets

interface MoreOf<T> {
  rows: readonly T[];
  children: (shown: readonly T[]) => preact.ComponentChildren;
}

/** The first rows of many, and a button for more. */
export function More<T>({ rows, children }: MoreOf<T>) {
  const [most, setMost] = useState(PAGE);
  return (
    <>
      {children(rows.slice(0, most))}
      {rows.length > most && (
        <button type="button" onClick={() => setMost(most + PAGE)}>
          Show {countOf(Math.min(PAGE, rows.length - most))} more of {countOf(rows.length)}
        </button>
      )}
    </>
  );
}
