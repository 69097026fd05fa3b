import type { Feature } from "geojson";
import { expect, test } from "vitest";
import { collection, keyOf } from "./keyed";

const NAMES = ["__proto__", "constructor", "toString", "", "a/b", "=x"];

/** The library keeps the state of a feature in a field of that name: `__proto__` once changed every object of the page. */
test("no id of an asset is a word that every object knows", () => {
  const state: Record<string, object> = {};
  for (const id of NAMES) {
    expect(keyOf(id) in state).toBe(false);
    state[keyOf(id)] = { level: 3 };
  }
  expect(Object.keys(state)).toHaveLength(NAMES.length);
});

test("a feature has its key beside its id", () => {
  const of = (id: string): Feature => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: [0, 0] },
    properties: { id },
  });
  const keys = collection(NAMES.map(of)).features.map(({ properties }) => [properties?.id, properties?.key]);
  expect(keys).toEqual(NAMES.map((id) => [id, keyOf(id)]));
});
