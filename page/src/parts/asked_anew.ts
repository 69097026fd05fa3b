import { useEffect, useRef } from "preact/hooks";
import type { Asked } from "./asked";

/** Ask again when `mark` changes; what was answered stays until the new answer is here. */
export function useAnew<T>({ again }: Asked<T>, mark: string | number): void {
  const last = useRef(mark);
  useEffect(() => {
    if (last.current === mark) return;
    last.current = mark;
    again();
  }, [mark, again]);
}
