import { expect, test } from "vitest";
import { countdownOf } from "./countdown";

test("a countdown goes on past its end, in words", () => {
  expect([3600 * 2 + 61, 723, 0].map(countdownOf)).toEqual(["2:01:01", "12:03", "00:00"]);
  expect([-5, -300, -7300].map(countdownOf)).toEqual(["was due 5 s ago", "was due 5 min ago", "was due 2 h ago"]);
  expect(countdownOf(Number.NaN)).toBe("?");
});
