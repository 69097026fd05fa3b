import { describe, expect, test } from "vitest";
import { Afloat } from "../state/afloat";
import { decode, NoMessage } from "./vessel_bytes";
import { messageOf } from "./vessel_bytes.made";

const ship = { mmsi: 230_000_001, lonDeg: 25.5, latDeg: 59.9, sogKn: 8.9, cogDeg: 84.2 };

describe("decode", () => {
  test("reads each column in place", () => {
    const message = decode(messageOf({ ships: [ship, { ...ship, mmsi: 2, level: 3, silenced: true }], gone: [7, 8] }));
    expect([...message.mmsi]).toEqual([230_000_001, 2]);
    expect([...message.gone]).toEqual([7, 8]);
    expect(message.lon[0]).toBe(255_000_000);
    expect([...message.sog]).toEqual([89, 89]);
    expect([...message.mark]).toEqual([0, 7]);
  });

  test("passes over a longer header, also one that ends between the steps of wide numbers", () => {
    for (const longer of [4, 1]) {
      const message = decode(messageOf({ ships: [ship], longer }));
      expect(message.lat[0]).toBe(599_000_000);
    }
  });

  test.each([
    ["too short", new ArrayBuffer(31)],
    ["cut", messageOf({ ships: [ship] }).slice(0, 50)],
    ["another form", changed(4, 2)],
    ["another kind", changed(5, 3)],
    ["not ours", changed(0, 66)],
    ["more vessels than bytes", changed(22, 255)],
  ])("refuses what is no message: %s", (_, bytes) => {
    expect(() => decode(bytes)).toThrow(NoMessage);
  });
});

function changed(at: number, value: number): ArrayBuffer {
  const bytes = messageOf({ ships: [ship] });
  new Uint8Array(bytes)[at] = value;
  return bytes;
}

describe("Afloat", () => {
  test("a diff changes, adds and takes away; the others grow older", () => {
    const afloat = new Afloat(1);
    afloat.take(decode(messageOf({ ships: [1, 2, 3].map((mmsi) => ({ ...ship, mmsi, ageS: 10 })) })));
    afloat.take(
      decode(
        messageOf({
          kind: 2,
          timeMs: 5000,
          ships: [
            { ...ship, mmsi: 2, latDeg: 60 },
            { ...ship, mmsi: 4 },
          ],
          gone: [1, 99],
        }),
      ),
    );
    const { columns: c } = afloat;
    expect(c.count).toBe(3);
    expect(afloat.rowOf(1)).toBeUndefined();
    expect(c.latDeg[afloat.rowOf(2)!]).toBeCloseTo(60);
    expect(c.ageS[afloat.rowOf(2)!]).toBe(0);
    expect(c.ageS[afloat.rowOf(3)!]).toBe(15);
    expect(c.mmsi[afloat.rowOf(3)!]).toBe(3);
    expect(c.mmsi[afloat.rowOf(4)!]).toBe(4);
  });

  test("a snapshot begins anew", () => {
    const afloat = new Afloat();
    afloat.take(decode(messageOf({ ships: [ship, { ...ship, mmsi: 5 }] })));
    afloat.take(decode(messageOf({ ships: [{ ...ship, mmsi: 6 }] })));
    expect(afloat.columns.count).toBe(1);
    expect(afloat.rowOf(5)).toBeUndefined();
  });

  test("what a vessel does not say is NaN", () => {
    const afloat = new Afloat();
    afloat.take(decode(messageOf({ ships: [{ mmsi: 9, lonDeg: 0, latDeg: 0 }] })));
    const { columns: c } = afloat;
    for (const column of [c.sogKn, c.cogDeg, c.headingDeg, c.lengthM, c.assetM]) expect(column[0]).toBeNaN();
  });

  test("a clock that goes back makes no age negative", () => {
    const afloat = new Afloat();
    afloat.take(decode(messageOf({ timeMs: 9000, ships: [ship] })));
    afloat.take(decode(messageOf({ kind: 2, timeMs: 1000, ships: [] })));
    expect(afloat.columns.ageS[0]).toBe(0);
  });

  test("keeps the right rows through a long random sequence", () => {
    const afloat = new Afloat(4);
    const truth = new Map<number, number>();
    let seed = 7;
    const next = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let turn = 0; turn < 300; turn++) {
      const gone = [...truth.keys()].filter(() => next(9) === 0);
      for (const mmsi of gone) truth.delete(mmsi);
      const ships = Array.from({ length: next(6) }, () => ({ mmsi: 1 + next(60), lonDeg: next(90), latDeg: 1 }));
      const last = [...new Map(ships.map((s) => [s.mmsi, s])).values()];
      for (const { mmsi, lonDeg } of last) truth.set(mmsi, lonDeg);
      afloat.take(decode(messageOf({ kind: 2, ships: last, gone })));
    }
    expect(afloat.columns.count).toBe(truth.size);
    for (const [mmsi, lonDeg] of truth) expect(afloat.columns.lonDeg[afloat.rowOf(mmsi)!]).toBeCloseTo(lonDeg);
  });
});
