/** How a feed is, in words. Nothing that is silent may read like a calm sea. */

import type { Schemas } from "../api/client";
import { countOf, spanOf, timeOf } from "../words";

export type Feed = Schemas["FeedState"];

/** "Healthy: heard 3 s ago" or "NOT HEALTHY for 4 min: connected, but nothing came for 240 s". */
export function healthOf(feed: Feed, nowMs: number): string {
  if (feed.healthy) {
    const heard = feed.last ? `heard ${agoOf(feed.last, nowMs)}` : "nothing came yet; it may still be early";
    return `Healthy: ${heard}`;
  }
  return `Not healthy${forHowLong(feed, nowMs)}: ${feed.why}`;
}

/** Since when it has been as it is: connected but silent = since the last line, else since its state began. */
export function sinceMs(feed: Feed): number {
  const [state, last] = [Date.parse(feed.since ?? ""), Date.parse(feed.last ?? "")];
  if (feed.healthy || feed.state !== "connected") return state;
  return Math.max(Number.isFinite(state) ? state : 0, Number.isFinite(last) ? last : 0) || Number.NaN;
}

function forHowLong(feed: Feed, nowMs: number): string {
  const since = sinceMs(feed);
  return Number.isFinite(since) ? ` for ${spanOf((nowMs - since) / 1000)} (since ${timeOf(since)} UTC)` : "";
}

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
  if (!silent) return "All feeds are heard. Where no feed hears, no vessel is shown: see the coverage.";
  if (silent === feeds.length)
    return "No feed is heard. The map shows what was known before; a calm queue means nothing now.";
  return `${silent} of ${feeds.length} feeds ${silent === 1 ? "is" : "are"} not heard. Vessels that only ${silent === 1 ? "it hears" : "these hear"} are missing or old, and no alert is raised about them.`;
}

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

/** "1 % of its lines could not be read"; empty = none. */
export function rejectedShare(feed: Feed): string {
  const rejected = Object.values(feed.rejects).reduce((sum, count) => sum + count, 0);
  if (!rejected) return "";
  const percent = feed.lines ? (100 * rejected) / feed.lines : 0;
  const share = percent >= 0.1 ? `, ${percent.toFixed(percent < 10 ? 1 : 0)} % of its lines` : "";
  return `${countOf(rejected)} lines could not be read${share}`;
}

/** Not healthy first, those silent for longest before; then by name. */
export function worstFirst(a: Feed, b: Feed): number {
  if (a.healthy !== b.healthy) return a.healthy ? 1 : -1;
  return (a.healthy ? 0 : (sinceMs(a) || 0) - (sinceMs(b) || 0)) || a.name.localeCompare(b.name, "en");
}
