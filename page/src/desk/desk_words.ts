/** The words of the desk as an officer reads them: pure. */

import { dayOf, saidOf } from "../words";

export const ENTITY_TYPES = [
  "person",
  "country",
  "organisation",
  "place",
  "force",
  "asset",
  "vessel",
  "system",
] as const;

const EVENTS: Record<string, string> = {
  infrastructure_damage: "damage to infrastructure",
  outage: "outage",
  presence: "presence of forces",
  control_zone: "control zone",
  airspace_incident: "airspace incident",
  exercise: "exercise or attack scenario",
  facility_security: "security of a facility",
  grid_change: "grid connection change",
  need: "need",
  pledge: "pledge",
  licence: "licence",
  procurement: "procurement",
  delivery: "delivery",
  command_change: "command or headquarters",
  spending: "spending",
  legislation: "legislation",
  meeting: "meeting or visit",
  appointment: "appointment",
  statement: "statement of position",
};
export const EVENT_TYPES: readonly string[] = Object.keys(EVENTS);

export const MODALITIES = ["fact", "plan", "promise", "demand", "estimate", "opinion"] as const;

const MODALITY: Record<string, string> = {
  fact: "told as fact",
  plan: "plan",
  promise: "promise",
  demand: "demand",
  estimate: "estimate",
  opinion: "opinion",
};

const LEDGERS: Record<string, string> = {
  incidents: "Incidents and hybrid activity",
  presence: "Presence",
  energy: "Energy",
  assistance: "Assistance",
  spending: "Spending",
  positions: "Positions and guarantees",
  calendar: "Calendar",
};
export const LEDGER_NAMES: readonly string[] = Object.keys(LEDGERS);

const ROLES: Record<string, string> = {
  from_to: "a change from, to",
  target: "a level asked for",
  current: "a level now",
  required: "what it would take",
  needed: "asked for",
  total: "a count",
  given: "given or to be given",
  size: "how many take part",
  cost: "a cost",
  capacity: "a capacity",
  duration: "a length of time",
  measure: "a measure",
};

const STANCES: Record<string, string> = { for: "for it", against: "against it", conditional: "on a condition" };

const plain = (word: string): string => word.replaceAll("_", " ");

export const eventOf = (type: string): string => saidOf(EVENTS, type) ?? plain(type);
export const modalityOf = (modality: string): string => saidOf(MODALITY, modality) ?? plain(modality);
export const ledgerOf = (name: string): string => saidOf(LEDGERS, name) ?? plain(name);
export const roleOf = (role: string): string => saidOf(ROLES, role) ?? plain(role);
export const stanceOf = (stance: string): string => saidOf(STANCES, stance) ?? plain(stance);

/** How much it is the business of this desk, from 0 to 1. */
export const relevanceOf = (relevance: number): string =>
  Number.isFinite(relevance) ? `relevance ${relevance.toFixed(2)}` : "relevance not known";

/** "from 2 to 3 % of GDP", "19", "5 to 8 countries": a quantity without its words. */
export function amountOf(said: { low: number; high: number; unit: string | null }): string {
  const values = said.low === said.high ? figure(said.low) : `${figure(said.low)} to ${figure(said.high)}`;
  return said.unit ? `${values} ${said.unit}` : values;
}

/** "30,000,000,000" is counted by nobody: "30 billion". */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "?";
  for (const [size, word] of SIZES) if (Math.abs(value) >= size) return `${short(value / size)} ${word}`;
  return short(value);
}

const SIZES: readonly [number, string][] = [
  [1e12, "trillion"],
  [1e9, "billion"],
  [1e6, "million"],
];
const short = (value: number): string => value.toLocaleString("en-GB", { maximumFractionDigits: 2 });

/** "9 Jan 2025", "9 Jan 2025 to 12 Jan 2025", "": what a time that was said means; `until` is exclusive. */
export function daysOf(from: string | null, until: string | null): string {
  const fromMs = from ? Date.parse(from) : Number.NaN;
  const lastMs = until ? Date.parse(until) - 1 : Number.NaN;
  if (!Number.isFinite(fromMs)) return Number.isFinite(lastMs) ? `up to ${dayOf(lastMs)}` : "";
  if (!Number.isFinite(lastMs)) return `from ${dayOf(fromMs)}`;
  const [first, last] = [dayOf(fromMs), dayOf(lastMs)];
  return first === last ? first : `${first} to ${last}`;
}

/** The first words of a text, as a name for it. */
export function headOf(text: string, most = 90): string {
  const plainly = text.slice(0, 4 * most).replace(/\s+/g, " ");
  const letters = [...plainly.trim()];
  return letters.length > most ? `${letters.slice(0, most).join("").trimEnd()} ...` : letters.join("");
}

const QUALITIES: Record<string, string> = {
  given: "as was given with it",
  published: "the day it was published",
  unknown: "not known: times stay as they are said",
};
export const qualityOf = (quality: string): string => saidOf(QUALITIES, quality) ?? plain(quality);

interface From {
  source: string | null;
  file: string | null;
  line: number | null;
}

/** "Harbour Post", "line 5 of digest.txt", "": of a file only its name, for its folders are nobody's business. */
export function originOf({ source, file, line }: From): string {
  if (source) return source;
  const name = (file ?? "").split(/[\\/]/).at(-1);
  if (!name) return "";
  return line ? `line ${line} of ${name}` : name;
}
