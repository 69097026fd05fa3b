/** A search as it is typed: asked when the typing rests, the question before is given up. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { api, type Schemas, told, wordsOf } from "../api/client";

export type Found = Schemas["Found"];

export interface Searched {
  /** What was typed, without spaces around it. */
  q: string;
  /** Answer to `q`; null = none yet. */
  found: Found | null;
  /** What `found` answers: while a new question is asked, the results before stay on the screen. */
  foundFor: string;
  trouble: string;
  busy: boolean;
}

export interface Search {
  now: ReadonlySignal<Searched>;
  /** Take what was typed; asks when nothing follows for a moment. */
  type(q: string): void;
  stop(): void;
}

export const NOTHING: Searched = { q: "", found: null, foundFor: "", trouble: "", busy: false };
/** Between two keys of somebody who types: 200 ms is 60 words a minute, asked at every letter of a slow one. */
const REST_MS = 180;
/** The API takes no more. */
export const LONGEST = 100;

type Ask = (q: string, stop: AbortSignal) => Promise<Found>;

const askWatch =
  (limit: number): Ask =>
  (q, stop) =>
    told(api.GET("/api/v1/search", { params: { query: { q, limit } }, signal: stop }));

/** A search of its own, with at most `limit` results of each kind. */
export function newSearch(limit: number, ask: Ask = askWatch(limit), restMs = REST_MS): Search {
  const now = signal<Searched>(NOTHING);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked: AbortController | null = null;

  const stop = (): void => {
    clearTimeout(timer);
    asked?.abort();
    asked = null;
  };
  const run = async (q: string): Promise<void> => {
    const mine = new AbortController();
    asked = mine;
    try {
      const found = await ask(q, mine.signal);
      if (!mine.signal.aborted) now.value = { q, found, foundFor: q, trouble: "", busy: false };
    } catch (error) {
      if (!mine.signal.aborted) now.value = { ...NOTHING, q, trouble: wordsOf(error) };
    }
  };
  return {
    now,
    stop,
    type(text) {
      const q = text.trim().slice(0, LONGEST);
      if (q === now.peek().q && !now.peek().trouble) return;
      stop();
      if (!q) {
        now.value = NOTHING;
        return;
      }
      now.value = { ...now.peek(), q, trouble: "", busy: true };
      timer = setTimeout(() => void run(q), restMs);
    },
  };
}
