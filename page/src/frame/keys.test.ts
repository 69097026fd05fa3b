import { describe, expect, it } from "vitest";
import { isTyping, type Key, keyFor, nameOf } from "./keys";

const pressed = (key: string, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  repeat: false,
  ...more,
});
const key = (name: string, more: Partial<Key> = {}): Key => ({
  key: name,
  words: "",
  group: "",
  run: () => true,
  ...more,
});
const KEYS = [
  key("a"),
  key("ctrl+a"),
  key("j", { repeats: true, also: ["ArrowDown"] }),
  key("shift+j"),
  key("?"),
  key("Escape", { always: true }),
];
const runs = (event: ReturnType<typeof pressed>, typing = false, on = true): string | undefined =>
  keyFor(event, KEYS, typing, on)?.key;

/** As much of an element as is asked. */
const element = (name: string, type = "", within: string[] = []): Element =>
  ({
    type,
    matches: (selector: string) => selector === name,
    closest: (selector: string) => (selector.split(", ").some((s) => s === name || within.includes(s)) ? {} : null),
  }) as unknown as Element;

describe("keys", () => {
  it("have one name each", () => {
    expect(nameOf(pressed("A"))).toBe("a"); // with caps lock
    expect(nameOf(pressed("J", { shiftKey: true }))).toBe("shift+j");
    expect(nameOf(pressed("?", { shiftKey: true }))).toBe("?");
    expect(nameOf(pressed("a", { metaKey: true }))).toBe("ctrl+a");
    expect(nameOf(pressed("a", { altKey: true }))).toBe("");
  });

  it("run what they are for", () => {
    expect(runs(pressed("a"))).toBe("a");
    expect(runs(pressed("a", { ctrlKey: true }))).toBe("ctrl+a");
    expect(runs(pressed("ArrowDown"))).toBe("j");
    expect(runs(pressed("J", { shiftKey: true }))).toBe("shift+j");
    expect(runs(pressed("c", { ctrlKey: true }))).toBeUndefined(); // copying stays copying
    expect(runs(pressed("b"))).toBeUndefined();
  });

  it("never act while somebody types, but for Escape", () => {
    expect(runs(pressed("a"), true)).toBeUndefined();
    expect(runs(pressed("a", { ctrlKey: true }), true)).toBeUndefined();
    expect(runs(pressed("Escape"), true)).toBe("Escape");
  });

  it("held down only leaf on", () => {
    expect(runs(pressed("j", { repeat: true }))).toBe("j");
    expect(runs(pressed("a", { repeat: true }))).toBeUndefined();
  });

  it("can be switched off, but for those that are no single letters", () => {
    expect(runs(pressed("a"), false, false)).toBeUndefined();
    expect(runs(pressed("?"), false, false)).toBeUndefined();
    expect(runs(pressed("ArrowDown"), false, false)).toBe("j");
    expect(runs(pressed("a", { ctrlKey: true }), false, false)).toBe("ctrl+a");
    expect(runs(pressed("Escape"), false, false)).toBe("Escape");
  });

  it("know where somebody types", () => {
    expect(isTyping(element("input", "text"))).toBe(true);
    expect(isTyping(element("input", "search"))).toBe(true);
    expect(isTyping(element("textarea"))).toBe(true);
    expect(isTyping(element("select"))).toBe(true);
    expect(isTyping(element("button", "button", ["dialog"]))).toBe(true);
    expect(isTyping(element("input", "checkbox"))).toBe(false);
    expect(isTyping(element("a"))).toBe(false);
    expect(isTyping(null)).toBe(false);
  });
});
