/** Says what changed while the alert was open, without moving what is read or typed. */

import type { Opened } from "./loading";
import { differencesOf, inShort } from "./revisions";

export const ChangeNotice = ({ opened: { item, read, readNow } }: { opened: Opened }) => {
  // That it goes on is no news; each report says so.
  const differences = (item && read ? differencesOf(read.alert, item.alert) : []).filter(
    (d) => d.what !== "goes on until",
  );
  const grave = differences.some((difference) => difference.grave);
  const withdrawn = item?.alert.status === "withdrawn" && read?.alert.status !== "withdrawn";
  return (
    <div class="change-notice" role="status">
      {differences.length > 0 && (
        <div class={grave ? "grave" : ""}>
          <p>
            <b>{withdrawn ? "Withdrawn while you look" : "Changed while you look"}</b>:{" "}
            <bdi>{inShort(differences)}</bdi>
          </p>
          <button type="button" onClick={readNow}>
            Got it
          </button>
        </div>
      )}
    </div>
  );
};
