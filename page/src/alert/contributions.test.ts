import { expect, test } from "vitest";
import { contributionsOf, measureOf, oddsOf, signed } from "./contributions";

const reason = (name: string, log_odds: number | null) => ({ name, value: 1, unit: "1", log_odds });

test("the bars add up to the score, on both sides of zero", () => {
  const told = contributionsOf(
    [reason("nearness", 0.5), reason("prior", -2), reason("drag", 3), reason("calm", -1)],
    0.6225,
  );
  expect(told.bars.map((bar) => bar.name)).toEqual(["prior", "drag", "calm", "nearness"]);
  expect(told.sum).toBeCloseTo(0.5);
  expect(told.adds).toBe(true);
  expect(told.zero).toBeCloseTo(0.4);
  const [prior, drag] = told.bars;
  expect([prior?.from, prior?.to, prior?.side]).toEqual([0, 0.4, "prior"]);
  expect([drag?.from, drag?.to, drag?.side]).toEqual([0.4, 1, "for"]);
});

test("a score that the bars do not make is told", () => {
  expect(contributionsOf([reason("prior", -2), reason("drag", 3)], 0.99).adds).toBe(false);
  expect(contributionsOf([reason("prior", -2)], null).adds).toBe(true);
});

test("a reason without weight, and no reasons at all, draw nothing", () => {
  const told = contributionsOf([reason("listed", null), reason("zero", 0)], 0.5);
  expect(told.bars.every((bar) => bar.side === "none" && bar.from === bar.to)).toBe(true);
  expect(contributionsOf([], null)).toMatchObject({ bars: [], sum: 0, sumScore: 0.5 });
});

test("measures read as at sea", () => {
  expect(measureOf(1159, "m")).toBe("1.2 km");
  expect(measureOf(40, "min")).toBe("40 min");
  expect(measureOf(0.326, "1")).toBe("0.33");
  expect(measureOf(5.338, "deg/min")).toBe("5.34 deg/min");
  expect(measureOf("in_anchorage", "")).toBe("in anchorage");
  expect(measureOf(null, "m")).toBe("");
  expect(measureOf(Number.NaN, "m")).toBe("not known");
});

test("signs and odds", () => {
  expect(signed(-1.54)).toBe("−1.5");
  expect(signed(-0.01)).toBe("+0.0");
  expect(oddsOf(2.8)).toBe("odds × 16");
  expect(oddsOf(-1.5)).toBe("odds ÷ 4.5");
  expect(oddsOf(0)).toBe("no change");
});
