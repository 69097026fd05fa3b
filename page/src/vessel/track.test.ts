import { expect, test } from "vitest";
import { askedSpan, gapsOf, plottedOf, readingOf } from "./track";

const MIN = 60_000;
const HOUR = 60 * MIN;

test("a silence is long, and longer than usual", () => {
  expect(gapsOf([0, MIN, 2 * MIN, 13 * MIN, 14 * MIN])).toEqual([{ fromMs: 2 * MIN, untilMs: 13 * MIN }]);
  expect(gapsOf([0, HOUR, 2 * HOUR, 3 * HOUR])).toEqual([]);
  expect(gapsOf([])).toEqual([]);
});

test("hours back from now, or from when it was last heard", () => {
  expect(askedSpan("6", 100 * HOUR, 99 * HOUR, null)).toEqual({ fromMs: 94 * HOUR, untilMs: 100 * HOUR });
  expect(askedSpan("6", 100 * HOUR, 50 * HOUR, null)).toEqual({ fromMs: 44 * HOUR, untilMs: 50 * HOUR });
  expect(askedSpan("around", 100 * HOUR, 50 * HOUR, 20 * HOUR)).toEqual({ fromMs: 17 * HOUR, untilMs: 23 * HOUR });
});

const properties = {
  mmsi: 1,
  name: "",
  times: ["2024-12-25T10:26:05Z"],
  sog_kn: [8.9],
  cog_deg: [84],
  heading_deg: [null],
  thinned: false,
};

test("one place, and none", () => {
  const one = plottedOf({ type: "Feature", id: 1, geometry: { type: "Point", coordinates: [20, 59] }, properties });
  expect(one.lonLatDeg).toEqual([[20, 59]]);
  expect(readingOf(one, 0)).toBe("10:26:05 UTC: 8.9 kn, course 084°, no heading");
  expect(
    plottedOf({ type: "Feature", id: 1, geometry: null, properties: { ...properties, times: [] } }).lonLatDeg,
  ).toEqual([]);
});
