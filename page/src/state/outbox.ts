/** Actions on their way to the watch: kept on this machine until the watch has taken or refused them.

A deed is written down before it is sent, under a key by which the watch does it only once. So none is lost with the
page, and none is done twice, also where two tabs send the same. */

import type { Schemas } from "../api/client";

export type Verb = Schemas["Action"]["verb"];
export type Fields = Partial<Record<"text" | "to" | "reason" | "disposition" | "cause" | "channel" | "with", string>>;

export interface Refusal {
  what: string;
  next: string;
  /** Somebody else was first: it may be done all the same after another look. */
  overtaken: boolean;
}

export interface Deed {
  /** `batch/alert`: the same for one alert alone and among many. */
  key: string;
  batch: string;
  /** Order in which they were done on this machine. */
  turn: number;
  alertId: string;
  verb: Verb;
  fields: Fields;
  /** `seq` of the alert as the officer saw it. */
  seen: number;
  /** By this machine's clock. */
  atMs: number;
  /** The alert in a few words: it may not be loaded when the deed is shown. */
  about: string;
  refusal: Refusal | null;
}

/** What became of one deed; an error thrown instead means that it is not known, and is asked again. */
export type Outcome = Refusal | "done";
export type Send = (deeds: readonly Deed[]) => Promise<Outcome[]>;
/** As much of localStorage as is needed. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const AT_ONCE = 100; // the watch takes 200; half of it keeps each answer well under a second

export class Outbox {
  readonly #deeds = new Map<string, Deed>();
  readonly #prefix: string;
  #sending: Promise<boolean> | null = null;
  /** false: this machine keeps no more, and what waits would be lost with the page. */
  kept = true;

  constructor(
    person: string,
    private readonly shelf: Shelf,
    private readonly send: Send,
    private readonly changed: () => void,
  ) {
    this.#prefix = `anchorwatch-outbox/${encodeURIComponent(person)}/`;
    this.reread();
  }

  /** All of them, in the order in which they were done. */
  list(): Deed[] {
    return [...this.#deeds.values()].sort((a, b) => a.turn - b.turn);
  }

  /** Take in what the shelf holds: another tab may have added, sent or dismissed some. */
  reread(): void {
    if (this.kept) this.#deeds.clear();
    for (const name of namesOn(this.shelf, this.#prefix)) {
      const deed = read(this.shelf.getItem(name));
      if (deed) this.#deeds.set(deed.key, deed);
    }
    this.changed();
  }

  add(asked: readonly Omit<Deed, "key" | "batch" | "turn" | "refusal">[], batch = newBatch()): void {
    let turn = this.list().at(-1)?.turn ?? 0;
    for (const deed of asked) {
      turn += 1;
      this.#keep({ ...deed, batch, key: `${batch}/${deed.alertId}`, turn, refusal: null });
    }
    this.changed();
  }

  /** Forget one: it was refused and read, or is not wanted any more. */
  dismiss(key: string): void {
    this.#drop(key);
    this.changed();
  }

  #drop(key: string): void {
    this.#deeds.delete(key);
    this.shelf.removeItem(this.#prefix + key);
  }

  /** Send all that waits, oldest first. false = the watch did not answer, and some still wait. */
  flush(): Promise<boolean> {
    this.#sending ??= this.#flush().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #flush(): Promise<boolean> {
    for (let batch = this.#next(); batch.length; batch = this.#next()) {
      let outcomes: Outcome[];
      try {
        outcomes = await this.send(batch);
      } catch {
        return false;
      }
      if (outcomes.length !== batch.length) return false; // which of them were done is not known
      for (const [at, deed] of batch.entries()) this.#settle(deed, outcomes[at]!);
      this.changed();
    }
    return true;
  }

  #next(): Deed[] {
    const waiting = this.list().filter((d) => !d.refusal);
    const first = waiting[0];
    return first ? waiting.filter((d) => d.batch === first.batch).slice(0, AT_ONCE) : [];
  }

  #settle(deed: Deed, outcome: Outcome): void {
    if (!this.#deeds.has(deed.key)) return; // dismissed meanwhile
    if (outcome === "done") this.#drop(deed.key);
    else this.#keep({ ...deed, refusal: outcome });
  }

  #keep(deed: Deed): void {
    this.#deeds.set(deed.key, deed);
    try {
      this.shelf.setItem(this.#prefix + deed.key, JSON.stringify(deed));
    } catch {
      this.kept = false; // full, or switched off
    }
  }
}

function newBatch(): string {
  const numbers = crypto.getRandomValues(new Uint32Array(3));
  return [...numbers].map((n) => n.toString(36)).join("");
}

function namesOn(shelf: Shelf, prefix: string): string[] {
  const names = Array.from({ length: shelf.length }, (_, at) => shelf.key(at));
  return names.filter((name): name is string => name?.startsWith(prefix) ?? false);
}

/** What is kept may have been written by something else that was served at this address: only whole deeds are taken. */
function read(text: string | null): Deed | null {
  try {
    const deed = JSON.parse(text ?? "") as Deed;
    const { key, batch, alertId, verb, about, turn, seen, fields } = deed;
    const isWhole = [key, batch, alertId, verb, about, ...Object.values(fields)].every((t) => typeof t === "string");
    return isWhole && Number.isFinite(turn) && Number.isFinite(seen) ? deed : null;
  } catch {
    return null;
  }
}
