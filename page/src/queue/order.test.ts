import { describe, expect, it } from "vitest";
import type { Item, Level } from "../api/client";
import { anchored, freshOf, lastClosedFirst, windowOf, worstFirst } from "./order";

const item = (id: string, level: Level, raised: string, changed: string | null = null, seq = 1): Item =>
  ({ alert: { id, level, raised }, work: { changed }, seq }) as unknown as Item;

describe("order", () => {
  it("has the worst first, of these the newest, and ids between equals", () => {
    const all = [
      item("d", "caution", "2024-12-25T12:00:00Z"),
      item("b", "alarm", "2024-12-25T10:00:00Z"),
      item("c", "warning", "2024-12-25T13:00:00Z"),
      item("a", "alarm", "2024-12-25T11:00:00Z"),
      item("f", "caution", "2024-12-25T12:00:00Z"),
      item("e", "caution", "2024-12-25T12:00:00.5Z"),
    ];
    expect(all.sort(worstFirst).map(({ alert }) => alert.id)).toEqual(["a", "b", "c", "e", "d", "f"]);
  });

  it("has the last closed first", () => {
    const all = [
      item("a", "alarm", "", "2024-12-25T10:00:00Z"),
      item("b", "alarm", "", "2024-12-25T12:00:00Z", 3),
      item("c", "alarm", "", null),
      item("d", "alarm", "", "2024-12-25T12:00:00Z", 9),
    ];
    expect(all.sort(lastClosedFirst).map(({ alert }) => alert.id)).toEqual(["d", "b", "a", "c"]);
  });

  it("tells new ones from those that are shown", () => {
    expect(freshOf(["b", "a"], ["c", "a", "d", "b"])).toEqual(["c", "d"]);
  });

  it("keeps a row where it is on the screen when others come in above or go", () => {
    expect(anchored("b", ["a", "b"], ["x", "y", "a", "b"], 40, 80)).toBe(200);
    expect(anchored("b", ["a", "b"], ["b"], 40, 80)).toBe(0);
    expect(anchored("gone", ["a"], ["b"], 40, 80)).toBe(40);
    expect(anchored(null, ["a"], ["a"], 40, 80)).toBe(40);
  });

  it("draws only what is to be seen and a little more", () => {
    expect(windowOf(0, 400, 80, 5000, 2)).toEqual([0, 7]);
    expect(windowOf(8000, 400, 80, 5000, 2)).toEqual([98, 107]);
    expect(windowOf(8000, 400, 80, 3, 2)).toEqual([3, 3]);
    expect(windowOf(0, 400, 80, 0)).toEqual([0, 0]);
  });
});
