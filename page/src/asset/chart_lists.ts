/** All assets and zones of the chart without their shapes: asked for once, by pages. */

import { api, type Schemas, told } from "../api/client";

export type Asset = Schemas["AssetProperties"];
export type Zone = Schemas["ZoneProperties"];

const CORNERS = 4; // of each, the fewest: the lists draw nothing
const PAGE = 2000;
const MOST = 20_000; // beyond this nobody reads a list; the filter says what is left out

export interface Listed<T> {
  all: T[];
  /** There are more than are listed. */
  cut: boolean;
}

export const allAssets = (signal: AbortSignal): Promise<Listed<Asset>> =>
  pages((offset) => told(api.GET("/api/v1/assets", { params: { query: query(offset) }, signal })));

export const allZones = (signal: AbortSignal): Promise<Listed<Zone>> =>
  pages((offset) => told(api.GET("/api/v1/zones", { params: { query: query(offset) }, signal })));

const query = (offset: number) => ({ corners: CORNERS, limit: PAGE, offset });

interface Page<T> {
  features: { properties: T }[];
  next: number | null;
}

async function pages<T>(ask: (offset: number) => Promise<Page<T>>): Promise<Listed<T>> {
  const all: T[] = [];
  for (let offset: number | null = 0; offset !== null; ) {
    if (all.length >= MOST) return { all, cut: true };
    const page: Page<T> = await ask(offset);
    all.push(...page.features.map((feature) => feature.properties));
    offset = page.next;
  }
  return { all, cut: false };
}

/** Whether any of the texts holds the words that are looked for. */
export function holds(find: string, ...texts: string[]): boolean {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const text = texts.join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}
