/** An hour of places as bytes (docs/streams.md, "A replay, byte by byte"), read in place. */

export interface Places {
  sinceMs: number;
  untilMs: number;
  everyS: number;
  count: number;
  mmsi: Uint32Array;
  /** 1e-7 degrees. */
  lon: Int32Array;
  lat: Int32Array;
  /** Whole seconds after `sinceMs`; in order. */
  t: Int32Array;
  /** 0.1 kn and 0.1 degrees; 65535 = not said. */
  sog: Uint16Array;
  cog: Uint16Array;
  heading: Uint16Array;
  craft: Uint8Array;
  /** 2 m; 0 = unknown. */
  length: Uint8Array;
}

const HEADER = 40;
const ROW = 24;
const FORM = 1;

/** Throws an Error with words where the bytes are not what they should be. */
export function placesOf(bytes: ArrayBuffer): Places {
  const head = new DataView(bytes);
  if (bytes.byteLength < HEADER || head.getUint32(0, true) !== 0x50525741) throw new Error("This is no replay");
  if (head.getUint8(4) !== FORM) throw new Error("This replay has another form. Load the page anew");
  const start = head.getUint16(6, true);
  const n = head.getUint32(28, true);
  if (start < HEADER || start % 4 || bytes.byteLength < start + n * ROW) throw new Error("The replay is cut off");
  let at = start;
  const next = (width: number): number => {
    at += n * width;
    return at - n * width;
  };
  return {
    sinceMs: Number(head.getBigInt64(8, true) / 1000n),
    untilMs: Number(head.getBigInt64(16, true) / 1000n),
    everyS: head.getUint32(24, true),
    count: n,
    mmsi: new Uint32Array(bytes, next(4), n),
    lon: new Int32Array(bytes, next(4), n),
    lat: new Int32Array(bytes, next(4), n),
    t: new Int32Array(bytes, next(4), n),
    sog: new Uint16Array(bytes, next(2), n),
    cog: new Uint16Array(bytes, next(2), n),
    heading: new Uint16Array(bytes, next(2), n),
    craft: new Uint8Array(bytes, next(1), n),
    length: new Uint8Array(bytes, next(1), n),
  };
}
