import { expect, test } from "vitest";
import type { Alert } from "../api/client";
import { differencesOf, inShort } from "./revisions";

const alert = (change: Partial<Alert> = {}): Alert => ({
  schema: "anchorwatch.alert/1",
  id: "a1-1",
  level: "caution",
  kind: "anchor_drag",
  status: "open",
  vessel: { mmsi: 1, imo: null, name: "BOAT", callsign: "", flag: "", ship_type: null, length_m: null },
  assets: [{ id: "c1", name: "Cable 1", kind: "power_cable", distance_m: 1200, crossed: null, kp_km: 1 }],
  start: "2024-12-25T04:00:00Z",
  end: "2024-12-25T05:00:00Z",
  raised: "2024-12-25T04:30:00Z",
  position: null,
  score: 0.3,
  reasons: [{ name: "nearness", value: 1200, unit: "m", log_odds: 0.5 }],
  explanation: "Slow.",
  alternatives: [],
  next: [],
  detectors: [],
  ruleset: "sha256:1",
  revision: 1,
  ...change,
});

test("the same statement has no differences", () => {
  expect(differencesOf(alert(), alert({ revision: 2 }))).toEqual([]);
});

test("level and status come first and are grave", () => {
  const told = differencesOf(alert(), alert({ level: "alarm", status: "withdrawn", score: 0.9 }));
  expect(told.map((d) => [d.what, d.grave])).toEqual([
    ["level", true],
    ["status", true],
    ["score", false],
  ]);
  expect(inShort(told)).toBe("level caution → alarm; status going on → withdrawn by later data; score 0.30 → 0.90");
});

test("reasons, assets and next assets are told one by one", () => {
  const after = alert({
    assets: [
      { id: "c1", name: "Cable 1", kind: "power_cable", distance_m: 0, crossed: "2024-12-25T04:50:00Z", kp_km: 1 },
      { id: "c2", name: "Cable 2", kind: "power_cable", distance_m: 300, crossed: null, kp_km: 1 },
    ],
    reasons: [{ name: "speed_deficit", value: 0.2, unit: "1", log_odds: 2 }],
    next: [{ asset: "c2", eta: "2024-12-25T06:00:00Z", confidence: null }],
  });
  expect(differencesOf(alert(), after).map((d) => [d.what, d.before, d.after])).toEqual([
    ["asset Cable 1", "1.2 km off", "crossed 04:50:00"],
    ["asset Cable 2", "", "300 m off"],
    ["reason speed deficit", "", "+2.0, 0.20"],
    ["reason nearness", "+0.5, 1.2 km", ""],
    ["next asset c2", "", "about 06:00"],
  ]);
  expect(inShort(differencesOf(alert(), after), 1)).toBe("asset Cable 1 1.2 km off → crossed 04:50:00; 4 more");
});

test("two reasons of one name are paired in order", () => {
  const twice = [
    { name: "near", value: 1, unit: "1", log_odds: 1 },
    { name: "near", value: 2, unit: "1", log_odds: 2 },
  ];
  expect(differencesOf(alert({ reasons: twice }), alert({ reasons: twice.slice(0, 1) }))).toEqual([
    { what: "reason near", before: "+2.0, 2", after: "", grave: false },
  ]);
});
