/** What the desk is told, by the names of this folder. */

import type { Schemas } from "../api/client";

/** Where words stand in a text: counted in characters, not in the halves that JavaScript makes of some. */
export interface Words {
  text: string;
  start: number;
  end: number;
}

export type Report = Schemas["Report"];
export type ReportPage = Schemas["Reports"];
/** A report with all that is tied to it. */
export type Opened = Schemas["OneReport"];
export type Entity = Schemas["ReportEntity"];
/** A claim: one event that a report speaks of. */
export type Claim = Schemas["ReportEvent"];
export type Correction = Schemas["Correction"];
export type CorrectionWish = Schemas["CorrectionWish"];
export type RowOfReport = Schemas["ReportRow"];
export type Contradiction = Schemas["Contradiction"];
export type Story = Schemas["Story"];
export type StoryPage = Schemas["Stories"];
export type Ledger = Schemas["Ledger"];
export type LedgerRow = Schemas["LedgerRow"];
export type LedgerColumn = Schemas["LedgerColumn"];
export type LedgerPlot = Schemas["LedgerPlot"];
export type Cell = string | number | null;
export type Incident = Schemas["Incident"];
export type IncidentRecord = Schemas["IncidentRecord"];
export type IncidentAlert = Schemas["IncidentAlert"];
export type Press = Schemas["PressFeeds"];
export type PressFeed = Schemas["PressFeed"];
export type Brief = Schemas["Brief"];
export type BriefSource = Schemas["BriefSource"];
