import type { Sign } from "./feed_words";

const SHAPE: Record<Sign, string> = { well: "✓", ill: "✕", unknown: "?" };

/** The sign of a feed: differs by shape, not only by colour. */
export const Health = ({ sign }: { sign: Sign }) => (
  <span class={`health ${sign}`} aria-hidden="true">
    {SHAPE[sign]}
  </span>
);
