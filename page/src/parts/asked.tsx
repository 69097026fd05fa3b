/** Questions to the watch from a page: asked again where they failed, given up when the page is left. */

import "./page.css";
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Trouble, wordsOf } from "../api/client";

const AGAIN_MS = 5000;

export interface Asked<T> {
  data: T | null;
  /** Why the last try failed, in words; empty = it did not. `data` is then old. */
  trouble: string;
  /** The watch knows no such thing. */
  unknown?: boolean;
  /** This machine's time of `data`. */
  atMs: number;
  again(): void;
}

type Answered<T> = Omit<Asked<T>, "again"> & { key: string };

/**
 * Ask when `key` changes, and every `everyS` seconds (0 = once). What the watch cannot answer now (it is gone, busy,
 * starting) is asked again by itself; what it refuses is not.
 */
export function useAsked<T>(ask: (stop: AbortSignal) => Promise<T>, key: string, everyS = 0): Asked<T> {
  const [answer, setAnswer] = useState<Answered<T>>({ key, data: null, trouble: "", atMs: 0 });
  const [round, setRound] = useState(0);
  const asking = useRef(ask);
  asking.current = ask;
  useEffect(() => {
    const stop = new AbortController();
    let timer = 0;
    const once = async (): Promise<void> => {
      let waitMs = 1000 * everyS;
      try {
        const data = await asking.current(stop.signal);
        if (!stop.signal.aborted) setAnswer({ key, data, trouble: "", atMs: Date.now() });
      } catch (error) {
        if (stop.signal.aborted) return;
        waitMs = maySucceed(error) ? AGAIN_MS : 0;
        const unknown = error instanceof Trouble && error.status === 404;
        setAnswer((was) => ({
          ...(was.key === key ? was : { key, data: null, atMs: 0 }),
          trouble: wordsOf(error),
          unknown,
        }));
      }
      if (waitMs && !stop.signal.aborted) timer = window.setTimeout(() => void once(), waitMs);
    };
    void once();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [key, everyS, round]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  // An answer to an earlier question is no answer to this one.
  return answer.key === key ? { ...answer, again } : { data: null, trouble: "", atMs: 0, again };
}

/** Not reached, too often, starting or broken: it may go well later. */
export const maySucceed = (error: unknown): boolean =>
  error instanceof Trouble && (error.status === 0 || error.status === 429 || error.status >= 500);

/** What was answered; until then that it is asked, or why there is no answer. Old data stays, and says so. */
export function Answer<T>({ asked, what, children }: AnswerWords<T>) {
  if (asked.unknown)
    return <p class="trouble">This watch knows no such {what}: it has another chart, or never heard it.</p>;
  return (
    <>
      {asked.trouble && (
        <p class="trouble" role="status">
          {asked.data === null ? `No ${what}` : `This ${what} is old`}: {asked.trouble}{" "}
          <button type="button" onClick={asked.again}>
            Ask again
          </button>
        </p>
      )}
      {asked.data === null ? !asked.trouble && <p class="quiet">Loading the {what} ...</p> : children(asked.data)}
    </>
  );
}

interface AnswerWords<T> {
  asked: Asked<T>;
  /** "asset", "list of feeds": what is asked for. */
  what: string;
  children: (data: T) => ComponentChildren;
}
