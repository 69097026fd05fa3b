import type { Feature } from "geojson";
import { expect, it, vi } from "vitest";

vi.stubGlobal("location", new URL("http://watch.example/"));
vi.stubGlobal("addEventListener", () => {});
vi.mock("./charted", () => ({ assets: { peek: () => [] }, boundsOfAll: () => null }));
vi.mock("./camera", () => ({ shownBounds: { peek: () => null } }));
const { isCoarse, overlaps, pixelM } = await import("./finer");

it("knows the metres of a pixel", () => {
  expect(pixelM(0, 0)).toBeCloseTo(78271.5, 0);
  expect(pixelM(10, 60)).toBeCloseTo(38.2, 1);
});

it("asks for lines that are off by more than a pixel", () => {
  const line = { properties: { simplified_m: 31 } } as unknown as Feature;
  expect(isCoarse(line, 38)).toBe(false);
  expect(isCoarse(line, 19)).toBe(true);
  expect(isCoarse({ properties: null } as Feature, 1)).toBe(false);
});

it("finds what lies in view, also across the date line", () => {
  expect(overlaps([20, 59, 25, 60], [24, 58, 26, 61])).toBe(true);
  expect(overlaps([20, 59, 23, 60], [24, 58, 26, 61])).toBe(false);
  expect(overlaps([20, 59, 25, 60], [24, 61, 26, 62])).toBe(false);
  expect(overlaps([-179.5, 0, -179, 1], [179, -1, -178, 2])).toBe(true);
  expect(overlaps([10, 0, 11, 1], [179, -1, -178, 2])).toBe(false);
});
