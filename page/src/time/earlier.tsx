import { watchState } from "../state/watch";
import { momentOf } from "../words";
import { backToNow, shownMs } from "./shown";

/** While an earlier time is shown nobody may take it for now. */
export const EarlierBanner = () => {
  if (shownMs.value === null) return null;
  return (
    <p class="banner earlier">
      <span>
        <strong>EARLIER: {momentOf(shownMs.value)}</strong> The map and the list of alerts show that time. The watch
        goes on ({watchState.value}); new alerts are announced.
      </span>
      <button type="button" class="first" onClick={backToNow}>
        Back to now
      </button>
    </p>
  );
};
