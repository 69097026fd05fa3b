import { asked } from "./ask";
import type { Incident } from "./records";

export const allIncidents = (stop?: AbortSignal): Promise<Incident[]> =>
  asked<{ incidents: Incident[] }>("/incidents", stop).then(({ incidents }) => incidents);
