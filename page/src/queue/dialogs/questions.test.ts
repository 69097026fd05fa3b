import { describe, expect, it } from "vitest";
import { ASKED, answerOf, askedByDisposition, wrongIn } from "./questions";

describe("questions", () => {
  it("say what is missing, field by field", () => {
    expect(wrongIn(ASKED.escalate, { to: "  " })).toEqual({ to: "Say who is called.", reason: "Say why." });
    expect(wrongIn(ASKED.escalate, { to: "coast guard", reason: "slow" })).toEqual({});
    expect(wrongIn(ASKED.radio, { text: "x", channel: "y".repeat(41) })).toEqual({
      channel: "At most 40 characters; these are 41.",
    });
  });

  it("ask by disposition for what the watch needs", () => {
    const names = (disposition: string) =>
      askedByDisposition(disposition).map(({ name, must }) => (must ? `${name}!` : name));
    expect(names("innocent")).toEqual(["cause!", "text"]);
    expect(names("handed_over")).toEqual(["to!", "text"]);
    expect(names("drill")).toEqual(["text"]);
  });

  it("answer with what was asked only, trimmed", () => {
    const given = { disposition: "drill", cause: "left over from another choice", text: " done " };
    expect(answerOf(askedByDisposition("drill"), given)).toEqual({ text: "done" });
  });
});
