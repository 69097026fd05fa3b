import { useEffect } from "preact/hooks";
import { ask } from "../state/url";

/** Words of the address that mean something on this page only: they do not go along to the next one. */
export function useOwnWords(...words: string[]): void {
  useEffect(() => () => ask(Object.fromEntries(words.map((word) => [word, null]))), []);
}
