import { describe, expect, it } from "vitest";
import { barsOf, marksOf, type Slot, silencesOf, slotWords } from "./slots";
import { keyed, msAt, spanSaid, windowOf, xOf } from "./window";

const HOUR = 3_600_000;
const NOW = 1000 * HOUR;

describe("the window of the bar", () => {
  it("ends at now", () => expect(windowOf("6h", NOW, null, null)).toEqual({ fromMs: NOW - 6 * HOUR, untilMs: NOW }));

  it("never ends beyond now", () => expect(windowOf("6h", NOW, null, NOW + HOUR).untilMs).toBe(NOW));

  it("follows the time that is shown out of it", () => {
    expect(windowOf("6h", NOW, NOW - 100 * HOUR, null)).toEqual({ fromMs: NOW - 103 * HOUR, untilMs: NOW - 97 * HOUR });
    expect(windowOf("6h", NOW, NOW - HOUR, NOW - 50 * HOUR).untilMs).toBe(NOW);
  });

  it("stays where it was moved while the shown time is in it", () => {
    expect(windowOf("6h", NOW, NOW - 12 * HOUR, NOW - 10 * HOUR).untilMs).toBe(NOW - 10 * HOUR);
  });

  it("takes a pointer to a time and back", () => {
    const window = windowOf("24h", NOW, null, null);
    expect(msAt(xOf(NOW - HOUR, window, 800), window, 800)).toBeCloseTo(NOW - HOUR, 3);
    expect(msAt(-50, window, 800)).toBe(window.fromMs);
    expect(msAt(900, window, 800)).toBe(window.untilMs);
  });

  it("knows its keys", () => {
    const window = windowOf("24h", NOW, null, null);
    expect(keyed("ArrowLeft", NOW, "24h", window)).toBe(NOW - 300_000);
    expect(keyed("PageUp", NOW - HOUR, "24h", window)).toBe(NOW);
    expect(keyed("Home", NOW, "24h", window)).toBe(window.fromMs);
    expect(keyed("End", NOW - HOUR, "24h", window)).toBe("now");
    expect(keyed("a", NOW, "24h", window)).toBeNull();
  });

  it("takes no span that it does not have", () => {
    expect(["1h", "7d", "9y", null, "toString"].map(spanSaid)).toEqual(["1h", "7d", "24h", "24h", "24h"]);
  });
});

const slot = (hour: number, part: Partial<Slot>): Slot => ({
  time: new Date(NOW + hour * HOUR).toISOString(),
  vessels: null,
  raised: { caution: 0, warning: 0, alarm: 0 },
  silent: [],
  ...part,
});

describe("slots", () => {
  const window = { fromMs: NOW, untilMs: NOW + 10 * HOUR };
  const slots = [
    slot(0, { vessels: 50 }),
    slot(1, { vessels: 100, silent: ["shore"] }),
    slot(2, { silent: ["shore"], raised: { caution: 2, warning: 0, alarm: 1 } }),
    slot(4, { vessels: 0, silent: ["coast"] }),
  ];

  it("are bars as high as they have vessels; what is not counted has none", () => {
    expect(barsOf(slots, 3600, window, 100, 40)).toBe("M0.0 40v-20.0H9.5V40zM10.0 40v-40.0H19.5V40z");
  });

  it("mark each level where alerts were raised", () => {
    expect(marksOf(slots, "alarm", 3600, window, 100)).toBe("M21.5 1h7v7h-7z");
    expect(marksOf(slots, "warning", 3600, window, 100)).toBe("");
    expect(marksOf(slots, "caution", 3600, window, 100)).toContain("M21.5 22.5a");
  });

  it("join silences that go on", () => {
    expect(silencesOf(slots, 3600, window, 100)).toEqual([
      [10, 30],
      [40, 50],
    ]);
  });

  it("say in words what they hold", () => {
    expect(slotWords(slots, NOW + 2.5 * HOUR, 3600)).toEqual([
      "vessels not counted yet",
      "1 alarm raised",
      "2 cautions raised",
      "silent: shore",
    ]);
    expect(slotWords(slots, NOW + 9 * HOUR, 3600)).toEqual([]);
  });
});
