/** How the feeds of reports are, in words: pure. */

import { countOf } from "../words";
import type { Press, PressFeed } from "./records";

/** Of a file its name, of the web its address. */
export function pressNameOf({ source, url }: Pick<PressFeed, "source" | "url">): string {
  if (source && source !== url) return source;
  return /^[a-z]+:\/\//i.test(url) ? url : (url.split(/[\\/]/).at(-1) ?? "") || url;
}

export function pressSumOf({ feeds, reports }: Pick<Press, "feeds" | "reports">): string {
  const kept = `${countOf(reports)} ${reports === 1 ? "report is" : "reports are"} kept.`;
  if (!feeds.length) return `None is polled. ${kept}`;
  const ill = feeds.filter(({ well }) => !well).length;
  if (ill === feeds.length) return `${feeds.length === 1 ? "It brings" : "All of them bring"} nothing now. ${kept}`;
  return ill ? `${countOf(ill)} of ${countOf(feeds.length)} bring nothing now. ${kept}` : `All are well. ${kept}`;
}
