/** How a feed is, in words. Nothing that is silent may read like a calm sea. */

import type { Schemas } from "../api/client";
import { countOf, dayOf, spanOf, timeOf } from "../words";

export type Feed = Schemas["FeedState"];

export type Sign = "well" | "ill" | "unknown";

/** Connected and not yet late, but nothing came so far: that is not known to be well. */
export const signOf = (feed: Feed): Sign => (!feed.healthy ? "ill" : feed.last ? "well" : "unknown");

/** "Healthy: heard 3 s ago"; "Not healthy: connection refused. Last heard 4 min ago, at 12:06:00 UTC." */
export function healthOf(feed: Feed, nowMs: number): string {
  const sign = signOf(feed);
  if (sign === "well") return `Healthy: heard ${agoOf(feed.last, nowMs)}`;
  if (sign === "unknown") return "Connected, but nothing came yet: it is not known whether it hears anything";
  const last = Date.parse(feed.last ?? "");
  const heard = Number.isFinite(last)
    ? `Last heard ${agoOf(feed.last, nowMs)}, at ${dayWhenOld(last, nowMs)}${timeOf(last)} UTC.`
    : "Nothing was heard of it since the watch was started.";
  return `Not healthy: ${feed.why}. ${heard}`;
}

const dayWhenOld = (ms: number, nowMs: number): string => (nowMs - ms > 43_200_000 ? `${dayOf(ms)} ` : "");

/** "3 s ago"; "never". */
export function agoOf(at: string | null, nowMs: number): string {
  const ms = at ? Date.parse(at) : Number.NaN;
  if (!Number.isFinite(ms)) return "never";
  return ms > nowMs ? "now" : `${spanOf((nowMs - ms) / 1000)} ago`;
}

/** What an unhealthy feed means for who reads the map. */
export function meaningOf(feeds: readonly Feed[]): string {
  const silent = feeds.filter((feed) => !feed.healthy).length;
  if (!feeds.length) return "";
  const unknown = feeds.filter((feed) => signOf(feed) === "unknown").length;
  if (!silent && unknown)
    return `Of ${unknown} of ${feeds.length} feeds nothing came yet. A calm queue means nothing so far.`;
  if (!silent) return "All feeds are heard. Where no feed hears, no vessel is shown: see the coverage.";
  if (silent === feeds.length)
    return "No feed is heard. The map shows what was known before; a calm queue means nothing now.";
  const [is, which] = silent === 1 ? ["is", "it hears"] : ["are", "these hear"];
  const more = unknown ? ` Of ${unknown} more nothing came yet.` : "";
  return `${silent} of ${feeds.length} feeds ${is} not heard. Vessels that only ${which} are missing or old, and no alert is raised about them.${more}`;
}

/** The same for one of them. */
export const lacking = (feed: Feed): string =>
  feed.healthy ? "" : "Vessels that only this feed hears are missing or old, and no alert is raised about them.";

/** What it leaves out by rule, and what that means for a vessel that is not heard. */
export function silenceOf(feed: Feed): string {
  if (!feed.policy)
    return "Nothing is known to be left out by rule: a vessel in its reach that falls silent is judged as silent.";
  return `${sentence(feed.policy)} A vessel of what it leaves out is not dark when this feed does not hear it: it was never carried. The watch raises no silence from it.`;
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

/** "its times are 3.2 s ahead of this machine's clock". */
export function clockOf(feed: Feed): string {
  const off = feed.clock_error_s;
  if (off === null) return "not known";
  const against = feed.clock_from ? `, measured against ${feed.clock_from}` : "";
  const much = Math.abs(off);
  const size = much < 120 ? `${much.toFixed(1)} s` : spanOf(much);
  return much < 0.05 ? `right${against}` : `${size} ${off > 0 ? "ahead" : "behind"}${against}`;
}

const REASONS: Record<string, string> = {
  line_too_long: "line too long",
  checksum: "wrong checksum",
  bad_checksum: "wrong checksum",
  incomplete: "half a line",
};

/** Rejects, the most frequent first. */
export const rejectsOf = (feed: Feed): { reason: string; count: number }[] =>
  Object.entries(feed.rejects)
    .map(([reason, count]) => ({ reason: REASONS[reason] ?? reason.replaceAll("_", " "), count }))
    .sort((a, b) => b.count - a.count);

/** "1 % of its lines could not be read". */
export function rejectedShare(feed: Feed): string {
  const rejected = Object.values(feed.rejects).reduce((sum, count) => sum + count, 0);
  if (!rejected) return feed.lines ? "Every line could be read" : "No line came";
  const percent = feed.lines ? (100 * rejected) / feed.lines : 0;
  const share = percent >= 0.1 ? `, ${percent.toFixed(percent < 10 ? 1 : 0)} % of its lines` : "";
  return `${countOf(rejected)} lines could not be read${share}`;
}

/** Not healthy first, then those of which nothing came; those silent for longest before; then by name. */
export function worstFirst(a: Feed, b: Feed): number {
  const rank = (feed: Feed): number => ["ill", "unknown", "well"].indexOf(signOf(feed));
  const last = (feed: Feed): number => (feed.healthy ? 0 : Date.parse(feed.last ?? "") || 0);
  return rank(a) - rank(b) || last(a) - last(b) || a.name.localeCompare(b.name, "en");
}
