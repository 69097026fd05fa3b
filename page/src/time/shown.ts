/** Which time the page shows: now, or an earlier one, as the address says (t=, play=). */

import { effect, signal } from "@preact/signals";
import { ask, place } from "../state/url";
import { pictureMs } from "../state/watch";
import { stampOf } from "../words";

/** Speeds of a replay in the page: data seconds a second. */
export const SPEEDS = [1, 5, 10, 30, 60, 120, 300, 600] as const;
const USUAL_SPEED = 60;
const WRITE_MS = 1000; // browsers refuse more than some hundred changes of the address in half a minute

/** The earlier time that is shown, ms since 1970; null = now. */
export const shownMs = signal<number | null>(null);
/** Speed at which it is played; 0 = it stands. */
export const playing = signal(0);
/** Speed that is chosen, also while it stands. */
export const chosenSpeed = signal(USUAL_SPEED);

let written = "";
let writing: ReturnType<typeof setTimeout> | undefined;

/** Show an earlier time. Times to come are now. */
export function showTime(ms: number): void {
  const nowMs = pictureMs.peek();
  if (nowMs !== null && ms >= nowMs) {
    backToNow();
    return;
  }
  shownMs.value = ms;
  writing ??= setTimeout(write, WRITE_MS);
}

export function play(speed: number): void {
  if (speed) chosenSpeed.value = speed;
  playing.value = speed;
  write();
}

/** Show the picture as it is now. */
export function backToNow(): void {
  if (shownMs.peek() === null && !playing.peek()) return;
  shownMs.value = null;
  playing.value = 0;
  write();
}

function write(): void {
  clearTimeout(writing);
  writing = undefined;
  const ms = shownMs.peek();
  written = ms === null ? "" : stampOf(ms);
  const speed = playing.peek();
  ask({ t: written || null, play: speed && written ? String(speed) : null });
}

/** What an address says; nonsense is no time. */
export function timeSaid(text: string | null): number | null {
  if (!text || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isFinite(ms) ? ms : null;
}

/** The address leads: a link, the way back, a bookmark. What was written here itself changes nothing. */
effect(() => {
  const { query } = place.value;
  const said = query.get("t") ?? "";
  if (said === written || writing) return;
  written = said;
  shownMs.value = timeSaid(said);
  const speed = Number(query.get("play"));
  playing.value = shownMs.peek() !== null && speed >= 1 && speed <= 600 ? speed : 0;
  if (playing.peek()) chosenSpeed.value = playing.peek();
});
