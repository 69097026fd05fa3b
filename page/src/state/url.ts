/** Where the page is: every view is a URL, and the URL is the only place that says which view it is. */

import { computed, signal } from "@preact/signals";

export interface Place {
  path: string;
  query: URLSearchParams;
}

const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });

export const place = signal<Place>(here());
addEventListener("popstate", () => {
  place.value = here();
});

/** First part of the path, and the rest, decoded: "/assets/a%2Fb" -> ["assets", "a/b"]. */
export const view = computed(() => {
  const [, first = "", ...rest] = place.value.path.split("/");
  return { name: first, id: rest.map(decoded).join("/") };
});

/** Go to another view. The query stays (map, filters, time) unless one is given. */
export function go(path: string, query?: Record<string, string>): void {
  const kept = query ? new URLSearchParams(query) : new URLSearchParams(place.peek().query);
  set(path, kept, "pushState");
}

/** Change parts of the query; null removes one. Moving the map or time replaces, a choice of filter is a step back. */
export function ask(change: Record<string, string | null>, step: "replace" | "push" = "replace"): void {
  const query = new URLSearchParams(place.peek().query);
  for (const [key, value] of Object.entries(change)) value === null ? query.delete(key) : query.set(key, value);
  set(place.peek().path, query, step === "push" ? "pushState" : "replaceState");
}

/** The address of a view with the query as it is, for an <a href>. */
export function hrefOf(path: string): string {
  const query = readable(place.value.query);
  return path + (query ? `?${query}` : "");
}

/** A path with an id in it that may hold anything. */
export const pathOf = (name: Named, id: string | number): string => `/${name}/${encodeURIComponent(String(id))}`;

type Named = "alerts" | "vessels" | "assets" | "zones" | "feeds" | "reports" | "stories" | "ledgers" | "incidents";

function set(path: string, query: URLSearchParams, how: "pushState" | "replaceState"): void {
  const text = readable(query);
  history[how](null, "", path + (text ? `?${text}` : ""));
  place.value = { path, query };
}

/** Commas, colons and slashes as they are: people read and send these addresses. */
function readable(query: URLSearchParams): string {
  return query.toString().replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%2F/g, "/");
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Let clicks on links of the page change the view without loading it anew. */
export function followLinks(): void {
  document.addEventListener("click", (click) => {
    const link = (click.target as Element | null)?.closest("a");
    if (!link || click.defaultPrevented || click.button !== 0 || click.metaKey || click.ctrlKey || click.shiftKey)
      return;
    if (link.origin !== location.origin || link.target || link.hasAttribute("download") || !ours(link.pathname)) return;
    click.preventDefault();
    set(link.pathname, new URLSearchParams(link.search), "pushState");
  });
}

const SEA = ["", "alerts", "vessels", "assets", "zones", "feeds", "search", "timeline", "welcome"];
const DESK = ["reports", "stories", "ledgers", "incidents", "brief"];
const OURS = [...SEA, ...DESK];
const ours = (path: string): boolean => OURS.includes(path.split("/")[1] ?? "");
