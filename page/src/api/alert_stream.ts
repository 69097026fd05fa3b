/** The stream of alerts (docs/streams.md): every event once, in order, and a heartbeat; goes on where it was dropped. */

import type { Alert, Item } from "./client";

export interface Heartbeat {
  seq: number;
  time: string;
  settled: string | null;
  lag_s: number;
  caught_up: boolean;
  replay_of: string;
  trouble: string;
  feeds: { name: string; healthy: boolean; why: string; last: string | null }[];
}

export interface ToldEvent {
  seq: number;
  at: string;
  alert_id: string | null;
  actor: string;
  verb: string;
  data: Record<string, unknown>;
  alert: Alert | null;
  work: Item["work"] | null;
  silenced: Item["silenced"];
}

export interface Hello {
  seq: number;
  last: number;
  known: boolean;
}

export interface Hearer {
  /** The connection stands. `fresh`: load everything anew (the first time, or the watch has another store). */
  hello(hello: Hello, fresh: boolean): void;
  event(event: ToldEvent): void;
  heartbeat(beat: Heartbeat): void;
  lost(why: string): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
// Two heartbeats of five seconds and a little: the connection is dead, whatever the browser believes.
const SILENT_MS = 12_500;

/** Keeps one connection to the stream, for as long as the page is open. */
export class AlertStream {
  #seq: number | null = null;
  #socket: WebSocket | null = null;
  #waitMs = FIRST_WAIT_MS;
  #retry = 0;
  #watchdog = 0;

  constructor(private readonly hearer: Hearer) {}

  /** Connect now; also to be called when the tab wakes or the network comes back. */
  connect(): void {
    clearTimeout(this.#retry);
    this.#drop();
    const after = this.#seq === null ? "" : `?after=${this.#seq}`;
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/stream/alerts${after}`);
    this.#socket = socket;
    socket.onmessage = (message) => this.#hear(String(message.data));
    socket.onclose = (closed) => this.#again(closed.reason);
    this.#guard();
  }

  #drop(): void {
    clearTimeout(this.#watchdog);
    if (this.#socket) {
      this.#socket.onmessage = this.#socket.onclose = null;
      this.#socket.close();
    }
    this.#socket = null;
  }

  #guard(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = window.setTimeout(() => this.#again("nothing was heard of the watch"), SILENT_MS);
  }

  #again(why: string): void {
    this.#drop();
    this.hearer.lost(why);
    this.#retry = window.setTimeout(() => this.connect(), this.#waitMs * (0.5 + Math.random() / 2));
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
  }

  #hear(text: string): void {
    this.#guard();
    const message = JSON.parse(text) as { type: string } & Record<string, unknown>;
    if (message.type === "hello") this.#hello(message as unknown as Hello);
    else if (message.type === "event") this.#event(message as unknown as ToldEvent);
    else if (message.type === "heartbeat") this.hearer.heartbeat(message as unknown as Heartbeat);
  }

  #hello(hello: Hello): void {
    this.#waitMs = FIRST_WAIT_MS;
    const fresh = this.#seq === null || !hello.known;
    this.#seq = hello.known ? hello.seq : hello.last;
    this.hearer.hello(hello, fresh);
  }

  #event(event: ToldEvent): void {
    if (this.#seq !== null && event.seq <= this.#seq) return;
    this.#seq = event.seq;
    this.hearer.event(event);
  }
}
