/** A short tone for a new alarm: off until it is switched on, on this machine. */

import { signal } from "@preact/signals";
import { keep, kept } from "../state/shelf";
import { heartbeat, speed } from "../state/watch";

const KEPT = "anchorwatch-sound";
const APART_MS = 5000; // ten alarms at once are one tone
const FASTEST = 60; // a replay faster than a minute a second would only ring

export const isSoundOn = signal(kept(KEPT) === "on");
let context: AudioContext | null = null;
let lastMs = 0;

export function switchSound(on: boolean): void {
  isSoundOn.value = on;
  keep(KEPT, on ? "on" : "off");
  if (on) tone(true); // it is heard how it sounds, and the browser sees that a person asked
}

/** Two short notes, unless one was just heard or a replay rushes by. */
export function tone(isTrial = false): void {
  const now = Date.now();
  if (!isSoundOn.peek() || (!isTrial && now - lastMs < APART_MS)) return;
  if (!isTrial && heartbeat.peek()?.replay_of && speed.peek() > FASTEST) return;
  lastMs = now;
  context ??= new AudioContext();
  void context.resume();
  note(context, 740, 0);
  note(context, 988, 0.18);
}

function note(on: AudioContext, hz: number, afterS: number): void {
  const at = on.currentTime + afterS;
  const [voice, volume] = [on.createOscillator(), on.createGain()];
  voice.frequency.value = hz;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.25, at + 0.02);
  volume.gain.linearRampToValueAtTime(0, at + 0.16);
  voice.connect(volume).connect(on.destination);
  voice.start(at);
  voice.stop(at + 0.18);
}
