/** What the desk is told: reports, stories, ledgers, incidents, the brief. */

export type EntityType = "person" | "country" | "organisation" | "place" | "force" | "asset" | "vessel" | "system";

/** Where words stand in a text: counted in characters, not in the halves that JavaScript makes of some. */
export interface Words {
  text: string;
  start: number;
  end: number;
}

export interface Entity extends Words {
  type: string;
  name: string | null;
  possibly: string | null;
  id: string | null;
}

export interface Quantity extends Words {
  low: number;
  high: number;
  unit: string | null;
  role: string;
  qualifier: string | null;
  of: string | null;
}

export interface When extends Words {
  from: string | null;
  until: string | null;
  duration: boolean;
}

/** A claim: one event that a report speaks of. */
export interface Claim {
  type: string;
  modality: string;
  quote: string;
  start: number;
  end: number;
  actors: string[];
  to: string[];
  place: string | null;
  when: string | null;
  speaker: string | null;
  stance: string | null;
  topic: string | null;
  assets: string[];
  quantities: number[];
}

export interface Report {
  id: string;
  text: string;
  source: string | null;
  url: string | null;
  published: string | null;
  received: string | null;
  reference_date: string | null;
  reference_date_quality: string;
  language: string;
  relevance: number;
  assets: string[];
  entities: Entity[];
  quantities: Quantity[];
  dates: When[];
  events: Claim[];
  story: string | null;
  related: string[];
  ledgers: string[];
  notes: string[];
}

export interface ReportPage {
  reports: Report[];
  next: string | null;
  total: number;
}

export interface Copy {
  source: string | null;
  url: string | null;
  published: string | null;
}

export type Cell = string | number | null;

export interface RowOfReport {
  ledger: string;
  id: string;
  cells: Record<string, Cell>;
}

export interface Correction {
  id: string;
  report: string;
  what: string;
  text: string;
  start: number;
  was: string | null;
  type: string | null;
  name: string | null;
  modality: string | null;
  relevant: boolean | null;
  story: string | null;
  by: string;
  at: string | null;
}

export interface Side {
  value: string;
  report: string;
  quote: string;
}

export interface Contradiction {
  about: string;
  sides: Side[];
}

export interface Opened extends Report {
  copies: Copy[];
  rows: RowOfReport[];
  corrections: Correction[];
  incidents: string[];
  contradicts: Contradiction[];
}

export interface Story {
  id: string;
  title: string;
  first: string | null;
  last: string | null;
  count: number;
}

export interface OneStory extends Story {
  reports: Report[];
  contradictions: Contradiction[];
}

export interface LedgerSummary {
  name: string;
  title: string;
  rows: number;
}

export interface Source {
  report: string;
  quote: string;
  start: number;
  end: number;
}

export interface LedgerRow {
  id: string;
  at: string | null;
  until: string | null;
  cells: Record<string, Cell>;
  differs: string[];
  sources: Source[];
  story: string | null;
  assets: string[];
}

export interface LedgerPlot {
  kind: string;
  title: string;
  x: string;
  y: string;
  series: { name: string; points: Cell[][] }[];
}

export interface LedgerColumn {
  key: string;
  title: string;
  unit: string | null;
}

export interface Ledger {
  name: string;
  title: string;
  columns: LedgerColumn[];
  rows: LedgerRow[];
  plots: LedgerPlot[];
  notes: string[];
  parts: Ledger[];
}

export interface Incident {
  id: string;
  asset: string | null;
  asset_said: string;
  since: string | null;
  until: string | null;
  place: string;
  lon_deg: number | null;
  lat_deg: number | null;
  radius_km: number | null;
  state: string;
  opened: string;
  reports: string[];
  alerts: string[];
  notices: string[];
  notes: string[];
  candidates: string[];
}

export interface IncidentAlert {
  id: string;
  level: string;
  kind: string;
  raised: string;
  explanation: string;
}

export interface IncidentRecord extends Incident {
  report_records: Report[];
  alert_records: IncidentAlert[];
  looked_back: Record<string, unknown>;
}

export interface BriefSource {
  kind: string;
  id: string;
  label: string;
}

export interface Brief {
  title: string;
  at: string;
  sections: { title: string; sentences: { text: string; sources: BriefSource[] }[] }[];
}

export interface StoryPage {
  stories: Story[];
  next: string | null;
}
