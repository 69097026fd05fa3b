/** Which time the page shows: now, or an earlier one, as the address says (t=, span=, play=). */

import { computed } from "@preact/signals";
import { ask, place } from "../state/url";

/** The earlier time that is shown, ms since 1970; null = now. */
export const shownMs = computed<number | null>(() => {
  const said = place.value.query.get("t");
  const ms = said ? Date.parse(said) : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
});

/** Show the picture as it is now. */
export const backToNow = (): void => ask({ t: null, play: null }, "push");
