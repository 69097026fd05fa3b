/** A text cut where something understood begins or ends: pure. */

import type { Report, Words } from "./records";

/** Part of a text that is looked at in one way throughout. */
export interface Piece {
  text: string;
  /** In characters, as the watch counts. */
  start: number;
  end: number;
  /** Type of the entity, "quantity" or "date"; "" = nothing is known of it. */
  type: string;
  /** What to say of it when it is pointed at. */
  about: string;
  isMarked: boolean;
}

export interface Span {
  start: number;
  end: number;
  type: string;
  about: string;
}

/** The spans that a text is underlined by: entities before numbers before dates where they overlap. */
export function spansOf(report: Pick<Report, "entities" | "quantities" | "dates">): Span[] {
  const spans: Span[] = report.entities.map((e) => ({ ...e, about: aboutEntity(e) }));
  spans.push(...report.quantities.map((q) => ({ ...q, type: "quantity", about: "quantity" })));
  spans.push(...report.dates.map((d) => ({ ...d, type: "date", about: "time" })));
  const taken: Span[] = [];
  for (const span of spans) if (!taken.some((t) => t.start < span.end && span.start < t.end)) taken.push(span);
  return taken.filter((span) => span.start < span.end).sort((a, b) => a.start - b.start);
}

const aboutEntity = (e: Report["entities"][number]): string =>
  `${e.type}${e.name && e.name !== e.text ? `: ${e.name}` : ""}${e.possibly ? `, possibly ${e.possibly}` : ""}`;

/** Cut the text; `marked`: words that stand out now. Spans beyond the text, or before, are left out. */
export function piecesOf(text: string, spans: readonly Span[], marked: readonly Edges[] = []): Piece[] {
  const letters = [...text];
  const most = letters.length;
  const inside = ({ start, end }: Edges): boolean => start >= 0 && start < end && end <= most;
  const [known, marks] = [spans.filter(inside), marked.filter(inside)];
  const edges = new Set([0, most]);
  for (const { start, end } of [...known, ...marks]) edges.add(start).add(end);
  const cuts = [...edges].sort((a, b) => a - b);
  const pieces: Piece[] = [];
  let at = 0;
  for (let i = 1; i < cuts.length; i++) {
    const [start, end] = [cuts[i - 1]!, cuts[i]!];
    while (at < known.length && known[at]!.end <= start) at++;
    const span = known[at] && known[at]!.start <= start ? known[at]! : null;
    pieces.push({
      text: letters.slice(start, end).join(""),
      start,
      end,
      type: span?.type ?? "",
      about: span?.about ?? "",
      isMarked: marks.some((m) => m.start <= start && end <= m.end),
    });
  }
  return pieces;
}

interface Edges {
  start: number;
  end: number;
}

/** Characters before a place that JavaScript counts in halves: "🚢" is one, not two. */
export const charactersBefore = (text: string, halves: number): number => [...text.slice(0, halves)].length;

/** Every place where words stand in a text, by characters; the first fifty. */
export function placesOf(text: string, words: string): Words[] {
  const found: Words[] = [];
  if (!words.trim()) return found;
  const wide = [...words].length;
  for (let at = text.indexOf(words); at >= 0 && found.length < 50; at = text.indexOf(words, at + 1)) {
    const start = charactersBefore(text, at);
    found.push({ text: words, start, end: start + wide });
  }
  return found;
}

/** Words that were chosen, without spaces around them. */
export function trimmed(text: string, start: number, end: number): Words | null {
  const letters = [...text];
  let [from, until] = [Math.max(0, Math.min(start, end)), Math.min(letters.length, Math.max(start, end))];
  while (from < until && !letters[from]!.trim()) from++;
  while (until > from && !letters[until - 1]!.trim()) until--;
  return from < until ? { text: letters.slice(from, until).join(""), start: from, end: until } : null;
}

/** A few words on both sides of a place: which of several is meant. */
export function aroundOf(text: string, { start, end }: Edges, wide = 24): string {
  const letters = [...text];
  const before = letters.slice(Math.max(0, start - wide), start).join("");
  const after = letters.slice(end, end + wide).join("");
  return `${start > wide ? "... " : ""}${before}[${letters.slice(start, end).join("")}]${after}${end + wide < letters.length ? " ..." : ""}`;
}

const MOST_SENTENCES = 100;

/** The sentences of a text, roughly, for a person to choose from. */
export function sentencesOf(text: string): Words[] {
  const found: Words[] = [];
  for (const cut of text.matchAll(/[^.!?\n]+(?:[.!?]+(?!\s|$)[^.!?\n]+)*[.!?]*/g)) {
    const start = charactersBefore(text, cut.index);
    const words = trimmed(text, start, start + [...cut[0]].length);
    if (words) found.push(words);
    if (found.length === MOST_SENTENCES) break;
  }
  return found;
}
