/** Keys that lead to the report desk. */

import type { Key } from "../frame/keys";
import { go } from "../state/url";

const GROUP = "Report desk";

const to = (key: string, path: string, words: string): Key => ({
  key,
  words,
  group: GROUP,
  run: () => {
    go(path);
    // The title is there when the page is drawn; the focus goes with the eye.
    requestAnimationFrame(() => document.getElementById("panel-title")?.focus());
    return true;
  },
});

export const DESK_KEYS: readonly Key[] = [
  to("d", "/reports", "Reports: what was said"),
  to("i", "/incidents", "Incidents"),
  to("l", "/ledgers", "Ledgers"),
  to("b", "/brief", "Brief of the morning"),
];
