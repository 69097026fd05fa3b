/** From switching a feed on to its first position, in words. */

import type { Schemas } from "../api/client";
import { countOf, spanOf } from "../words";

export interface Waiting {
  words: string;
  /** Positions came: it works. */
  heard: boolean;
  /** Something stands in the way. */
  failed: boolean;
}

type Feed = Schemas["FeedState"];

const waiting = (words: string): Waiting => ({ words, heard: false, failed: false });
const failing = (words: string): Waiting => ({ words, heard: false, failed: true });

/** `feed`: as the watch tells it now; undefined = it does not have it yet. `waitedS`: since it was switched on. */
export function waitingOf(feed: Feed | undefined, waitedS: number): Waiting {
  if (!feed) return waiting("Switching on ...");
  const rejected = Object.values(feed.rejects).reduce((sum, count) => sum + count, 0);
  if (feed.rows) {
    const words = `Heard: ${countOf(feed.rows)} ${feed.rows === 1 ? "position" : "positions"} so far.`;
    return feed.healthy
      ? { words: `${words} It works.`, heard: true, failed: false }
      : failing(`${words} But not now: ${feed.why}.`);
  }
  if (feed.state === "ended")
    return failing(`It has ended: ${feed.why}. Switch it off and on again once that is mended.`);
  if (feed.state === "waiting") return failing(`${sentence(feed.why)} It is tried again by itself.`);
  if (feed.lines && rejected >= feed.lines)
    return failing(`Lines come, but none of the ${countOf(feed.lines)} could be read. See its page for the reasons.`);
  if (feed.lines) return waiting(`${countOf(feed.lines)} lines came, no position among them yet ...`);
  const since = waitedS >= 3 ? ` (${spanOf(waitedS)})` : "";
  if (!feed.healthy && feed.state === "connected") return failing(`${sentence(feed.why)} It may stay silent.`);
  if (feed.state === "connected") return waiting(`Connected. Waiting for the first message ...${since}`);
  return waiting(`Connecting ...${since}`);
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
