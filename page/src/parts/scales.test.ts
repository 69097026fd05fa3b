import { expect, test } from "vitest";
import { nearestIndex, pathOf, rangeOf, timeTicks, valueTicks } from "./scales";

const HOUR_MS = 3_600_000;

test("ticks of time are whole and few", () => {
  const fromMs = Date.UTC(2024, 11, 25, 4, 7);
  expect(
    timeTicks({ fromMs, untilMs: fromMs + 8 * HOUR_MS }, 6).map((t) => new Date(t).toISOString().slice(11, 16)),
  ).toEqual(["06:00", "08:00", "10:00", "12:00"]);
  expect(timeTicks({ fromMs, untilMs: fromMs }, 6)).toEqual([]);
  expect(timeTicks({ fromMs, untilMs: fromMs + 400 * 24 * HOUR_MS }, 6).length).toBeLessThanOrEqual(7);
});

test("ticks of values hold both ends", () => {
  expect(valueTicks(0, 11.2, 4)).toEqual([0, 5, 10, 15]);
  expect(valueTicks(-20, 35, 3)).toEqual([-20, 0, 20, 40]);
  expect(valueTicks(3, 3, 3).length).toBeGreaterThan(1);
  expect(valueTicks(Number.NaN, 1, 3)).toEqual([0, 1]);
});

test("a range knows only what is known", () => {
  expect(
    rangeOf([
      [null, 3],
      [Number.NaN, -1],
    ]),
  ).toEqual([-1, 3]);
  expect(rangeOf([[null], []])).toBeNull();
});

test("a line breaks at silences, at unknown values and where a course passes north", () => {
  const same = (n: number) => n;
  const d = (values: (number | null)[], gaps: { fromMs: number; untilMs: number }[] = [], mostStep?: number) =>
    pathOf({ timesMs: [0, 1, 2], values, gaps, ...(mostStep ? { mostStep } : {}) }, same, same).replace(/[^ML]/g, "");
  expect(d([1, 2, 3])).toBe("MLL");
  expect(d([1, null, 3])).toBe("MM");
  expect(d([1, 2, 3], [{ fromMs: 1, untilMs: 2 }])).toBe("MLM");
  expect(d([359, 1, 2], [], 180)).toBe("MML");
});

test("the nearest of many times", () => {
  const times = [0, 10, 20, 40];
  expect([-5, 4, 6, 29, 31, 99].map((t) => nearestIndex(times, t))).toEqual([0, 0, 1, 2, 3, 3]);
  expect(nearestIndex([], 3)).toBe(-1);
});
