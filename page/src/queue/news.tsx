import type { Item } from "../api/client";
import { lastWords } from "../state/alerts";
import type { Deed } from "../state/outbox";
import { again, deeds, dismiss, me, VERBS, whyWaiting } from "../state/work";
import { wordOf } from "./words_of_events";

/** What must be known before acting: withdrawn, ended, what others just did, what is on its way, what was refused. */
export const WorkNews = ({ item }: { item: Item }) => {
  const { alert } = item;
  const news = lastWords.value.get(alert.id);
  const byOther = news && news.event.actor !== me.value;
  return (
    <div class="news" role="status">
      {alert.status === "withdrawn" && (
        <p class="note">
          <strong>Withdrawn.</strong> Later data took the grounds away. It stays open until somebody closes it.
        </p>
      )}
      {alert.status === "ended" && <p class="note">Ended: the behaviour is over.</p>}
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
      <div class="buttons">
        {about && <a href={`/alerts/${encodeURIComponent(deed.alertId)}`}>Look again</a>}
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
