/** The stream of vessels of a view (docs/streams.md): bytes of the picture, names for those that are asked for. */

import { decode, type Message, SNAPSHOT } from "./vessel_bytes";

export interface Watcher {
  /** `startedMs`, of performance.now(): when the reading of its bytes began. */
  message(message: Message, startedMs: number): void;
  names(names: Record<string, string>): void;
  lost(why: string): void;
}

export interface Sight {
  view: [west: number, south: number, east: number, north: number];
  /** As of a web map with tiles of 256 pixels. */
  zoom: number;
  every_s: number;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const SLACK_MS = 10_000; // over what was asked for: two turns of the watch may be late, not more
const MOST_NAMES = 1000; // of one request

export class VesselStream {
  #socket: WebSocket | null = null;
  #sight: Sight | null = null;
  #shown = 0; // number of the view whose snapshot came last on this connection
  #waitMs = FIRST_WAIT_MS;
  #retry = 0;
  #watchdog = 0;

  constructor(private readonly watcher: Watcher) {}

  /** See another part of the sea from now on. */
  look(sight: Sight): void {
    this.#sight = sight;
    if (!this.#socket) this.connect();
    else if (this.#socket.readyState === WebSocket.OPEN) this.#say(sight);
  }

  /** Ask for names; false where nobody can be asked now. */
  askNames(mmsis: number[]): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    for (let at = 0; at < mmsis.length; at += MOST_NAMES) this.#say({ names: mmsis.slice(at, at + MOST_NAMES) });
    return true;
  }

  /** Connect anew; also to be called when the tab wakes or the network comes back. */
  connect(): void {
    clearTimeout(this.#retry);
    this.end();
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/stream/vessels`);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#shown = 0;
    socket.onopen = () => this.#sight && this.#say(this.#sight);
    socket.onmessage = ({ data }) => this.#hear(data as ArrayBuffer | string);
    socket.onclose = (closed) => this.#again(closed.reason);
    this.#guard();
  }

  end(): void {
    clearTimeout(this.#watchdog);
    clearTimeout(this.#retry);
    if (this.#socket) {
      this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
      this.#socket.close();
    }
    this.#socket = null;
  }

  #say(what: object): void {
    this.#socket?.send(JSON.stringify(what));
    this.#guard();
  }

  #guard(): void {
    clearTimeout(this.#watchdog);
    const silentMs = (this.#sight?.every_s ?? 1) * 1000 + SLACK_MS;
    this.#watchdog = window.setTimeout(() => this.#again("nothing was heard of the vessels"), silentMs);
  }

  #again(why: string): void {
    this.end();
    this.watcher.lost(why);
    this.#retry = window.setTimeout(() => this.connect(), this.#waitMs * (0.5 + Math.random() / 2));
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
  }

  #hear(data: ArrayBuffer | string): void {
    const startedMs = performance.now();
    this.#guard();
    let said: Message | { names?: Record<string, string>; error?: unknown };
    try {
      said = typeof data === "string" ? JSON.parse(data) : decode(data);
    } catch (error) {
      // Another version of the watch, or bytes that were damaged: begin anew, ever more slowly.
      this.#again(error instanceof Error ? error.message : String(error));
      return;
    }
    if ("mmsi" in said) this.#bytes(said, startedMs);
    else this.#word(said);
  }

  #word(said: { names?: Record<string, string>; error?: unknown }): void {
    if (said.names) this.watcher.names(said.names);
    else if (said.error) console.warn("the stream of vessels did not understand", said.error);
  }

  #bytes(message: Message, startedMs: number): void {
    if (message.kind === SNAPSHOT) this.#shown = message.view;
    else if (message.view !== this.#shown) return; // of a view that has been left
    this.#waitMs = FIRST_WAIT_MS;
    this.watcher.message(message, startedMs);
  }
}
