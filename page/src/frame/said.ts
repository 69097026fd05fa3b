/** What must not be overlooked, in words: pure, so that it can be tested. The worst is first; none hides another. */

import type { Heartbeat } from "../api/alert_stream";
import type { Leap } from "../state/steady_clock";
import { countOf, dayOf, momentOf, spanOf, timeOf } from "../words";

export interface Said {
  key: string;
  /** bad: what is shown may be wrong or missing. note: to be known. */
  weight: "bad" | "note";
  head: string;
  text: string;
  /** May be put away: it was only news. */
  harmless?: boolean;
  /** What changes from second to second: shown, but not read out each time. */
  count?: string;
  link?: { href: string; words: string };
  again?: boolean;
}

export interface Situation {
  nowMs: number;
  contact: "connecting" | "live" | "lost";
  stale: boolean;
  lostMs: number | null;
  heardMs: number;
  lostWhy: string;
  beat: Heartbeat | null;
  slept: Leap | null;
  restartedMs: number | null;
  clockOffS: number;
  /** It answers questions, but its stream does not come through. */
  answers: boolean;
  /** Seconds for which the time of a live picture has not moved. */
  standsS: number;
  waiting: number;
  /** Actions that wait are on this machine also without the page. */
  waitingKept: boolean;
  waitingWhy: string;
  alertsTrouble: string | null;
}

// From arrival to judged. A watch that keeps up needs milliseconds; half a minute is what a person would wait for nothing.
const LATE_S = 30;
// Judging trails the picture by the hold-back of the slowest feed, usually 10 minutes at most.
const UNJUDGED_S = 900;
const FEEDS_EACH = 3;

export function saidOf(now: Situation): Said[] {
  return [...ofContact(now), ...ofWatch(now), ...ofFeeds(now.beat), ...ofPage(now)];
}

function ofContact(now: Situation): Said[] {
  if (!now.stale) return [];
  if (now.contact === "live" && now.standsS) return [standing(now)];
  if (!now.beat && now.contact !== "lost") return [];
  const sinceMs = now.lostMs === null ? now.heardMs : Math.min(now.lostMs, now.heardMs || now.lostMs);
  const why = now.lostWhy ? ` (${now.lostWhy})` : "";
  if (now.answers) return [streamless(now, sinceMs)];
  return [
    {
      key: "contact",
      weight: "bad",
      head: now.heardMs ? "Connection to the watch lost" : "The watch cannot be reached",
      text: now.heardMs
        ? `Last heard ${timeOf(ofWatchMs(sinceMs, now))} UTC${why}. Everything shown is OLD; new alerts do not reach this page. It is tried again by itself. If it stays so: look whether the watch runs, and its network.`
        : `Nothing was loaded yet${why}. It is tried again by itself. Look whether the watch runs, and its network.`,
      count: now.heardMs ? `for ${spanOf((now.nowMs - sinceMs) / 1000)}` : "",
      again: true,
    },
  ];
}

/** A time of this machine's clock as the watch would tell it. */
const ofWatchMs = (ms: number, { clockOffS }: Situation): number => ms - 1000 * clockOffS;

const streamless = (now: Situation, sinceMs: number): Said => ({
  key: "contact",
  weight: "bad",
  head: "The watch answers, but its stream does not come through",
  text: "The alerts are asked for each half minute, vessels and ages are OLD. A proxy on the way that lets no WebSockets through does this, or too many open pages.",
  count: now.heardMs ? `for ${spanOf((now.nowMs - sinceMs) / 1000)}` : "",
  again: true,
});

const standing = ({ standsS }: Situation): Said => ({
  ...bad(
    "contact",
    "The watch stands still",
    "It answers, but the time of its picture does not move: nothing new is judged. Everything shown is OLD. Look at its log; start it again if it stays so.",
  ),
  count: `for ${spanOf(standsS)}`,
});

/** With one full stop. */
const ended = (text: string): string => `${text.trim().replace(/[. ]+$/, "")}.`;

function ofWatch({ beat, alertsTrouble }: Situation): Said[] {
  const said: Said[] = [];
  if (alertsTrouble)
    said.push(bad("alerts", "The alerts could not be loaded", `${ended(alertsTrouble)} An empty list means nothing.`));
  if (!beat) return said;
  const trouble = troubleOf(beat);
  if (trouble) said.push(bad("trouble", "The watch has trouble", trouble));
  const settledMs = beat.settled ? Date.parse(beat.settled) : Number.NaN;
  const judged = Number.isFinite(settledMs) ? ` Judged up to ${dayOf(settledMs)} ${timeOf(settledMs, false)} UTC.` : "";
  if (!beat.caught_up)
    said.push(
      bad(
        "catching",
        "Catching up",
        `The watch reads again what came before its start. Alerts may be missing until then.${judged}`,
      ),
    );
  else if (!beat.replay_of && beat.lag_s > LATE_S)
    said.push({
      ...bad("lag", "The watch is behind", `More comes in than it can judge: alerts come late.${judged}`),
      count: `by ${spanOf(beat.lag_s)}`,
    });
  else if (!beat.replay_of && Date.parse(beat.time) - settledMs > UNJUDGED_S * 1000)
    said.push(bad("unjudged", "Judging waits", `A feed brings nothing new or brings it late.${judged}`));
  return said;
}

