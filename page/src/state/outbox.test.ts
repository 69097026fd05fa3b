import { describe, expect, it, vi } from "vitest";
import { type Deed, Outbox, type Outcome, type Shelf } from "./outbox";

class OneShelf implements Shelf {
  readonly held = new Map<string, string>();
  full = false;
  get length(): number {
    return this.held.size;
  }
  key = (at: number): string | null => [...this.held.keys()][at] ?? null;
  getItem = (name: string): string | null => this.held.get(name) ?? null;
  removeItem = (name: string): void => void this.held.delete(name);
  setItem(name: string, text: string): void {
    if (this.full) throw new Error("full");
    this.held.set(name, text);
  }
}

/** A watch that does each key once, and can be away or refuse. */
class Watch {
  readonly done: string[] = [];
  away = false;
  loseAnswer = false;
  refuses = new Set<string>();
  send = async (deeds: readonly Deed[]): Promise<Outcome[]> => {
    if (this.away) throw new Error("away");
    const outcomes = deeds.map((deed): Outcome => {
      if (this.refuses.has(deed.alertId)) return { what: "ben has it in hand", next: "", overtaken: true };
      if (!this.done.includes(deed.key)) this.done.push(deed.key);
      return "done";
    });
    if (this.loseAnswer) throw new Error("cut");
    return outcomes;
  };
}

const deed = (alertId: string) => ({
  alertId,
  verb: "note" as const,
  fields: { text: "x" },
  seen: 7,
  atMs: 0,
  about: "A",
});
const made = (shelf: Shelf, watch: Watch, person = "anna") => new Outbox(person, shelf, watch.send, () => undefined);

describe("outbox", () => {
  it("sends what was done, and then holds nothing", async () => {
    const [shelf, watch] = [new OneShelf(), new Watch()];
    const outbox = made(shelf, watch);
    outbox.add([deed("a1-1"), deed("a1-2")]);
    expect(await outbox.flush()).toBe(true);
    expect(watch.done.map((key) => key.split("/")[1])).toEqual(["a1-1", "a1-2"]);
    expect([outbox.list(), shelf.length]).toEqual([[], 0]);
  });

  it("takes nothing for done of an answer about fewer than were sent", async () => {
    const shelf = new OneShelf();
    const outbox = new Outbox(
      "anna",
      shelf,
      async () => ["done"],
      () => undefined,
    );
    outbox.add([deed("a1-1"), deed("a1-2")]);
    expect(await outbox.flush()).toBe(false);
    expect([outbox.list().length, shelf.length]).toEqual([2, 2]);
  });

  it("keeps what could not be sent over a reload, in order, under the same keys", async () => {
    const [shelf, watch] = [new OneShelf(), new Watch()];
    watch.away = true;
    const before = made(shelf, watch);
    before.add([deed("a1-1")]);
    before.add([deed("a1-2")]);
    expect(await before.flush()).toBe(false);
    watch.away = false;
    const after = made(shelf, watch);
    expect(after.list()).toEqual(before.list());
    expect(await after.flush()).toBe(true);
    expect(watch.done.map((key) => key.split("/")[1])).toEqual(["a1-1", "a1-2"]);
  });

  it("does nothing twice where the answer was lost, also with two tabs", async () => {
    const [shelf, watch] = [new OneShelf(), new Watch()];
    watch.loseAnswer = true;
    const outbox = made(shelf, watch);
    outbox.add([deed("a1-1")]);
    await outbox.flush();
    watch.loseAnswer = false;
    const otherTab = made(shelf, watch);
    await Promise.all([outbox.flush(), otherTab.flush()]);
    expect(watch.done).toHaveLength(1);
    expect(shelf.length).toBe(0);
  });

  it("shows what was refused until it is dismissed, and sends the rest", async () => {
    const [shelf, watch] = [new OneShelf(), new Watch()];
    watch.refuses.add("a1-2");
    const outbox = made(shelf, watch);
    outbox.add([deed("a1-1"), deed("a1-2"), deed("a1-3")]);
    expect(await outbox.flush()).toBe(true);
    expect(outbox.list().map((d) => [d.alertId, d.refusal?.overtaken])).toEqual([["a1-2", true]]);
    expect(made(shelf, watch).list()).toHaveLength(1);
    outbox.dismiss(outbox.list()[0]!.key);
    expect(made(shelf, watch).list()).toHaveLength(0);
  });

  it("does not send what another person did on this machine", async () => {
    const [shelf, watch] = [new OneShelf(), new Watch()];
    watch.away = true;
    made(shelf, watch, "anna").add([deed("a1-1")]);
    expect(made(shelf, watch, "ann").list()).toEqual([]);
    expect(made(shelf, watch, "anna/..").list()).toEqual([]);
  });

  it("goes on without a shelf, and says that it keeps nothing", async () => {
    const [shelf, watch] = [new OneShelf(), new Watch()];
    const outbox = made(shelf, watch);
    shelf.full = true;
    outbox.add([deed("a1-1")]);
    expect(outbox.kept).toBe(false);
    outbox.reread();
    expect(await outbox.flush()).toBe(true);
    expect(watch.done).toHaveLength(1);
  });

  it("passes over what is on the shelf and is none of ours", () => {
    const shelf = new OneShelf();
    shelf.held.set("anchorwatch-outbox/anna/x", "{");
    shelf.held.set("anchorwatch-outbox/anna/y", "null");
    shelf.held.set("another", "1");
    expect(made(shelf, new Watch()).list()).toEqual([]);
  });

  it("takes many in pieces of at most 100", async () => {
    const watch = new Watch();
    const send = vi.fn(watch.send);
    const outbox = new Outbox("anna", new OneShelf(), send, () => undefined);
    outbox.add(Array.from({ length: 250 }, (_, n) => deed(`a1-${n}`)));
    await outbox.flush();
    expect(send.mock.calls.map(([deeds]) => deeds.length)).toEqual([100, 100, 50]);
    expect(watch.done).toHaveLength(250);
  });

  it("takes nothing that is no whole deed: something else may have been served at this address", async () => {
    const [shelf, watch] = [new OneShelf(), new Watch()];
    const whole = { ...deed("a1"), key: "b/a1", batch: "b", turn: 1, refusal: null };
    const wrong = [
      { fields: null },
      { fields: [1] },
      { seen: "z" },
      { turn: null },
      { about: {} },
      { verb: undefined },
    ];
    const spoilt = ["", "null", "[]", '"x"', "{", ...wrong.map((part) => JSON.stringify({ ...whole, ...part }))];
    for (const [at, said] of spoilt.entries()) shelf.setItem(`anchorwatch-outbox/anna/${at}`, said);
    expect(made(shelf, watch).list()).toEqual([]);
    shelf.setItem("anchorwatch-outbox/anna/b/a1", JSON.stringify(whole));
    await made(shelf, watch).flush();
    expect(watch.done).toEqual(["b/a1"]);
  });
});
