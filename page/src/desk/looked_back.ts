/** The record of a look back, read with care: it is kept as it was made, also by an earlier version. Pure. */

export interface Lead {
  kind: string;
  since: string;
  mmsi: number;
  text: string;
}

export interface LookedBack {
  text: string;
  counts: [words: string, count: number][];
  findings: Lead[];
}

const COUNTS: readonly [key: string, words: string][] = [
  ["positions", "positions looked at"],
  ["vessels", "vessels near it"],
  ["passages", "passages over it"],
  ["slow_passages", "slow ones of them"],
];
const MOST = 100;

/** null = it was not looked back. */
export function lookedBackOf(record: Readonly<Record<string, unknown>>): LookedBack | null {
  const text = typeof record.text === "string" ? record.text : "";
  const counts = COUNTS.flatMap(([key, words]): [string, number][] => {
    const value = Object.hasOwn(record, key) ? record[key] : undefined;
    return typeof value === "number" && Number.isFinite(value) ? [[words, value]] : [];
  });
  if (!text && !counts.length) return null;
  return { text, counts, findings: list(record.findings).flatMap(leadOf).slice(0, MOST) };
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function leadOf(value: unknown): Lead[] {
  if (typeof value !== "object" || value === null) return [];
  const said = value as Record<string, unknown>;
  const word = (key: string): string => (typeof said[key] === "string" ? (said[key] as string) : "");
  return [
    {
      kind: word("kind"),
      since: word("since"),
      mmsi: typeof said.mmsi === "number" ? said.mmsi : 0,
      text: word("text"),
    },
  ];
}
