import { useEffect, useRef } from "preact/hooks";
import type { Asked } from "./asked";

// A replay at high speed states an alert anew several times a second; the watch is asked this seldom at most.
const AGAIN_MS = 5000;

/** Ask again when `mark` changes; what was answered stays until the new answer is here. */
export function useAnew<T>({ again }: Asked<T>, mark: string | number): void {
  const last = useRef(mark);
  const askedMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (last.current === mark) return;
    const waitMs = Math.max(0, askedMs.current + AGAIN_MS - performance.now());
    const timer = setTimeout(() => {
      last.current = mark;
      askedMs.current = performance.now();
      again();
    }, waitMs);
    return () => clearTimeout(timer);
  }, [mark, again]);
}
