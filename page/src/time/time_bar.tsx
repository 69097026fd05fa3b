/** The hours behind, to scrub and to replay. */

import "./time.css";
import { useEffect } from "preact/hooks";
import { addKeys, type Key } from "../frame/keys";
import { Sign } from "../parts/sign";
import { isStale, pictureMs } from "../state/watch";
import { GoTo } from "./go_to";
import { bar, chooseSpan, heldMs, keepTimeline, pan, span, timelineTrouble } from "./heard";
import { keepReplay, replayWords } from "./player";
import { Scrubber } from "./scrubber";
import { backToNow, chosenSpeed, play, playing, SPEEDS, shownMs, showTime } from "./shown";
import { SPAN_WORDS, SPANS, type SpanName } from "./window";

let kept = false;

const GROUP = "Time";
const KEYS: Key[] = [
  { key: "p", words: "Play or pause; from now: the last ten minutes again", group: GROUP, run: turn },
  { key: "[", words: "One minute earlier", group: GROUP, repeats: true, run: () => step(-1) },
  { key: "]", words: "One minute later", group: GROUP, repeats: true, run: () => step(1) },
  { key: "0", words: "Back to now", group: GROUP, run: toNow },
];

const STEP_MS = 60_000;
const START_BACK_MS = 600_000; // "play" while now is shown: the last ten minutes again

export const TimeBar = () => {
  useEffect(() => {
    if (kept) return;
    kept = true;
    addKeys(KEYS);
    keepTimeline();
    keepReplay();
  }, []);
  return (
    <section class="time" aria-label="Time">
      <Playing />
      <div class="time-middle">
        <Scrubber />
        <p class="time-words" role="status">
          {replayWords.value ||
            (!isStale.value && timelineTrouble.value && `The hours behind: ${timelineTrouble.value}`)}
        </p>
      </div>
      <Spans />
    </section>
  );
};

const Playing = () => {
  const isOn = playing.value > 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of buttons, not a form
    <div class="time-play" role="group" aria-label="Replay">
      <button
        type="button"
        class="step"
        aria-label="One minute earlier"
        title="One minute earlier"
        onClick={() => step(-1)}
      >
        <Sign name="back" />
      </button>
      <button type="button" aria-label={isOn ? "Pause" : "Play"} title={isOn ? "Pause" : "Play"} onClick={turn}>
        <Sign name={isOn ? "pause" : "play"} />
      </button>
      <button
        type="button"
        class="step"
        aria-label="One minute later"
        title="One minute later"
        disabled={shownMs.value === null}
        onClick={() => step(1)}
      >
        <Sign name="on" />
      </button>
      <select
        aria-label="Speed of the replay"
        value={String(chosenSpeed.value)}
        onChange={(e) => choose(e.currentTarget.value)}
      >
        {SPEEDS.map((speed) => (
          <option key={speed} value={String(speed)}>
            ×{speed}
          </option>
        ))}
      </select>
    </div>
  );
};

const Spans = () => (
  // biome-ignore lint/a11y/useSemanticElements: a row of buttons, not a form
  <div class="time-span" role="group" aria-label="Part of time that is shown">
    <button type="button" aria-label="Earlier part" title="Earlier part" onClick={() => pan(-1)}>
      <Sign name="back" />
    </button>
    <select
      aria-label="Length of the bar"
      value={span.value}
      onChange={(e) => chooseSpan(e.currentTarget.value as SpanName)}
    >
      {(Object.keys(SPANS) as SpanName[]).map((name) => (
        <option key={name} value={name}>
          {SPAN_WORDS[name]}
        </option>
      ))}
    </select>
    <button type="button" aria-label="Later part" title="Later part" disabled={isAtNow()} onClick={() => pan(1)}>
      <Sign name="on" />
    </button>
    <GoTo />
    <button
      type="button"
      class={`now ${shownMs.value === null ? "" : "first"}`}
      disabled={shownMs.value === null && heldMs.value === null}
      onClick={toNow}
    >
      <Sign name="now" /> Now
    </button>
  </div>
);

const isAtNow = (): boolean => heldMs.value === null || (bar.value?.untilMs ?? 0) >= (pictureMs.value ?? 0);

function toNow(): void {
  heldMs.value = null;
  backToNow();
}

function turn(): void {
  if (playing.peek()) {
    play(0);
    return;
  }
  if (shownMs.peek() === null) showTime((pictureMs.peek() ?? Date.now()) - START_BACK_MS);
  play(chosenSpeed.peek());
}

function step(by: -1 | 1): void {
  play(0);
  showTime((shownMs.peek() ?? pictureMs.peek() ?? Date.now()) + by * STEP_MS);
}

function choose(text: string): void {
  const speed = Number(text);
  if (playing.peek()) play(speed);
  else chosenSpeed.value = speed;
}
