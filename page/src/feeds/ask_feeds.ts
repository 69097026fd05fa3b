/** The feeds as they are now, asked every few seconds while a page shows them, with what came in between. */

import { api, type Schemas, told } from "../api/client";
import { type Asked, useAsked } from "../parts/asked";
import { type Sample, sampled } from "./rates";

const EVERY_S = 5;

export interface FeedsNow {
  feeds: Schemas["FeedState"][];
  /** By name; lives as long as the page, so that going to a feed and back begins nothing anew. */
  samples: ReadonlyMap<string, readonly Sample[]>;
}

const samples = new Map<string, readonly Sample[]>();

export const useFeeds = (everyS = EVERY_S): Asked<FeedsNow> => useAsked(askFeeds, "feeds", everyS);

async function askFeeds(signal: AbortSignal): Promise<FeedsNow> {
  const { feeds } = await told(api.GET("/api/v1/feeds", { signal }));
  const atMs = performance.now();
  for (const { name, lines, rows } of feeds) samples.set(name, sampled(samples.get(name) ?? [], { atMs, lines, rows }));
  return { feeds, samples };
}
