import { afterEach, beforeEach, expect, test, vi } from "vitest";

// The address of the page, which modules read when they are loaded.
vi.hoisted(() => {
  const place = { pathname: "/", search: "", origin: "http://127.0.0.1" };
  Object.assign(globalThis, { location: place, addEventListener: () => undefined });
});

import { groupsOf, nothingFor, stepped } from "./results";
import { type Found, newSearch } from "./searching";

const EMPTY: Found = { vessels: [], assets: [], alerts: [] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("asks once the typing rests, and gives up the question before", async () => {
  const asked: string[] = [];
  const stopped: string[] = [];
  const search = newSearch(5, (q, stop) => {
    asked.push(q);
    return new Promise((answer, fail) => {
      stop.addEventListener("abort", () => {
        stopped.push(q);
        fail(new DOMException("", "AbortError"));
      });
      setTimeout(() => answer(EMPTY), 1000);
    });
  });
  search.type("e");
  search.type("ea ");
  await vi.advanceTimersByTimeAsync(300);
  expect(asked).toEqual(["ea"]);
  search.type("eagle");
  expect(stopped).toEqual(["ea"]);
  expect(search.now.value).toMatchObject({ q: "eagle", busy: true, found: null });
  await vi.advanceTimersByTimeAsync(2000);
  expect(search.now.value).toMatchObject({ foundFor: "eagle", busy: false, found: EMPTY });
  search.type("  ");
  expect(search.now.value).toMatchObject({ q: "", found: null });
});

test("a failure is said, and the same words are asked again", async () => {
  let times = 0;
  const search = newSearch(5, () => (++times === 1 ? Promise.reject(new Error("gone")) : Promise.resolve(EMPTY)));
  search.type("x");
  await vi.advanceTimersByTimeAsync(500);
  expect(search.now.value.trouble).toBe("gone");
  search.type("x");
  await vi.advanceTimersByTimeAsync(500);
  expect(search.now.value).toMatchObject({ trouble: "", found: EMPTY });
});

test("rows lead to their pages, whatever names hold", () => {
  const found = {
    vessels: [
      { mmsi: 1, name: "<img src=x>", imo: null, flag: "FI", ship_class: "tanker", place: null, level: "alarm" },
    ],
    assets: [{ id: "a/b?c", name: "", kind: "power_cable" }],
    alerts: [],
  } as unknown as Found;
  const groups = groupsOf(found);
  expect(groups.map((group) => group.title)).toEqual(["Vessels", "Assets"]);
  expect(groups[0]?.rows[0]).toMatchObject({ path: "/vessels/1", name: "<img src=x>", level: "alarm" });
  expect(groups[0]?.rows[0]?.about).toBe("MMSI 1, FI, tanker, no position");
  expect(groups[1]?.rows[0]).toMatchObject({ path: "/assets/a%2Fb%3Fc", name: "a/b?c", about: "power cable" });
});

test("arrows go around, and nothing found says what was searched", () => {
  expect([stepped(-1, 1, 3), stepped(-1, -1, 3), stepped(2, 1, 3), stepped(0, -1, 3), stepped(0, 1, 0)]).toEqual([
    0, 2, 0, 2, -1,
  ]);
  expect(nothingFor("xyz")).toContain("“xyz”");
});
