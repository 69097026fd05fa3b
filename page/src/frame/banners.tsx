import { heartbeat, isStale, lostWhy, unheardS } from "../state/watch";
import { spanOf } from "../words";

/** What must not be overlooked: a lost connection, trouble of the watch, feeds that are silent. */
export const Banners = () => (
  <div class="said" role="alert">
    {isStale.value && heartbeat.value && (
      <p>
        Nothing heard of the watch for {spanOf(unheardS.value)}. What is shown is old. {lostWhy.value}
      </p>
    )}
    {heartbeat.value?.trouble && <p>{heartbeat.value.trouble}</p>}
  </div>
);
