/** The API of the watch, typed by its own OpenAPI document. */

import createClient from "openapi-fetch";
import type { Readable } from "openapi-typescript-helpers";
import type { components, paths } from "./schema";

/** As answers have them: the client turns pairs into lists. */
export type Schemas = { [Name in keyof components["schemas"]]: Readable<components["schemas"][Name]> };
export type Item = Schemas["Item"];
export type Alert = Schemas["Alert"];
export type AlertEvent = Schemas["Event"];
export type Vessel = Schemas["Vessel"];
export type Level = Alert["level"];
export type State = Item["work"]["state"];

/** What went wrong, in the words of the watch; `status` 0 = the watch could not be reached. */
export class Trouble extends Error {
  constructor(
    readonly status: number,
    readonly what: string,
    readonly where: string,
    readonly next: string,
  ) {
    super([what, where, next].filter(Boolean).join(". "));
  }
}

/** The header shows that a request was meant: a page elsewhere cannot send it. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  headers: { "X-Anchorwatch": "1" },
  fetch: (request) => fetch(request, { signal: inTime(request.signal) }),
});

// The slowest answers take some seconds. Without an end, what was asked before a network went away holds up what follows.
const LONGEST_MS = 45_000;

function inTime(signal?: AbortSignal): AbortSignal {
  const end = AbortSignal.timeout(LONGEST_MS);
  return signal ? AbortSignal.any([signal, end]) : end;
}

/** Return the data of an answer, or throw what the watch said instead of it. */
export async function told<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let answer: Awaited<typeof asked>;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    throw new Trouble(
      0,
      isLate ? "The watch does not answer" : "The watch cannot be reached",
      "",
      "It is tried again.",
    );
  }
  if (answer.response.status === 401) loggedOut();
  if (!answer.response.ok) throw troubleOf(answer.response.status, answer.error);
  return answer.data as T;
}

/** Ask for bytes of the API: replay, depth. */
export async function bytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  const asked = fetch(path, { headers: { "X-Anchorwatch": "1" }, signal: inTime(signal) });
  const answer = await told(
    asked.then(async (response) => ({
      response,
      data: response.ok ? await response.arrayBuffer() : new ArrayBuffer(0),
      error: response.ok ? undefined : await response.json().catch(() => undefined),
    })),
  );
  return answer;
}

/** Words of an error, whatever it is. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function troubleOf(status: number, body: unknown): Trouble {
  const said = (body as { error?: { what?: string; where?: string; next?: string } } | undefined)?.error;
  return new Trouble(status, said?.what ?? `The watch answered ${status}`, said?.where ?? "", said?.next ?? "");
}

function loggedOut(): void {
  const here = location.pathname + location.search;
  location.assign(`/login?next=${encodeURIComponent(here)}`);
}
