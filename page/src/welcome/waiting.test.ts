import { expect, test } from "vitest";
import { waitingOf } from "./waiting";

type Feed = Exclude<Parameters<typeof waitingOf>[0], undefined>;
const feed = (said: Partial<Feed>): Feed =>
  ({ healthy: true, why: "", state: "connected", lines: 0, rows: 0, rejects: {}, ...said }) as Feed;

test("from switching on to the first position", () => {
  expect(waitingOf(undefined, 0).words).toBe("Switching on ...");
  expect(waitingOf(feed({ state: "connecting", healthy: false, why: "not connected (connecting)" }), 5)).toEqual({
    words: "Connecting ... (5 s)",
    heard: false,
    failed: false,
  });
  expect(waitingOf(feed({}), 1).words).toBe("Connected. Waiting for the first message ...");
  expect(waitingOf(feed({ lines: 3 }), 1).words).toContain("3 lines came");
  expect(waitingOf(feed({ lines: 30, rows: 12 }), 1)).toMatchObject({ heard: true, failed: false });
});

test("failures are said as such, and what comes next", () => {
  const refused = feed({ state: "waiting", healthy: false, why: "not connected (waiting): refused" });
  expect(waitingOf(refused, 9)).toMatchObject({ failed: true });
  expect(waitingOf(refused, 9).words).toBe("Not connected (waiting): refused. It is tried again by itself.");
  expect(waitingOf(feed({ lines: 4, rejects: { not_nmea: 4 } }), 9)).toMatchObject({ failed: true });
  expect(waitingOf(feed({ state: "ended", healthy: false, why: "a key was refused" }), 9).failed).toBe(true);
  expect(waitingOf(feed({ healthy: false, why: "connected, but nothing came for 60 s" }), 61).failed).toBe(true);
  expect(waitingOf(feed({ rows: 2, healthy: false, why: "connected, but nothing came" }), 61).heard).toBe(false);
});
