import { expect, it } from "vitest";
import type { Heartbeat } from "../api/alert_stream";
import { titleOf } from "./title_words";
import { dueTo, feedsWords, isDeaf, watchWords } from "./watch_words";

const BEAT: Heartbeat = {
  seq: 1,
  time: "2026-03-01T04:00:00Z",
  settled: "2026-03-01T03:50:00Z",
  lag_s: 0.1,
  caught_up: true,
  replay_of: "",
  trouble: "",
  feeds: [],
};
const feed = (healthy: boolean) => ({ name: "shore", healthy, why: "", last: null });

it("says how the watch is in a word", () => {
  expect(watchWords("live", null)).toBe("LIVE");
  expect(watchWords("replay", null)).toBe("REPLAY");
  expect(watchWords("replay", 29.97)).toBe("REPLAY ×30");
  expect(watchWords("replay", 603.1)).toBe("REPLAY ×600");
  expect(watchWords("replay", 0)).toBe("REPLAY ENDED");
  expect(watchWords("catching up", null)).toBe("CATCHING UP");
});

it("does not call a watch live that hears nothing", () => {
  expect(isDeaf("live", BEAT)).toBe(true);
  expect(isDeaf("live", { ...BEAT, feeds: [feed(false)] })).toBe(true);
  expect(isDeaf("live", { ...BEAT, feeds: [feed(false), feed(true)] })).toBe(false);
  expect(isDeaf("replay", BEAT)).toBe(false);
});

it("says how many feeds are well, and that none is no calm", () => {
  expect(feedsWords(null).isIll).toBe(true);
  expect(feedsWords(BEAT)).toMatchObject({ words: "no feed", isIll: true });
  expect(feedsWords({ ...BEAT, feeds: [feed(true), feed(false)] }).words).toBe("1 of 2 feeds ill");
  expect(feedsWords({ ...BEAT, feeds: [feed(true)] })).toMatchObject({ words: "1 feed well", isIll: false });
  expect(feedsWords({ ...BEAT, replay_of: "x" }).isIll).toBe(false);
});

it("says up to when it is judged only where that is long ago", () => {
  expect(dueTo(BEAT).short).toBe("judged to 03:50");
  expect(dueTo({ ...BEAT, settled: "2026-03-01T03:59:00Z" }).short).toBe("");
  expect(dueTo({ ...BEAT, settled: null }).short).toBe("nothing judged yet");
});

it("titles the tab by what is so", () => {
  const calm = { state: "live", stale: false, earlier: false, alarms: 0, warnings: 0, name: "", id: "" };
  expect(titleOf(calm)).toBe("Anchorwatch");
  expect(titleOf({ ...calm, alarms: 2, warnings: 9 })).toBe("2 alarms - Anchorwatch");
  expect(titleOf({ ...calm, warnings: 1, earlier: true })).toBe("1 warning - Earlier - Anchorwatch");
  expect(titleOf({ ...calm, stale: true, alarms: 2, name: "vessels", id: "311900178" })).toBe(
    "OLD - Vessel 311900178 - Anchorwatch",
  );
});
