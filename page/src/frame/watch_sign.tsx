import { heartbeat, pictureMs, replaySpeed, watchState } from "../state/watch";
import { shownMs } from "../time/shown";
import { dayOf, momentOf, timeOf } from "../words";
import { dueTo, isDeaf, watchWords } from "./watch_words";

/** LIVE, REPLAY, CATCHING UP or OLD, and the time of the picture: never to be mistaken. */
export const WatchSign = () => {
  const state = watchState.value;
  const ms = pictureMs.value;
  const judged = dueTo(heartbeat.value);
  const deaf = isDeaf(state, heartbeat.value);
  const earlier = shownMs.value !== null;
  return (
    <div class="watch-sign" data-state={deaf ? "deaf" : state} title={judged.long}>
      <strong>{deaf ? "NOTHING HEARD" : watchWords(state, replaySpeed.value)}</strong>
      {ms !== null && (
        <time dateTime={new Date(ms).toISOString()} title={momentOf(ms)}>
          <span class="date">{dayOf(ms)}</span> <b>{timeOf(ms)}</b> <small>UTC</small>
        </time>
      )}
      {judged.short && !earlier && <small class="judged">{judged.short}</small>}
      <span class="unseen" role="status">
        The watch is {deaf ? "up, but hears nothing" : state}
      </span>
    </div>
  );
};
