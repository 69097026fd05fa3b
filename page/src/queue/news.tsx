import type { Item } from "../api/client";
import { lastWords } from "../state/alerts";
import type { Deed } from "../state/outbox";
import { hrefOf, pathOf } from "../state/url";
import { again, deeds, dismiss, me, VERBS, whyWaiting } from "../state/work";
import { wordOf } from "./words_of_events";

// The page of the alert shows what it says itself; who was told by mail is in the history.
const UNTOLD = ["raised", "notified", "not_notified"];

/** What must be known before acting: what others just did, what is on its way, what was refused. */
export const WorkNews = ({ item }: { item: Item }) => {
  const { alert } = item;
  const news = lastWords.value.get(alert.id);
  const byOther = news && news.event.actor !== me.value && !UNTOLD.includes(news.event.verb);
  return (
    <div class="news" role="status">
      {byOther && <p class="note">{wordOf(news)}</p>}
      {deeds.value
        .filter((deed) => deed.alertId === alert.id)
        .map((deed) => (
          <DeedLine key={deed.key} deed={deed} />
        ))}
    </div>
  );
};

/** One action that waits or was refused. */
export const DeedLine = ({ deed, about = false }: { deed: Deed; about?: boolean }) => {
  const { refusal } = deed;
  const name = about ? (
    <>
      {VERBS[deed.verb]}, <bdi>{deed.about}</bdi>
    </>
  ) : (
    VERBS[deed.verb]
  );
  if (!refusal)
    return (
      <p class="note">
        Waiting to be sent: {name}. {whyWaiting.value}
      </p>
    );
  return (
    <div class="note refused">
      <p>
        <strong>Not done:</strong> {name}. <bdi>{refusal.what}.</bdi> {refusal.next}
      </p>
      {deed.fields.text && (
        <p>
          What you wrote: <bdi>{deed.fields.text}</bdi>
        </p>
      )}
      <div class="buttons">
        {about && (
          <a class="button" href={hrefOf(pathOf("alerts", deed.alertId))}>
            Look again
          </a>
        )}
        {refusal.overtaken && (
          <button type="button" onClick={() => again(deed)}>
            Do it all the same
          </button>
        )}
        <button type="button" onClick={() => dismiss(deed.key)}>
          Dismiss
        </button>
      </div>
    </div>
  );
};
