/** Names of assets that an alert gives by id only; asked for once. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Alert, api, told } from "../api/client";

const names = signal<ReadonlyMap<string, string>>(new Map());
const asking = new Set<string>();

export function useAssetName(id: string, known: Alert["assets"] = []): string {
  const said = known.find((asset) => asset.id === id)?.name || names.value.get(id);
  useEffect(() => {
    if (!said) void learn(id);
  }, [id, said]);
  return said || id;
}

async function learn(id: string): Promise<void> {
  if (asking.has(id)) return;
  asking.add(id);
  try {
    const asset = await told(api.GET("/api/v1/assets/{asset_id}", { params: { path: { asset_id: id } } }));
    names.value = new Map(names.peek()).set(id, asset.properties.name || id);
  } catch {
    // The id says as much; asked again when the page is opened anew.
    asking.delete(id);
  }
}
