import { describe, expect, it } from "vitest";
import { placesOf } from "./awrp";
import { Hour } from "./hour";

interface Row {
  mmsi: number;
  lon: number;
  lat: number;
  t: number;
  cog?: number;
}

const SINCE = Date.parse("2024-12-25T10:00:00Z");

/** Bytes as docs/streams.md describes them. */
function bytesOf(rows: Row[], header = 40): ArrayBuffer {
  const buffer = new ArrayBuffer(header + 24 * rows.length);
  const view = new DataView(buffer);
  new Uint8Array(buffer).set(new TextEncoder().encode("AWRP"));
  view.setUint8(4, 1);
  view.setUint16(6, header, true);
  view.setBigInt64(8, BigInt(SINCE) * 1000n, true);
  view.setBigInt64(16, BigInt(SINCE + 3_600_000) * 1000n, true);
  view.setUint32(24, 30, true);
  view.setUint32(28, rows.length, true);
  const n = rows.length;
  rows.forEach((row, k) => {
    view.setUint32(header + 4 * k, row.mmsi, true);
    view.setInt32(header + 4 * (n + k), Math.round(row.lon * 1e7), true);
    view.setInt32(header + 4 * (2 * n + k), Math.round(row.lat * 1e7), true);
    view.setInt32(header + 4 * (3 * n + k), row.t, true);
    view.setUint16(header + 16 * n + 2 * k, 105, true);
    view.setUint16(header + 18 * n + 2 * k, row.cog === undefined ? 65_535 : row.cog * 10, true);
    view.setUint16(header + 20 * n + 2 * k, 65_535, true);
    view.setUint8(header + 22 * n + k, 0x21);
    view.setUint8(header + 23 * n + k, 50);
  });
  return buffer;
}

const at = (rows: Row[], seconds: number, levels = new Map<number, number>()) => {
  const c = new Hour(placesOf(bytesOf(rows))).show(SINCE + seconds * 1000, levels);
  return Array.from({ length: c.count }, (_, k) => ({
    mmsi: c.mmsi[k],
    lon: c.lonDeg[k]!,
    lat: c.latDeg[k]!,
    age: c.ageS[k],
    cog: c.cogDeg[k]!,
    level: c.level[k],
  }));
};

const SAILING: Row[] = [
  { mmsi: 1, lon: 25, lat: 60, t: -20, cog: 350 },
  { mmsi: 2, lon: 20, lat: 59, t: 5 },
  { mmsi: 1, lon: 26, lat: 61, t: 80, cog: 10 },
];

describe("the picture at a moment", () => {
  it("lies between the places before and after", () => {
    const [ship] = at(SAILING, 30);
    expect(ship?.lon).toBeCloseTo(25.5, 6);
    expect(ship?.lat).toBeCloseTo(60.5, 6);
    expect(ship?.cog).toBeCloseTo(0, 3);
    expect(ship?.age).toBe(0);
  });

  it("does not show a vessel before it was heard, nor an hour after", () => {
    expect(at(SAILING, 0).map(({ mmsi }) => mmsi)).toEqual([1]);
    expect(at(SAILING, 30).map(({ mmsi }) => mmsi)).toEqual([1, 2]);
    expect(at(SAILING, 3606).map(({ mmsi }) => mmsi)).toEqual([1]);
  });

  it("lets a vessel grow old where nothing more is known of her", () => {
    expect(at(SAILING, 65).find(({ mmsi }) => mmsi === 2)).toMatchObject({ lon: 20, age: 60 });
  });

  it("does not sail over a silence", () => {
    const silent: Row[] = [
      { mmsi: 1, lon: 25, lat: 60, t: 0 },
      { mmsi: 1, lon: 27, lat: 60, t: 900 },
    ];
    expect(at(silent, 450)[0]).toMatchObject({ lon: 25, age: 450 });
  });

  it("goes the short way over the date line", () => {
    const over: Row[] = [
      { mmsi: 1, lon: 179.9, lat: 0, t: 0 },
      { mmsi: 1, lon: -179.7, lat: 0, t: 100 },
    ];
    expect(at(over, 50)[0]?.lon).toBeCloseTo(-179.9, 6);
  });

  it("goes back as well as forward", () => {
    const hour = new Hour(placesOf(bytesOf(SAILING, 44)));
    hour.show(SINCE + 90_000, new Map());
    expect(hour.show(SINCE - 10_000, new Map()).lonDeg[0]).toBeCloseTo(25.1, 6);
  });

  it("marks the vessels of alerts", () => {
    expect(at(SAILING, 30, new Map([[2, 3]])).map(({ level }) => level)).toEqual([0, 3]);
  });
});

describe("bytes that are wrong", () => {
  it("says so", () => {
    expect(() => placesOf(new ArrayBuffer(3))).toThrow("no replay");
    expect(() => placesOf(bytesOf(SAILING).slice(0, 60))).toThrow("cut off");
    const other = bytesOf(SAILING);
    new DataView(other).setUint8(4, 2);
    expect(() => placesOf(other)).toThrow("another form");
  });
});
