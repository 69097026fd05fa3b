/** Makes messages of vessels, for tests: the opposite of vessel_bytes.ts. */

export interface MadeShip {
  mmsi: number;
  lonDeg: number;
  latDeg: number;
  ageS?: number;
  sogKn?: number;
  cogDeg?: number;
  headingDeg?: number;
  craft?: number;
  level?: number;
  silenced?: boolean;
}

export interface Made {
  kind?: number;
  timeMs?: number;
  ships: MadeShip[];
  gone?: number[];
  longer?: number;
}

const tenths = (value: number | undefined): number => (value === undefined ? 65_535 : Math.round(value * 10));

export function messageOf({ kind = 1, timeMs = 0, ships, gone = [], longer = 0 }: Made): ArrayBuffer {
  const size = 32 + longer;
  const bytes = new ArrayBuffer(size + ships.length * 24 + gone.length * 4);
  const view = new DataView(bytes);
  for (const [k, letter] of [..."AWVS"].entries()) view.setUint8(k, letter.charCodeAt(0));
  view.setUint8(4, 1);
  view.setUint8(5, kind);
  view.setUint16(6, size, true);
  view.setBigInt64(8, BigInt(timeMs) * 1000n, true);
  for (const [k, value] of [1, ships.length, gone.length, ships.length].entries())
    view.setUint32(16 + 4 * k, value, true);
  let at = size;
  const put = (width: 1 | 2 | 4, values: number[]): void => {
    for (const value of values) {
      if (width === 4) view.setInt32(at, value, true);
      else if (width === 2) view.setUint16(at, value, true);
      else view.setUint8(at, value);
      at += width;
    }
  };
  put(
    4,
    ships.map((s) => s.mmsi),
  );
  put(
    4,
    ships.map((s) => Math.round(s.lonDeg * 1e7)),
  );
  put(
    4,
    ships.map((s) => Math.round(s.latDeg * 1e7)),
  );
  put(4, gone);
  put(
    2,
    ships.map((s) => s.ageS ?? 0),
  );
  put(
    2,
    ships.map((s) => tenths(s.sogKn)),
  );
  put(
    2,
    ships.map((s) => tenths(s.cogDeg)),
  );
  put(
    2,
    ships.map((s) => tenths(s.headingDeg)),
  );
  put(
    1,
    ships.map((s) => s.craft ?? 15),
  );
  put(
    1,
    ships.map((s) => (s.level ?? 0) | (s.silenced ? 4 : 0)),
  );
  put(
    1,
    ships.map(() => 0),
  );
  put(
    1,
    ships.map(() => 255),
  );
  return bytes;
}
