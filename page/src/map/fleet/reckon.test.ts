import { describe, expect, test } from "vitest";
import { blank } from "../../state/afloat";
import type { VesselColumns } from "../../state/picture";
import { meant, projection, vesselsNear } from "../pick";
import { MARK_BYTES, Marks, NO_DIRECTION, steps } from "./marks";
import { placeNow, REACH_S, velocity } from "./reckon";

const NM_DEG = 1 / 60;

function fleet(...ships: { [Name in keyof VesselColumns]?: number }[]): VesselColumns {
  const columns: VesselColumns = { count: ships.length, timeMs: 0, ...blank(Math.max(1, ships.length)) };
  const usual = { latDeg: 60, lonDeg: 25, sogKn: 12, cogDeg: 0, headingDeg: Number.NaN, lengthM: 100 };
  for (const [row, ship] of ships.entries())
    for (const [name, value] of Object.entries({ ...usual, ...ship })) {
      const column = columns[name as keyof VesselColumns];
      if (typeof column !== "number") column[row] = value;
    }
  return columns;
}

describe("dead reckoning", () => {
  test("12 knots to the north for a minute are 0.2 nautical miles", () => {
    const [lon, lat] = placeNow(fleet({}), 0, 60);
    expect(lat).toBeCloseTo(60 + 0.2 * NM_DEG, 4);
    expect(lon).toBeCloseTo(25, 6);
  });

  test("to the east a degree is shorter", () => {
    const [lon, lat] = placeNow(fleet({ cogDeg: 90 }), 0, 60);
    expect(lon).toBeCloseTo(25 + 0.4 * NM_DEG, 3);
    expect(lat).toBeCloseTo(60, 6);
  });

  test("the age of the report counts, and goes on for three minutes at most", () => {
    const far = placeNow(fleet({ ageS: 100_000 }), 0, 3600)[1];
    expect(far).toBeCloseTo(placeNow(fleet({ ageS: 0 }), 0, REACH_S)[1], 9);
  });

  test.each([
    ["at anchor", { navStatus: 1, sogKn: 0.8 }],
    ["moored", { navStatus: 5, sogKn: 1 }],
    ["no speed said", { sogKn: Number.NaN }],
    ["no course said", { cogDeg: Number.NaN }],
    ["course of 360", { cogDeg: 360 }],
    ["speed that is none", { sogKn: 102.3 }],
    ["drifting by the noise of its receiver", { sogKn: 0.3 }],
  ])("stands still: %s", (_, ship) => {
    expect(velocity(fleet(ship), 0)).toEqual([0, 0]);
    expect(placeNow(fleet(ship), 0, 60)).toEqual([25, 60]);
  });

  test("one that makes way and still says moored moves", () => {
    expect(velocity(fleet({ navStatus: 5 }), 0)[1]).toBeGreaterThan(6);
  });
});

describe("marks", () => {
  const written = (c: VesselColumns): DataView => {
    const marks = new Marks();
    marks.write(c, new Set([7]));
    expect(marks.bytes.byteLength).toBeGreaterThanOrEqual(c.count * MARK_BYTES);
    return new DataView(marks.bytes);
  };

  test("hold whole numbers for what was not said", () => {
    const view = written(fleet({ cogDeg: Number.NaN, sogKn: Number.NaN, lengthM: Number.NaN, shipClass: 15 }));
    expect([8, 12].map((at) => view.getFloat32(at, true))).toEqual([0, 0].map((zero) => expect.closeTo(zero)));
    expect(view.getUint16(20, true)).toBe(NO_DIRECTION);
    expect(view.getUint16(22, true)).toBe(0);
    expect(view.getUint8(24)).toBe(0);
  });

  test("heading goes before course; level, silence and choice are told apart", () => {
    const view = written(fleet({ headingDeg: 359.99, cogDeg: 10, level: 3, silenced: 1, mmsi: 7, shipClass: 2 }));
    expect(view.getUint16(20, true)).toBe(35_999);
    expect([24, 25, 26].map((at) => view.getUint8(at))).toEqual([2, 3, 6]);
  });

  test("a place is known to a centimetre, and the way round the world is short", () => {
    const [east, west] = [steps(179.9999999, 0)[0], steps(-180, 0)[0]];
    expect((west - east) | 0).toBeLessThan(3);
    const [x, y] = steps(25.1234567, 59.7654321);
    expect((x / 2 ** 32 - 0.5) * 360).toBeCloseTo(25.1234567, 6);
    const turn = (0.5 - y / 2 ** 31) * 2 * Math.PI;
    expect((Math.atan(Math.sinh(turn)) * 180) / Math.PI).toBeCloseTo(59.7654321, 6);
  });
});

describe("picking", () => {
  const at = projection({ lng: 25, lat: 60 }, 8, 1000, 600);
  const near = (c: VesselColumns) => vesselsNear(c, 0, at, 500, 300);
  const px = (n: number): number => (n * 360) / (512 * 2 ** 8);

  test("takes the one under the finger", () => {
    const found = near(fleet({ lonDeg: 25 + px(15) }, { lonDeg: 25 + px(2) }, { lonDeg: 25 + px(40) }));
    expect(found.map(({ row }) => row)).toEqual([1, 0]);
    expect(meant(found)?.row).toBe(1);
  });

  test("asks where two are as near", () => {
    expect(meant(near(fleet({ lonDeg: 25 + px(3) }, { lonDeg: 25 - px(5) })))).toBeNull();
  });

  test("works across the date line", () => {
    const over = projection({ lng: 179.99, lat: 0 }, 8, 1000, 600)(-179.99, 0);
    expect(over.x).toBeCloseTo(500 + (0.02 / 360) * 512 * 256, 3);
  });
});
