import { describe, expect, it } from "vitest";
import type { Heartbeat } from "../api/alert_stream";
import { Holding, type Situation, saidOf } from "./said";

const NOW = Date.parse("2026-03-01T04:00:00Z");
const BEAT: Heartbeat = {
  seq: 1,
  time: "2026-03-01T04:00:00Z",
  settled: "2026-03-01T03:58:00Z",
  lag_s: 0.1,
  caught_up: true,
  replay_of: "",
  trouble: "",
  feeds: [{ name: "shore", healthy: true, why: "", last: "2026-03-01T03:59:59Z" }],
};
const WELL: Situation = {
  nowMs: NOW,
  contact: "live",
  stale: false,
  lostMs: null,
  heardMs: NOW,
  lostWhy: "",
  beat: BEAT,
  slept: null,
  restartedMs: null,
  clockOffS: 0,
  answers: false,
  standsS: 0,
  waiting: 0,
  waitingKept: true,
  waitingWhy: "",
  alertsTrouble: null,
};
const keys = (situation: Partial<Situation>) => saidOf({ ...WELL, ...situation }).map(({ key }) => key);
const feed = (name: string) => ({ name, healthy: false, why: "silent for 4 min", last: null });

describe("what must not be overlooked", () => {
  it("says nothing while all is well", () => expect(keys({})).toEqual([]));

  it("says since when the connection is lost, and what to do", () => {
    const [said] = saidOf({ ...WELL, stale: true, contact: "lost", lostMs: NOW - 90_000, heardMs: NOW - 92_000 });
    expect(said?.text).toContain("03:58:28 UTC");
    expect(said?.count).toBe("for 1 min");
    expect(said?.text).toContain("OLD");
    expect(said?.harmless).toBeUndefined();
  });

  it("speaks of a watch that was never reached", () => {
    const [said] = saidOf({ ...WELL, stale: true, contact: "lost", beat: null, heardMs: 0, lostMs: NOW });
    expect(said?.head).toBe("The watch cannot be reached");
  });

  it("tells a watch whose stream is held up, and one that stands still, from one that is gone", () => {
    const lost = { stale: true, contact: "lost" as const, lostMs: NOW - 90_000 };
    expect(saidOf({ ...WELL, ...lost, answers: true })[0]?.head).toContain("its stream does not");
    const [stands] = saidOf({ ...WELL, stale: true, standsS: 20 });
    expect([stands?.head, stands?.count]).toEqual(["The watch stands still", "for 20 s"]);
  });

  it("tells times of this machine as the watch would", () => {
    const [said] = saidOf({ ...WELL, stale: true, contact: "lost", heardMs: NOW, lostMs: NOW, clockOffS: 3600 });
    expect(said?.text).toContain("Last heard 03:00:00 UTC");
  });

  it("lets nothing hide another", () => {
    const beat = { ...BEAT, trouble: "the disk is full", caught_up: false, feeds: [feed("a"), feed("b")] };
    expect(
      keys({ beat, stale: true, lostMs: NOW - 5000, clockOffS: 3600, waiting: 2, waitingWhy: "no answer" }),
    ).toEqual(["contact", "trouble", "catching", "feed a", "feed b", "clock", "waiting"]);
  });

  it("names many feeds in one", () => {
    const [said, ...rest] = saidOf({ ...WELL, beat: { ...BEAT, feeds: ["a", "b", "c", "d"].map(feed) } });
    expect(rest).toEqual([]);
    expect(said?.head).toBe("4 feeds are not well");
    expect(said?.text).toContain("a, b, c, d");
  });

  it("says a lag only of a live watch", () => {
    expect(keys({ beat: { ...BEAT, lag_s: 45 } })).toEqual(["lag"]);
    expect(keys({ beat: { ...BEAT, lag_s: 45, replay_of: "trial" } })).toEqual([]);
    expect(keys({ beat: { ...BEAT, settled: "2026-03-01T03:30:00Z" } })).toEqual(["unjudged"]);
  });

  it("makes an hour plain", () => {
    const [said] = saidOf({ ...WELL, clockOffS: -3600 });
    expect(said?.text).toContain("1 h behind");
  });

  it("lets only news be put away", () => {
    const all = saidOf({ ...WELL, slept: { fromMs: NOW - 6 * 3_600_000, toMs: NOW }, restartedMs: NOW, clockOffS: 60 });
    expect(all.filter(({ harmless }) => harmless).map(({ key }) => key)).toEqual(["slept", "restarted"]);
    expect(all.find(({ key }) => key === "slept")?.head).toContain("6 h");
  });
});

it("does not flicker: what is over stays for some seconds, news that was read does not", () => {
  const holding = new Holding();
  const said = saidOf({ ...WELL, clockOffS: 60, restartedMs: NOW });
  expect(holding.take(said, NOW)).toHaveLength(2);
  expect(holding.take([], NOW + 1000).map(({ key }) => key)).toEqual(["clock"]);
  expect(holding.take([], NOW + 4000)).toEqual([]);
});
