import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { apart, contrast, DEFICIENCIES, lightOf, palettesOf } from "./sight";

const PALETTES = palettesOf(readFileSync(new URL("./tokens.css", import.meta.url), "utf8"));
const GROUNDS = ["ground", "panel", "raised"];
const TEXTS = ["ink", "ink-2", "accent", "alarm", "warning", "caution", "good"];
const DRAWN = [
  "map-vessel",
  "map-moored",
  "map-track",
  "map-power",
  "map-telecom",
  "map-pipeline",
  "map-point",
  "map-zone",
];
const LEVELS = ["caution", "warning", "alarm"];
// Shape and word say the level, too; the colours alone must still be four just noticeable steps apart.
const APART = 0.08;

function pairs(names: readonly string[]): [string, string][] {
  return names.flatMap((a, i) => names.slice(i + 1).map((b): [string, string] => [a, b]));
}

it("measures as the standard does", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  expect(apart("#000000", "#ffffff", "none")).toBeCloseTo(1, 2);
  expect(apart("#ff0000", "#00a000", "deutan")).toBeLessThan(apart("#ff0000", "#00a000", "none") / 2);
});

it("has three palettes with the same tokens", () => {
  expect(Object.keys(PALETTES)).toEqual(["day", "dusk", "night"]);
  const [day, ...others] = Object.values(PALETTES).map((tokens) => Object.keys(tokens).sort());
  for (const other of others) expect(other).toEqual(day);
});

describe.each(Object.entries(PALETTES))("%s", (_, tokens) => {
  it("text can be read: 4.5 to 1", () => {
    const poor = TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const))
      .concat([["on-accent", "accent"]] as const)
      .concat(LEVELS.map((level) => [`on-${level}`, `${level}-fill`] as const))
      .concat([
        ["map-text", "map-water"],
        ["map-text", "map-land"],
        ["map-text", "map-halo"],
      ] as const)
      .map(([a, b]) => ({ a, b, ratio: contrast(tokens[a]!, tokens[b]!) }))
      .filter(({ ratio }) => !(ratio >= 4.5));
    expect(poor).toEqual([]);
  });

  it("what is drawn can be seen: 3 to 1", () => {
    const poor = [...DRAWN, ...LEVELS]
      .flatMap((mark) => ["map-water", "map-deep"].map((ground) => [mark, ground] as const))
      .concat([...LEVELS, "map-vessel"].map((mark) => [mark, "map-land"] as const))
      .concat(GROUNDS.map((ground) => ["edge", ground] as const))
      .concat([["bars", "panel"]] as const)
      .map(([a, b]) => ({ a, b, ratio: contrast(tokens[a]!, tokens[b]!) }))
      .filter(({ ratio }) => !(ratio >= 3));
    expect(poor).toEqual([]);
  });

  it("levels are told apart, whatever eyes see them", () => {
    const close = Object.keys(DEFICIENCIES).flatMap((eyes) =>
      [...pairs(LEVELS), ...pairs(LEVELS.map((level) => `${level}-fill`))]
        .map(([a, b]) => ({ eyes, a, b, far: apart(tokens[a]!, tokens[b]!, eyes) }))
        .filter(({ far }) => far < APART),
    );
    expect(close).toEqual([]);
  });

  it("no level looks like a vessel without one", () => {
    for (const eyes of Object.keys(DEFICIENCIES))
      expect(apart(tokens.alarm!, tokens["map-vessel"]!, eyes), eyes).toBeGreaterThan(APART);
  });
});

it("at night is dark red only", () => {
  const tokens = PALETTES.night!;
  for (const [token, hex] of Object.entries(tokens)) {
    const [r, g, b] = lightOf(hex);
    expect(r, token).toBeGreaterThanOrEqual(Math.max(g, b));
    expect(b, token).toBeLessThanOrEqual(g * 1.2 + 0.001);
  }
  expect(lightOf(tokens.ground!)[0]).toBeLessThan(0.01);
});
