import { describe, expect, it } from "vitest";
import { ClockCheck, SteadyClock, speedOf } from "./steady_clock";

const HOUR = 3_600_000;

describe("steady clock", () => {
  function made() {
    const machine = { wall: 1_000_000_000, run: 500 };
    const clock = new SteadyClock(
      () => machine.wall,
      () => machine.run,
    );
    return { machine, clock };
  }

  it("goes with the machine", () => {
    const { machine, clock } = made();
    machine.wall += 5000;
    machine.run += 5000;
    expect(clock.readMs()).toBe(1_000_005_000);
  });

  it("does not go back when the clock is set back", () => {
    const { machine, clock } = made();
    machine.wall -= HOUR;
    machine.run += 1000;
    expect(clock.readMs()).toBe(1_000_001_000);
  });

  it("counts the time slept, once", () => {
    const { machine, clock } = made();
    machine.wall += 6 * HOUR; // the machine slept: what the page counts stood still
    machine.run += 10;
    expect(clock.readMs()).toBe(1_000_000_000 + 6 * HOUR);
    machine.wall += 1000;
    machine.run += 1000;
    expect(clock.readMs()).toBe(1_000_001_000 + 6 * HOUR);
  });
});

describe("clocks compared", () => {
  it("says an hour at once", () => expect(new ClockCheck().heard(-3600)).toBe(-3600));

  it("says an hour soon where the clock is set while the page is open", () => {
    const check = new ClockCheck();
    check.heard(0.1);
    expect(check.heard(3600)).toBe(0); // it may have lain in a tab that was put away
    expect(check.heard(3600.2)).toBe(3600);
    expect(check.heard(0.1)).toBe(0);
  });

  it("says seconds only when three heartbeats agree", () => {
    const check = new ClockCheck();
    expect(check.heard(8)).toBe(0);
    expect(check.heard(9)).toBe(0);
    expect(check.heard(8.5)).toBe(8);
    expect(check.heard(0.2)).toBe(0);
  });
});

it("speed of a replay is that over some heartbeats", () => {
  expect(speedOf([])).toBeNull();
  expect(speedOf([{ timeMs: 0, heardMs: 0 }])).toBeNull();
  expect(
    speedOf([
      { timeMs: 0, heardMs: 0 },
      { timeMs: 150_000, heardMs: 5000 },
      { timeMs: 300_000, heardMs: 10_000 },
    ]),
  ).toBe(30);
});
