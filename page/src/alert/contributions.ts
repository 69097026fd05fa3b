/** The reasons of an alert as bars: what each adds, that they add up, and what the sum means. */

import type { Schemas } from "../api/client";

export type Reason = Schemas["AlertReason"];

export interface Bar {
  name: string;
  words: string;
  /** "33 %", "1.2 km", "yes"; empty where there is nothing measured. */
  measured: string;
  baseline: string;
  /** What it adds to the log-odds; null = it is told, and weighs nothing. */
  logOdds: number | null;
  side: "for" | "against" | "none" | "prior";
  /** Where the bar begins and ends, 0 to 1 over the width of the chart. */
  from: number;
  to: number;
}

export interface Contributions {
  bars: Bar[];
  /** Where zero lies, 0 to 1. */
  zero: number;
  sum: number;
  /** What the sum makes as a share of 1. */
  sumScore: number;
  /** false: the score stated is not what the bars add up to. */
  adds: boolean;
}

// Scores are stated with four digits, weights sometimes with two.
const CLOSE = 0.006;

/** Starting point first, then the heaviest. */
export function contributionsOf(reasons: readonly Reason[], score: number | null): Contributions {
  const ordered = [...reasons].sort((a, b) => first(b) - first(a) || weight(b) - weight(a));
  const most = Math.max(0, ...reasons.map((r) => known(r.log_odds) ?? 0));
  const least = Math.min(0, ...reasons.map((r) => known(r.log_odds) ?? 0));
  const span = most - least || 1;
  const zero = -least / span;
  const sum = reasons.reduce((all, r) => all + (known(r.log_odds) ?? 0), 0);
  const sumScore = 1 / (1 + Math.exp(-sum));
  const bars = ordered.map((reason) => barOf(reason, zero, span));
  return { bars, zero, sum, sumScore, adds: score === null || Math.abs(sumScore - score) <= CLOSE };
}

function barOf(reason: Reason, zero: number, span: number): Bar {
  const logOdds = known(reason.log_odds);
  const end = zero + (logOdds ?? 0) / span;
  const prior = reason.name === "prior";
  return {
    name: reason.name,
    words: prior ? "starting point" : reason.name.replaceAll("_", " "),
    measured: prior ? "" : measureOf(reason.value, reason.unit),
    baseline: prior ? "most of what is seen is innocent" : (reason.baseline ?? ""),
    logOdds,
    side: prior ? "prior" : !logOdds ? "none" : logOdds > 0 ? "for" : "against",
    from: Math.min(zero, end),
    to: Math.max(zero, end),
  };
}

const first = (r: Reason): number => (r.name === "prior" ? 1 : 0);
const weight = (r: Reason): number => Math.abs(known(r.log_odds) ?? 0);
const known = (n: number | null): number | null => (n === null || !Number.isFinite(n) ? null : n);

/** "+2.8", "−1.5": with the sign that a reader looks for. */
export const signed = (n: number): string => `${n < 0 && n.toFixed(1) !== "-0.0" ? "−" : "+"}${Math.abs(n).toFixed(1)}`;

/** By how much a weight changes the odds: "odds × 16", "odds ÷ 4.5", "no change". */
export function oddsOf(logOdds: number): string {
  const times = Math.exp(Math.abs(logOdds));
  if (times < 1.05) return "no change";
  return `odds ${logOdds > 0 ? "×" : "÷"} ${times < 10 ? times.toFixed(1) : Math.round(times).toLocaleString("en-GB")}`;
}

/** A value with its unit as a seaman reads it: 1159 "m" -> "1.2 km", 0.33 "1" -> "0.33", "yes" as it is. */
export function measureOf(value: number | string | null, unit: string): string {
  if (value === null || value === "") return "";
  if (typeof value === "string")
    return [value.replaceAll("_", " "), unit === "1" ? "" : unit].filter(Boolean).join(" ");
  if (!Number.isFinite(value)) return "not known";
  if (unit === "m") return Math.abs(value) < 1000 ? `${plain(value)} m` : `${(value / 1000).toFixed(1)} km`;
  if (unit === "min" && Math.abs(value) >= 120) return `${(value / 60).toFixed(1)} h`;
  if (unit === "s" && Math.abs(value) >= 120) return `${plain(value / 60)} min`;
  if (unit === "deg") return `${plain(value)}°`;
  return [plain(value), unit === "1" ? "" : unit].filter(Boolean).join(" ");
}

function plain(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en-GB");
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