/** Trouble of the watch without that of feeds, each of which has a banner of its own. */
function troubleOf({ trouble, feeds }: Heartbeat): string {
  const named = feeds.filter(({ healthy }) => !healthy).map(({ name, why }) => `feed ${name}: ${why}`);
  return trouble
    .split("; ")
    .filter((part) => !named.includes(part))
    .join("; ");
}

const bad = (key: string, head: string, text: string): Said => ({ key, weight: "bad", head, text });

function ofFeeds(beat: Heartbeat | null): Said[] {
  const ill = beat?.feeds.filter((feed) => !feed.healthy) ?? [];
  if (ill.length > FEEDS_EACH) {
    const names = ill.map((feed) => feed.name).join(", ");
    const text = `${names}. Fewer vessels on the map do not mean a calm sea.`;
    return [
      { ...bad("feeds", `${countOf(ill.length)} feeds are not well`, text), link: { href: "/feeds", words: "Feeds" } },
    ];
  }
  return ill.map((feed) => ({
    ...bad(`feed ${feed.name}`, `Feed ${feed.name}`, `${feed.why || "not healthy"}. ${lastOf(feed.last)}`),
    link: { href: `/feeds/${encodeURIComponent(feed.name)}`, words: "Look" },
  }));
}

const lastOf = (last: string | null): string =>
  last ? `Last heard ${momentOf(Date.parse(last))}.` : "Nothing was ever heard of it.";

function ofPage(now: Situation): Said[] {
  const said: Said[] = [];
  if (now.clockOffS)
    said.push(bad("clock", "This machine's clock is not that of the watch", clockWords(now.clockOffS)));
  if (now.waiting && (now.waitingWhy || now.stale)) said.push(waitingWords(now));
  if (now.slept)
    said.push({
      key: "slept",
      weight: "note",
      head: `This page slept for ${spanOf((now.slept.toMs - now.slept.fromMs) / 1000)}`,
      text: `From ${timeOf(ofWatchMs(now.slept.fromMs, now), false)} to ${timeOf(ofWatchMs(now.slept.toMs, now), false)} UTC it heard nothing. Everything was loaded anew.`,
      harmless: true,
    });
  if (now.restartedMs !== null)
    said.push({
      key: "restarted",
      weight: "note",
      head: "The watch was started anew",
      text: `At about ${timeOf(ofWatchMs(now.restartedMs, now), false)} UTC. Everything was loaded anew.`,
      harmless: true,
    });
  return said;
}

function waitingWords({ waiting, waitingKept, waitingWhy }: Situation): Said {
  const kept = waitingKept
    ? "They are kept on this machine, also when the page is closed."
    : "This browser keeps nothing: do not close the page.";
  return bad(
    "waiting",
    `${countOf(waiting)} ${waiting === 1 ? "action waits" : "actions wait"}`,
    `Not taken in by the watch yet${waitingWhy ? ` (${waitingWhy.replace(/[. ]+$/, "")})` : ""}; sent as soon as it answers. ${kept}`,
  );
}

function clockWords(offS: number): string {
  const far = spanOf(Math.abs(offS));
  return `It is ${far} ${offS > 0 ? "ahead of" : "behind"} the watch's. Times on this page are those of the watch. Set one of the two clocks right.`;
}

// Well for this long before its banner goes: what comes and goes each second is worse to read than what stays.
const HELD_MS = 4000;

/** News that was put away goes at once; so does a lost connection that is back: its time says what is so. */
const isShort = ({ key, harmless }: Said): boolean => Boolean(harmless) || key === "contact";

/** Keeps what was said for some seconds after it is over, in its place. */
export class Holding {
  #held = new Map<string, { said: Said; lastMs: number }>();

  take(fresh: Said[], nowMs: number): Said[] {
    for (const said of fresh) this.#held.set(said.key, { said, lastMs: nowMs });
    for (const [key, { said, lastMs }] of this.#held)
      if (isShort(said) ? lastMs < nowMs : nowMs - lastMs >= HELD_MS) this.#held.delete(key);
    const order = new Map(fresh.map((said, at) => [said.key, at]));
    return [...this.#held.values()]
      .map(({ said }) => said)
      .sort((a, b) => (order.get(a.key) ?? 99) - (order.get(b.key) ?? 99));
  }

  forget(key: string): void {
    this.#held.delete(key);
  }
}
