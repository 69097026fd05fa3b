/** How the watch itself is: what it is behind with, what it has kept, what troubles it. */

import { Moment } from "../parts/moment";
import { heartbeat, isStale, pictureMs, status } from "../state/watch";
import { countOf, spanOf } from "../words";
import { agoOf } from "./feed_words";

const BEHIND_S = 30; // the hold-back of direct receivers: a lag beyond it is seen by the officer
const MUCH_BYTES = 1 << 20;

export const WatchItself = () => {
  const [now, beat] = [status.value, heartbeat.value];
  if (!now) return null;
  const nowMs = pictureMs.value ?? Date.now();
  const lagS = beat?.lag_s ?? now.lag_s;
  return (
    <section aria-labelledby="watch-itself">
      <h3 id="watch-itself">The watch itself</h3>
      <p class={isStale.value || now.trouble || lagS > BEHIND_S ? "outage" : ""}>{inWords(lagS)}</p>
      <dl class="facts">
        <dt>Time of the picture</dt>
        <dd>
          <Moment at={beat?.time ?? now.time} day />
        </dd>
        <dt>Judged up to</dt>
        <dd>
          <Moment at={beat?.settled ?? now.settled} />
        </dd>
        <dt>Lag</dt>
        <dd>{lagS < 1 ? "under 1 s" : spanOf(lagS)} from arrival to judgement</dd>
        <dt>Waiting</dt>
        <dd>
          {bytesOf(now.queue_bytes)} received and not read
          {now.queue_bytes > MUCH_BYTES && ": more comes in than it can judge"}
        </dd>
        <dt>Checkpoint</dt>
        <dd>{checkpointOf(now.checkpoint, now.replay_of, nowMs)}</dd>
        <dt>Raw log</dt>
        <dd>{rawLogOf(now.caught_up, now.replay_of)}</dd>
        <dt>Since its start</dt>
        <dd>
          <Moment at={now.started} day />: {countOf(now.positions)} positions, {countOf(now.vessels)} vessels known
        </dd>
        <dt>Version</dt>
        <dd>{now.version}</dd>
      </dl>
    </section>
  );
};

function inWords(lagS: number): string {
  const now = status.value;
  if (isStale.value) return "It is not heard now: all of this is old.";
  if (now?.trouble) return `Trouble: ${now.trouble}`;
  if (!now?.caught_up) return "It reads its raw log again after a start: alerts may still be missing.";
  return lagS > BEHIND_S ? `It is ${spanOf(lagS)} behind: alerts come late.` : "Nothing troubles it.";
}

function checkpointOf(at: string | null, replay: string, nowMs: number): string {
  if (at) return `${agoOf(at, nowMs)}: a restart goes on from there`;
  return replay ? "none: a replay is not kept" : "none yet";
}

function rawLogOf(caughtUp: boolean, replay: string): string {
  if (replay) return "not written in a replay";
  return caughtUp ? "written; all of it was taken in" : "being read again after a start";
}

function bytesOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < MUCH_BYTES ? `${Math.round(bytes / 1024)} kB` : `${(bytes / MUCH_BYTES).toFixed(1)} MB`;
}
