import { effect } from "@preact/signals";
import { view } from "../state/url";
import { isStale, watchState } from "../state/watch";
import { shownMs } from "../time/shown";
import { counts } from "./counts";
import { titleOf } from "./title_words";

export function keepTitle(): void {
  effect(() => {
    const { alarm, warning } = counts.value;
    document.title = titleOf({
      state: watchState.value,
      stale: isStale.value,
      earlier: shownMs.value !== null,
      alarms: alarm.fresh,
      warnings: warning.fresh,
      ...view.value,
    });
  });
}
