import type { Heartbeat } from "../api/alert_stream";
import type { WatchState } from "../state/watch";
import { momentOf, spanOf, timeOf } from "../words";

/** "LIVE", "REPLAY ×30", "CATCHING UP", "OLD". */
export function watchWords(state: WatchState, speed: number | null): string {
  if (state !== "replay") return state.toUpperCase();
  if (speed === null) return "REPLAY";
  return speed < 0.05 ? "REPLAY ENDED" : `REPLAY ×${roundSpeed(speed)}`;
}

/** A live watch of which no feed is well hears nothing: that is not how a calm sea looks. */
export const isDeaf = (state: WatchState, beat: Heartbeat | null): boolean =>
  state === "live" && !beat?.feeds.some(({ healthy }) => healthy);

/** Two figures: what was measured over some seconds is no better. */
function roundSpeed(speed: number): number {
  if (speed < 10) return Math.round(speed * 10) / 10;
  const unit = 10 ** (Math.floor(Math.log10(speed)) - 1);
  return Math.round(speed / unit) * unit;
}

// Judging trails by the hold-back of the feeds; less than this is not worth a place in the bar.
const WORTH_S = 120;

/** Up to when everything is judged: short where that is long ago, and in full. */
export function dueTo(beat: Heartbeat | null): { short: string; long: string } {
  if (!beat) return { short: "", long: "The watch was not heard yet" };
  const lag = `From arrival to judged: ${beat.lag_s < 1 ? "under 1 s" : spanOf(beat.lag_s)}`;
  if (!beat.settled) return { short: "nothing judged yet", long: lag };
  const settledMs = Date.parse(beat.settled);
  const behindS = (Date.parse(beat.time) - settledMs) / 1000;
  return {
    short: behindS > WORTH_S ? `judged to ${timeOf(settledMs, false)}` : "",
    long: `Everything up to ${momentOf(settledMs)} is judged. ${lag}`,
  };
}

/** Whether the watch hears: of a replay there is nothing to be heard. */
export function feedsWords(beat: Heartbeat | null, isStale = false): { words: string; long: string; isIll: boolean } {
  if (!beat) return { words: "feeds ?", long: "not known yet", isIll: true };
  if (isStale) return { words: "feeds ?", long: "not known: the watch is not heard", isIll: true };
  const all = beat.feeds.length;
  if (!all && beat.replay_of)
    return { words: "recorded", long: "this is a replay of what was heard before", isIll: false };
  if (!all) return { words: "no feed", long: "none is connected: nothing is heard", isIll: true };
  const ill = beat.feeds.filter((feed) => !feed.healthy).length;
  if (ill) return { words: `${ill} of ${all} feeds ill`, long: `${ill} of ${all} not well`, isIll: true };
  return { words: `${all} feed${all === 1 ? "" : "s"} well`, long: "all are well", isIll: false };
}
