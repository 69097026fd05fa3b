import { expect, test } from "vitest";
import { assetKindOf } from "./asset/asset_words";
import { zoneMeaning } from "./asset/zone_words";
import { kindOf, stampsInWords } from "./words";

/** A link `?kind=__proto__` once put Object.prototype into the page, which wrote its own fields onto it. */
test("words that every object knows are words like others", () => {
  for (const word of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    expect(kindOf(word)).toBe(word.replaceAll("_", " "));
    expect(assetKindOf(word)).toBe(word.replaceAll("_", " "));
    expect(zoneMeaning(word)).toBe("");
  }
  expect(kindOf("ais_gap")).toBe("AIS silence");
});

test("times in a text of the watch are said as people say them", () => {
  expect(stampsInWords("known 2024-12-25T10:40:00Z; 0 min outside")).toBe("known 25 Dec 10:40; 0 min outside");
  expect(stampsInWords("2024-99-99T10:40:00Z")).toBe("2024-99-99T10:40:00Z");
});
