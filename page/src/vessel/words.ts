/** What vessels send as numbers, in words. */

// ITU-R M.1371-5, table 53.
const TYPES: Record<number, string> = {
  30: "fishing vessel",
  31: "towing",
  32: "towing, long or wide",
  33: "dredging or underwater work",
  34: "diving work",
  35: "military",
  36: "sailing vessel",
  37: "pleasure craft",
  50: "pilot vessel",
  51: "search and rescue",
  52: "tug",
  53: "port tender",
  54: "anti-pollution vessel",
  55: "law enforcement",
  58: "medical transport",
  59: "ship not party to an armed conflict",
};
const TENS: Record<number, string> = {
  2: "wing in ground",
  4: "high-speed craft",
  6: "passenger ship",
  7: "cargo ship",
  8: "tanker",
  9: "other type",
};

/** "tanker (AIS 80)"; the class where the type does not say it. */
export function typeOf(type: number | null | undefined, shipClass: string): string {
  const said = type ? (TYPES[type] ?? TENS[Math.floor(type / 10)]) : undefined;
  if (said) return `${said} (AIS ${type})`;
  const named = shipClass && shipClass !== "unknown" ? shipClass.replaceAll("_", " ") : "type not known";
  return type ? `${named} (AIS ${type})` : named;
}

// ITU-R M.1371-5, table 45.
const STATUS = [
  "under way using engine",
  "at anchor",
  "not under command",
  "restricted in her ability to manoeuvre",
  "constrained by her draught",
  "moored",
  "aground",
  "engaged in fishing",
  "under way sailing",
  "reserved (9)",
  "reserved (10)",
  "towing astern",
  "pushing ahead or towing alongside",
  "reserved (13)",
  "AIS-SART, MOB or EPIRB active",
];

export const navStatusOf = (status: number | null | undefined): string =>
  status === null || status === undefined ? "not said" : (STATUS[status] ?? `undefined (${status})`);

const regions = new Intl.DisplayNames(["en"], { type: "region" });

/** "Finland (FI)"; "flag not known". */
export function flagOf(code: string): string {
  if (!code) return "flag not known";
  try {
    const name = regions.of(code);
    return name && name !== code ? `${name} (${code})` : code;
  } catch {
    return code;
  }
}

/** What kind of number an MMSI is: only 2 to 7 in front are ships' own (ITU-R M.585). */
export function mmsiNote(mmsi: number): string {
  const text = String(mmsi).padStart(9, "0");
  if (mmsi === 0) return "0 is no vessel's number: an AIS set that was never programmed. Several may send it.";
  if (text.startsWith("970")) return "A search and rescue transmitter (AIS-SART).";
  if (text.startsWith("972")) return "A man-overboard device.";
  if (text.startsWith("974")) return "An EPIRB.";
  if (text.startsWith("99")) return "A mark: buoy, beacon or light, real or virtual.";
  if (text.startsWith("98")) return "A craft that belongs to a mother ship.";
  if (text.startsWith("111")) return "An aircraft of search and rescue.";
  if (text.startsWith("00")) return "A station ashore.";
  if (text.startsWith("0")) return "A group of ships, not one.";
  if (!/^[2-7]/.test(text)) return "No ship's number begins like this: it may be a handheld set, or made up.";
  return "";
}
