/** What the desk asks the watch. */

import { told } from "../api/client";

const BASE = "/api/v1";
const LONGEST_MS = 45_000;

/** Ask, or do something; throws what the watch said instead of an answer. */
export function asked<T>(path: string, stop?: AbortSignal, how?: { method: string; body?: unknown }): Promise<T> {
  const end = AbortSignal.timeout(LONGEST_MS);
  const answer = fetch(BASE + path, {
    method: how?.method ?? "GET",
    headers: { "X-Anchorwatch": "1", ...(how?.body === undefined ? {} : { "Content-Type": "application/json" }) },
    signal: stop ? AbortSignal.any([stop, end]) : end,
    ...(how?.body === undefined ? {} : { body: JSON.stringify(how.body) }),
  });
  return told<T>(
    answer.then(async (response) => {
      const said: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
      return response.ok ? { response, data: said as T } : { response, error: said };
    }),
  );
}

export const part = (id: string): string => encodeURIComponent(id);
export const withQuery = (path: string, query: Record<string, string>): string => {
  const text = new URLSearchParams(query).toString();
  return text ? `${path}?${text}` : path;
};
