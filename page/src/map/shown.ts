/** Which parts of the map are shown: chosen by the officer, kept on this machine. */

import { computed, signal } from "@preact/signals";
import { keep, kept } from "../state/shelf";
import { assets, zones } from "./charted";
import { depthBounds, tileSets } from "./given";

export interface Part {
  key: string;
  words: string;
  /** Token of the colour of its line; "" = none. */
  token: string;
}

const KEPT = "anchorwatch-layers";
const KINDS: Part[] = [
  { key: "power_cable", words: "power cables", token: "map-power" },
  { key: "telecom_cable", words: "telecom cables", token: "map-telecom" },
  { key: "pipeline", words: "pipelines", token: "map-pipeline" },
];
export const OTHER = "other_assets";
const known = new Set(KINDS.map(({ key }) => key));

export const hidden = signal<ReadonlySet<string>>(last());

function last(): Set<string> {
  try {
    const said: unknown = JSON.parse(kept(KEPT) ?? "[]");
    return new Set(Array.isArray(said) ? said.filter((key) => typeof key === "string") : []);
  } catch {
    return new Set();
  }
}

export function show(key: string, isShown: boolean): void {
  const next = new Set(hidden.peek());
  if (isShown) next.delete(key);
  else next.add(key);
  hidden.value = next;
  keep(KEPT, JSON.stringify([...next]));
}

/** What there is to be shown here. */
export const parts = computed<Part[]>(() => {
  const kinds = new Set(assets.value.map(({ properties }) => String(properties?.kind)));
  const found = KINDS.filter(({ key }) => kinds.has(key));
  if ([...kinds].some((kind) => !known.has(kind)))
    found.push({ key: OTHER, words: "other assets", token: "map-point" });
  if (zones.value.length) found.push({ key: "zones", words: "zones", token: "map-zone" });
  if (depthBounds.value) found.push({ key: "depth", words: "depth", token: "" });
  for (const { name, title } of tileSets.value)
    found.push({ key: `tiles:${name}`, words: `chart ${title || name}`, token: "" });
  found.push({ key: "incidents", words: "incidents, also only reported", token: "" });
  return [...found, { key: "names", words: "names of vessels", token: "" }];
});

/** Whether an asset of this kind is shown. */
export const isKindShown = (kind: string, without: ReadonlySet<string>): boolean =>
  !without.has(known.has(kind) ? kind : OTHER);
