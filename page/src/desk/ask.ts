/** What the desk asks the watch. */

import { api, told } from "../api/client";
import type { paths } from "../api/schema";
import type {
  Brief,
  CorrectionWish,
  Incident,
  IncidentRecord,
  Ledger,
  Opened,
  Press,
  ReportPage,
  StoryPage,
} from "./records";

type Asked<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Query } } }
  ? NonNullable<Query>
  : never;
export type ReportQuery = Asked<"/api/v1/reports">;
export type Since = { since?: string };
type Stop = AbortSignal;

export const reportsOf = (query: ReportQuery, stop?: Stop): Promise<ReportPage> =>
  told(api.GET("/api/v1/reports", { params: { query }, ...given(stop) }));

export const reportOf = (id: string, stop?: Stop): Promise<Opened> =>
  told(api.GET("/api/v1/reports/{report_id}", { params: { path: { report_id: id } }, ...given(stop) }));

export const read = (body: { text: string; source?: string; reference_date?: string }) =>
  told(api.POST("/api/v1/reports", { body }));

export const correct = (id: string, body: Partial<CorrectionWish> & Pick<CorrectionWish, "what">): Promise<Opened> =>
  told(
    api.POST("/api/v1/reports/{report_id}/corrections", {
      params: { path: { report_id: id } },
      body: body as CorrectionWish,
    }),
  );

export const takeBack = (id: string): Promise<unknown> =>
  told(api.DELETE("/api/v1/corrections/{correction_id}", { params: { path: { correction_id: id } } }));

export const storiesOf = (query: { limit?: number; before?: string }, stop?: Stop): Promise<StoryPage> =>
  told(api.GET("/api/v1/stories", { params: { query }, ...given(stop) }));

export const storyOf = (id: string, stop?: Stop) =>
  told(api.GET("/api/v1/stories/{story_id}", { params: { path: { story_id: id } }, ...given(stop) }));

export const ledgersOf = (stop?: Stop) => told(api.GET("/api/v1/ledgers", { ...given(stop) }));

/** `name` is of an address: the watch says what it does not know. */
export const ledgerNamed = (name: string, query: Since, stop?: Stop): Promise<Ledger> =>
  told(api.GET("/api/v1/ledgers/{name}", { params: { path: { name: name as never }, query }, ...given(stop) }));

export const incidentsOf = (stop?: Stop): Promise<Incident[]> =>
  told(api.GET("/api/v1/incidents", { ...given(stop) })).then(({ incidents }) => incidents);

export const incidentOf = (id: string, stop?: Stop): Promise<IncidentRecord> =>
  told(api.GET("/api/v1/incidents/{incident_id}", { params: { path: { incident_id: id } }, ...given(stop) }));

export const briefOf = (query: Since, stop?: Stop): Promise<Brief> =>
  told(api.GET("/api/v1/brief", { params: { query }, ...given(stop) }));

export const pressOf = (stop?: Stop): Promise<Press> => told(api.GET("/api/v1/press", { ...given(stop) }));

const given = (signal?: Stop): { signal?: Stop } => (signal ? { signal } : {});

/** Address of a file of the watch. */
export function fileOf(path: string, query: Since): string {
  const text = new URLSearchParams({ ...query }).toString();
  return text ? `${path}?${text}` : path;
}
