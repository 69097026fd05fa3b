/** Messages of the stream of vessels, byte by byte as docs/streams.md says. Columns are read in place. */

export const SNAPSHOT = 1;
export const DIFF = 2;
const FORM = 1;
const HEADER_BYTES = 32;
const VESSEL_BYTES = 24;

/** Whole numbers as they were sent. */
export interface Message {
  kind: typeof SNAPSHOT | typeof DIFF;
  timeMs: number;
  view: number;
  inView: number;
  count: number;
  mmsi: Uint32Array;
  lon: Int32Array;
  lat: Int32Array;
  gone: Uint32Array;
  age: Uint16Array;
  sog: Uint16Array;
  cog: Uint16Array;
  heading: Uint16Array;
  craft: Uint8Array;
  mark: Uint8Array;
  length: Uint8Array;
  near: Uint8Array;
}

export class NoMessage extends Error {}

/** Understand a message. Throws NoMessage, with what is wrong, for bytes that are none. */
export function decode(bytes: ArrayBuffer): Message {
  if (bytes.byteLength < HEADER_BYTES) throw new NoMessage(`${bytes.byteLength} bytes are no message`);
  const head = new DataView(bytes);
  const kind = head.getUint8(5);
  // "AWVS" read as a number.
  if (head.getUint32(0) !== 0x41575653 || head.getUint8(4) !== FORM) throw new NoMessage("no vessels in a known form");
  if (kind !== SNAPSHOT && kind !== DIFF) throw new NoMessage(`no known kind of message: ${kind}`);
  const size = head.getUint16(6, true);
  const [view, count, gone, inView] = [16, 20, 24, 28].map((at) => head.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  if (size < HEADER_BYTES || bytes.byteLength !== size + count * VESSEL_BYTES + gone * 4)
    throw new NoMessage(`${count} vessels and ${gone} gone do not make ${bytes.byteLength} bytes`);
  const timeMs = Number(head.getBigInt64(8, true)) / 1000;
  return { kind, timeMs, view, inView, count, ...columnsOf(bytes, size, count, gone) };
}

function columnsOf(bytes: ArrayBuffer, size: number, count: number, gone: number) {
  // A longer header of a later version may end anywhere; wide numbers can only be read in place on their own steps.
  const body = size % 4 ? bytes.slice(size) : bytes;
  let at = size % 4 ? 0 : size;
  const next = (length: number, width: number): number => {
    at += length * width;
    return at - length * width;
  };
  return {
    mmsi: new Uint32Array(body, next(count, 4), count),
    lon: new Int32Array(body, next(count, 4), count),
    lat: new Int32Array(body, next(count, 4), count),
    gone: new Uint32Array(body, next(gone, 4), gone),
    age: new Uint16Array(body, next(count, 2), count),
    sog: new Uint16Array(body, next(count, 2), count),
    cog: new Uint16Array(body, next(count, 2), count),
    heading: new Uint16Array(body, next(count, 2), count),
    craft: new Uint8Array(body, next(count, 1), count),
    mark: new Uint8Array(body, next(count, 1), count),
    length: new Uint8Array(body, next(count, 1), count),
    near: new Uint8Array(body, next(count, 1), count),
  };
}
