import { expect, test } from "vitest";
import { Afloat } from "../state/afloat";
import type { VesselColumns } from "../state/picture";
import { decode } from "./vessel_bytes";
import golden from "./vessel_bytes.golden.json";

const COLUMNS: Record<keyof typeof golden.vessels, keyof VesselColumns> = {
  mmsi: "mmsi",
  lon_deg: "lonDeg",
  lat_deg: "latDeg",
  age_s: "ageS",
  sog_kn: "sogKn",
  cog_deg: "cogDeg",
  heading_deg: "headingDeg",
  ship_class: "shipClass",
  nav_status: "navStatus",
  level: "level",
  silenced: "silenced",
  length_m: "lengthM",
  asset_m: "assetM",
};

test("the page reads what the watch writes (tests/test_page_bytes.py)", () => {
  const bytes = Uint8Array.from(golden.hex.match(/../g)!, (two) => Number.parseInt(two, 16)).buffer;
  const message = decode(bytes);
  expect(message.kind).toBe(golden.kind);
  expect(message.timeMs).toBe(golden.time_us / 1000);
  expect([message.view, message.inView]).toEqual([golden.view, golden.in_view]);
  expect([...message.gone]).toEqual(golden.gone);

  const afloat = new Afloat();
  afloat.take(message);
  for (const [said, name] of Object.entries(COLUMNS) as [keyof typeof golden.vessels, keyof VesselColumns][]) {
    const column = afloat.columns[name] as ArrayLike<number>;
    for (const [row, value] of golden.vessels[said].entries())
      if (value === null) expect(column[row]).toBeNaN();
      else expect(column[row]).toBeCloseTo(value, 4);
  }
});
