/** A clock that only goes forward. A machine's own can be set back, and stands still for a page while the machine sleeps. */

// Ahead of the steady count by more than this, the machine slept or its clock was set: corrections by time servers are smaller.
const LEAP_MS = 2_000;

export interface Leap {
  fromMs: number;
  toMs: number;
}

export class SteadyClock {
  #aheadMs: number;
  #lastMs: number;

  constructor(
    private readonly wallMs: () => number = () => Date.now(),
    private readonly runMs: () => number = () => performance.now(),
  ) {
    this.#aheadMs = wallMs() - runMs();
    this.#lastMs = wallMs();
  }

  /** Milliseconds since 1970, never less than before: time slept counts, a clock set back does not. */
  readMs(): number {
    const behindMs = this.wallMs() - (this.runMs() + this.#aheadMs);
    if (behindMs > LEAP_MS) this.#aheadMs += behindMs;
    this.#lastMs = Math.max(this.#lastMs, this.runMs() + this.#aheadMs);
    return this.#lastMs;
  }
}

const PLAIN_S = 60;
const leastOf = (all: number[]): number => all.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a));

/** How far this machine's clock is ahead of the watch's, seconds; 0 while it may be the way of the message alone. */
export class ClockCheck {
  #offS: number[] = [];

  constructor(
    // Ages and "last heard" are read to seconds; a message on a bad line takes two or three.
    private readonly bearS = 5,
    private readonly beats = 3,
  ) {}

  /** `offS`: this machine's clock less the time in a heartbeat that just came. */
  heard(offS: number): number {
    this.#offS = [...this.#offS, offS].slice(-this.beats);
    const least = leastOf(this.#offS);
    // No line is that slow; but a message may have lain in a tab that was put away, so two must say it, where there are two.
    const lately = leastOf(this.#offS.slice(-2));
    if (Math.abs(lately) > PLAIN_S) return lately;
    const sure = this.#offS.length === this.beats && Math.abs(least) > this.bearS;
    return sure ? least : 0;
  }
}

const STANDS_MS = 8000; // a replay whose time does not move over two heartbeats has ended

/** Data seconds a second of a replay, from the times of heartbeats and when they came; null = not known yet. */
export function speedOf(beats: readonly { timeMs: number; heardMs: number }[]): number | null {
  const first = beats[0];
  const last = beats.at(-1);
  const overMs = first && last ? last.heardMs - first.heardMs : 0;
  if (!first || !last || overMs < 1000) return null;
  const speed = Math.max(0, (last.timeMs - first.timeMs) / overMs);
  return speed === 0 && overMs < STANDS_MS ? null : speed;
}
