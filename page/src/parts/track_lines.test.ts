import { expect, test } from "vitest";
import { boundsOf, linesOf } from "./track_lines";

const places: [number, number][] = [
  [20, 59],
  [20.1, 59],
  [20.2, 59],
  [20.3, 59],
  [20.4, 59],
];
const timesMs = [0, 10, 20, 30, 40];

test("a track is bold in its span, dashed in silences, and hangs together", () => {
  const lines = linesOf(
    { timesMs, lonLatDeg: places, gaps: [{ fromMs: 30, untilMs: 40 }] },
    { fromMs: 10, untilMs: 30 },
  );
  expect(lines.map((line) => [line.widthPx, Boolean(line.dashed), line.lonLatDeg.length])).toEqual([
    [1.5, false, 2],
    [4, false, 3],
    [1.5, true, 2],
  ]);
  expect(lines[1]?.lonLatDeg[0]).toEqual(lines[0]?.lonLatDeg.at(-1));
  expect(linesOf({ timesMs, lonLatDeg: places, gaps: [] }, null)).toHaveLength(1);
  expect(linesOf({ timesMs: [0], lonLatDeg: [[20, 59]], gaps: [] }, null)).toEqual([]);
});

test("bounds hold all places, over the date line too", () => {
  expect(boundsOf([])).toBeNull();
  const [west, , east] = boundsOf([
    [179.9, 0],
    [-179.9, 1],
  ]) ?? [0, 0, 0, 0];
  expect(west).toBeCloseTo(179.87);
  expect(east).toBeCloseTo(180.13);
  expect(boundsOf([[0, 90]])?.[3]).toBe(89);
});
