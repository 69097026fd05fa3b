import { expect, test } from "vitest";
import { cellsOf, isSilent, summaryOf, weightOf } from "./coverage";
import {
  agoOf,
  clockOf,
  type Feed,
  healthOf,
  meaningOf,
  rejectedShare,
  rejectsOf,
  signOf,
  silenceOf,
  worstFirst,
} from "./feed_words";
import { ratesOf, rateWords, type Sample, sampled, sparkline } from "./rates";

const NOW = Date.parse("2026-11-23T12:10:00Z");
const feed = (said: Partial<Feed>): Feed =>
  ({
    name: "mast",
    healthy: true,
    why: "",
    state: "connected",
    since: "2026-11-23T12:00:00Z",
    last: "2026-11-23T12:09:57Z",
    policy: "",
    lines: 1000,
    rejects: {},
    clock_error_s: null,
    clock_from: "",
    ...said,
  }) as Feed;

test("health in words: healthy, not known, silent, never heard", () => {
  expect(healthOf(feed({}), NOW)).toBe("Healthy: heard 3 s ago");
  expect([signOf(feed({})), signOf(feed({ last: null })), signOf(feed({ healthy: false }))]).toEqual([
    "well",
    "unknown",
    "ill",
  ]);
  expect(healthOf(feed({ last: null }), NOW)).toContain("not known whether it hears");
  const silent = feed({ healthy: false, why: "connected, but nothing came for 240 s", last: "2026-11-23T12:06:00Z" });
  expect(healthOf(silent, NOW)).toBe(
    "Not healthy: connected, but nothing came for 240 s. Last heard 4 min ago, at 12:06:00 UTC.",
  );
  expect(healthOf(silent, NOW + 86_400_000)).toContain("at 23 Nov 2026 12:06:00 UTC");
  expect(healthOf(feed({ healthy: false, why: "refused", last: null }), NOW)).toContain("Nothing was heard of it");
  expect([agoOf(null, NOW), agoOf("2026-11-23T12:10:05Z", NOW)]).toEqual(["never", "now"]);
});

test("a silent feed never reads like a calm sea", () => {
  const [well, ill] = [feed({}), feed({ name: "b", healthy: false })];
  expect(meaningOf([well])).toContain("All feeds are heard");
  expect(meaningOf([ill])).toContain("a calm queue means nothing");
  expect(meaningOf([well, ill])).toContain("1 of 2 feeds is not heard");
  expect(meaningOf([well, feed({ last: null })])).toContain("Of 1 of 2 feeds nothing came yet");
  expect(meaningOf([ill, well, feed({ last: null })])).toContain("Of 1 more nothing came yet");
  expect(meaningOf([])).toBe("");
  expect([well, ill].sort(worstFirst)[0]).toBe(ill);
});

test("policy, clock and rejects", () => {
  expect(silenceOf(feed({ policy: "class A only" }))).toMatch(/^Class A only. A vessel .* is not dark/);
  expect(silenceOf(feed({}))).toContain("falls silent is judged");
  expect(clockOf(feed({}))).toBe("not known");
  expect(clockOf(feed({ clock_error_s: -3600, clock_from: "arrival" }))).toBe("1 h behind, measured against arrival");
  expect(clockOf(feed({ clock_error_s: 0.01 }))).toBe("right");
  const ill = feed({ rejects: { not_nmea: 2, bad_checksum: 10 } });
  expect(rejectsOf(ill)[0]).toEqual({ reason: "wrong checksum", count: 10 });
  expect(rejectedShare(ill)).toBe("12 lines could not be read, 1.2 % of its lines");
});

test("rates from successive answers; a restart of the watch or a long pause begins anew", () => {
  const at = (s: number, lines: number, rows = lines): Sample => ({ atMs: 1000 * s, lines, rows });
  let samples = sampled([], at(0, 100));
  expect(ratesOf(samples).linesAMinute).toBeNull();
  for (const next of [at(5, 200), at(10, 200)]) samples = sampled(samples, next);
  expect(ratesOf(samples)).toMatchObject({ lines: [1200, 0], linesAMinute: 600, spanS: 10 });
  expect(sampled(samples, at(15, 3))).toHaveLength(1);
  expect(sampled(samples, at(100, 300))).toHaveLength(1);
  for (let s = 15; s < 600; s += 5) samples = sampled(samples, at(s, 200 + s));
  expect(samples).toHaveLength(61);
  expect([rateWords(null, "lines"), rateWords(0, "lines"), rateWords(2.5, "rows"), rateWords(1234.4, "rows")]).toEqual([
    "measuring lines ...",
    "0 lines a minute",
    "2.5 rows a minute",
    "1,234 rows a minute",
  ]);
  expect(sparkline([0, 2, 1], 10, 4)).toBe("M0.0 4.0L5.0 0.0L10.0 2.0");
  expect([sparkline([7], 10, 4), sparkline([0], 10, 4), sparkline([], 10, 4)]).toEqual(["M0 0.0H10", "M0 4.0H10", ""]);
  expect(sparkline([0, 0], 10, 4)).toBe("M0.0 4.0L10.0 4.0");
});

test("coverage: cells that are usually heard and are silent now stand out", () => {
  const cell = (slots: number, last: string, vessels = 1) => ({ west_deg: 24, south_deg: 59, slots, vessels, last });
  const usual = cell(30, "2026-11-23T11:00:00Z");
  const rare = cell(2, "2026-11-23T11:00:00Z");
  const heard = cell(36, "2026-11-23T12:10:00Z", 40);
  expect([usual, rare, heard].map((c) => isSilent(c, 6, NOW))).toEqual([true, false, false]);
  const coverage = { feed: null, hours: 6, cell_lon_deg: 0.2, cell_lat_deg: 0.1, cells: [usual, rare, heard] };
  expect(cellsOf(coverage, NOW).map((c) => c.token)).toEqual(["warning", "map-track", "map-track"]);
  expect(cellsOf(coverage, NOW)[0]).toMatchObject({ westDeg: 24, eastDeg: 24.2, northDeg: 59.1 });
  expect(summaryOf(coverage, NOW)).toMatchObject({ heard: 3, silent: 1 });
  expect([weightOf(0), weightOf(1), weightOf(1e6)]).toEqual([0.25, 0.25, 1]);
});
