import { expect, test } from "vitest";
import type { Item, Level } from "../api/client";
import { loads, openOf, worstFirst } from "./asset_alerts";
import { assetKindOf, nameOf, qualityOf, releasabilityOf } from "./asset_words";
import { boundsOf, linesOf, pointsOf, widened } from "./geometry";
import { binAt, binWords, busyBins, keyStep, levelsAlong, type Profile, profileWords } from "./profile";
import { rulesInWords } from "./zone_words";

const an = (id: string, level: Level, raised: string, asset: string, km: number | null = null, state = "new"): Item =>
  ({
    alert: { id, level, raised, assets: [{ id: asset, kp_km: km }] },
    work: { state },
  }) as unknown as Item;

const profile = (bins: Partial<Profile["bins"][number]>[]): Profile => ({
  asset: "c",
  since: "",
  until: "",
  traffic_since: "",
  length_km: 3.5,
  bin_km: 1,
  bins: bins.map((bin, i) => ({
    kp_km: i,
    lon_deg: 20 + i,
    lat_deg: 59,
    vessels: 0,
    crossings: 0,
    slow: 0,
    alerts: 0,
    threat: 0,
    depth_m: null,
    ...bin,
  })),
  open: { caution: 0, warning: 0, alarm: 0 },
  faults: [],
  note: "",
});

test("words of kinds, quality and releasability", () => {
  expect(assetKindOf("power_cable")).toBe("power cable");
  expect(assetKindOf("floating_wind")).toBe("floating wind");
  expect(qualityOf("schematic", 12_000)).toContain("only roughly known; it may lie up to 12 km");
  expect(qualityOf("charted", 300)).toContain("up to 300 m");
  expect([nameOf("\u200b \u202e", "a7"), nameOf("\u202eX", "a7"), nameOf("", "a7")]).toEqual(["a7", "\u202eX", "a7"]);
  expect(releasabilityOf("restricted")).toContain("written down");
});

test("open alerts of an asset: worst first, then newest; closed and others' are not among them", () => {
  const items = [
    an("a", "caution", "2024-12-25T03", "c"),
    an("b", "alarm", "2024-12-25T01", "c"),
    an("d", "alarm", "2024-12-25T02", "c"),
    an("e", "alarm", "2024-12-25T02", "other"),
    an("f", "alarm", "2024-12-25T02", "c", null, "closed"),
  ];
  expect(openOf(items, "c").map((item) => item.alert.id)).toEqual(["d", "b", "a"]);
  const load = loads(items);
  expect(load.get("c")).toEqual({ counts: { alarm: 2, warning: 0, caution: 1 }, total: 3, worst: "alarm" });
  const rows = ["quiet", "c", "other"].map((id) => ({ name: id, load: load.get(id) }));
  expect(rows.sort(worstFirst).map((row) => row.name)).toEqual(["c", "other", "quiet"]);
});

test("boxes: around shapes, over the date line, around one point", () => {
  expect(boundsOf([[20, 58], [25, 60]])).toEqual([20, 58, 25, 60]); // biome-ignore format: pairs
  expect(boundsOf([[179, -10], [-178, -12]])).toEqual([179, -12, 182, -10]); // biome-ignore format: pairs
  expect(boundsOf([])).toBeNull();
  expect(widened([20, 58, 20, 58])).toEqual([19.96, 57.98, 20.04, 58.02]);
  const both = {
    type: "GeometryCollection" as const,
    geometries: [
      { type: "MultiLineString" as const, coordinates: [[[1, 2], [3, 4]]] as [number, number][][] }, // biome-ignore format: pairs
      { type: "MultiPoint" as const, coordinates: [[5, 6]] as [number, number][] },
    ],
  };
  expect([linesOf(both).length, pointsOf(both)]).toEqual([1, [[5, 6]]]);
});

test("kilometres: the stretch under one, its words, keys, marks and summary", () => {
  const p = profile([
    { vessels: 2, crossings: 1, slow: 1, threat: 0.5, alerts: 1, depth_m: 60.6 },
    {},
    {},
    { vessels: 1 },
  ]);
  expect([binAt(p, 0.99), binAt(p, 1), binAt(p, 99), binAt(p, -1), binAt(p, Number.NaN)]).toEqual([0, 1, 3, 0, -1]);
  expect(binWords(p, p.bins[0]!)).toBe(
    "km 0.0 to 1.0: 2 vessels near, 1 crossing, 1 of them slow, threat 0.50, 1 alert, 61 m deep",
  );
  expect(binWords(p, p.bins[3]!)).toMatch(/^km 3.0 to 3.5: 1 vessel near/);
  expect(busyBins(p).map((bin) => bin.kp_km)).toEqual([0, 3]);
  expect(profileWords(p)).toContain("The highest threat is 0.50 at km 0.0 to 1.0.");
  expect([keyStep("ArrowRight", -1, 4), keyStep("End", 0, 4), keyStep("ArrowLeft", 0, 4)]).toEqual([0, 3, 0]);
  expect(keyStep("a", 0, 4)).toBeNull();
  const marks = levelsAlong(p, [
    an("x", "caution", "", "c", 0.2),
    an("y", "alarm", "", "c", 0.4),
    an("z", "alarm", "", "c"),
  ]);
  expect([...marks]).toEqual([[0, "alarm"]]);
});

test("rules of zones in words, from whatever the file kept", () => {
  expect(rulesInWords({})).toEqual([]);
  expect(rulesInWords({ rule_enter: true })).toEqual([]);
  expect(rulesInWords({ rule_enter: "no", rule_exempt: "service" })).toEqual([
    "Vessels (not service) must not be in here.",
  ]);
  expect(rulesInWords({ rule_max_kn: 8, rule_classes: '["cargo", "tanker"]', rule_min_length_m: 50 })).toEqual([
    "Vessels of the class cargo or tanker known to be 50 m or longer must make at most 8 kn.",
  ]);
  expect(rulesInWords({ rule_heading_deg: 70, rule_dwell_min: 90 })).toEqual([
    "Vessels must not stay longer than 1 h 30 min.",
    "Vessels must steer 070°, at most 45° off it.",
  ]);
});
