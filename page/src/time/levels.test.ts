import { expect, it, vi } from "vitest";
import type { Item } from "../api/client";

vi.mock("../state/alerts", () => ({ items: { peek: () => new Map() } }));
const { asThen, levelThen, levelsOf } = await import("./levels");

const at = (time: string): number => Date.parse(`2024-12-25T${time}:00Z`);
const lines = (...all: [level: string, time: string][]) =>
  all.map(([level, time]) => ({ level, at: new Date(at(time)).toISOString() }));

const alert = (fields: object): Item =>
  ({
    alert: {
      level: "alarm",
      status: "ended",
      raised: "2024-12-25T10:00:00Z",
      end: "2024-12-25T12:00:00Z",
      vessel: { mmsi: 7 },
      extra: { levels: lines(["caution", "10:00"], ["alarm", "11:00"]) },
      ...fields,
    },
    work: { state: "new" },
  }) as unknown as Item;

it("has the level that it was shown with then", () => {
  expect(levelThen(alert({}), at("09:59"))).toBeNull();
  expect(levelThen(alert({}), at("10:30"))).toBe("caution");
  expect(levelThen(alert({}), at("11:00"))).toBe("alarm");
  expect(levelThen(alert({}), at("12:30"))).toBe("alarm");
  expect(levelThen(alert({}), at("12:31"))).toBeNull();
  expect(levelThen(alert({ status: "open" }), at("18:00"))).toBe("alarm");
});

it("stood before it was withdrawn, and not after", () => {
  const gone = alert({ status: "withdrawn", extra: { levels: lines(["warning", "10:00"], ["withdrawn", "11:00"]) } });
  expect(levelThen(gone, at("10:30"))).toBe("warning");
  expect(levelThen(gone, at("11:30"))).toBeNull();
  expect(asThen(gone, at("10:30"))?.alert).toMatchObject({ level: "warning", status: "open" });
});

it("believes nothing of the shape of what is said besides", () => {
  for (const extra of [null, {}, { levels: "alarm" }, { levels: [null, 3, { level: 1, at: 2 }] }])
    expect(levelThen(alert({ extra }), at("11:00"))).toBe("alarm");
  const odd = alert({ extra: { levels: lines(["__proto__", "10:00"]) } });
  expect(levelThen(odd, at("11:00"))).toBeNull();
});

it("marks a vessel with the worst of its alerts then", () => {
  const all = [alert({}), alert({ extra: { levels: lines(["warning", "10:00"]) } })];
  expect(levelsOf(all, at("10:30"))).toEqual(new Map([[7, 2]]));
  expect(levelsOf(all, at("11:30"))).toEqual(new Map([[7, 3]]));
});
