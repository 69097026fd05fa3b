import { expect, it } from "vitest";
import { boxOf, filesOf, filesOfAlert, hrefOfFile, type Seen } from "./files";

const NOW = Date.parse("2024-12-25T12:00:00Z");
const SEEN: Seen = {
  name: "",
  id: "",
  query: new URLSearchParams("level=alarm,warning&state=mine&map=8/59/25"),
  shownMs: null,
  nowMs: NOW,
  bounds: [24, 59, 26, 60],
};

const hrefs = (seen: Partial<Seen>) =>
  filesOf({ ...SEEN, ...seen }).map((file) => decodeURIComponent(hrefOfFile(file, "csv")));

it("offers the view now, the last hour, and the alerts as filtered", () => {
  expect(hrefs({})).toEqual([
    "/api/v1/export/vessels?bbox=24.0000,59.0000,26.0000,60.0000&as=csv",
    "/api/v1/export/tracks?since=2024-12-25T11:00:00Z&until=2024-12-25T12:00:00Z&bbox=24.0000,59.0000,26.0000,60.0000&as=csv",
    "/api/v1/export/alerts?level=alarm&level=warning&state=open&as=csv",
  ]);
});

it("offers the hour around an earlier time, not beyond now", () => {
  const [vessels, tracks] = hrefs({ shownMs: NOW - 600_000, bounds: null });
  expect(vessels).toBe("/api/v1/export/vessels?at=2024-12-25T11:50:00Z&as=csv");
  expect(tracks).toBe("/api/v1/export/tracks?since=2024-12-25T11:20:00Z&until=2024-12-25T12:00:00Z&as=csv");
});

it("begins with what is open", () => {
  expect(hrefs({ name: "vessels", id: "311900178" })[0]).toContain("tracks?mmsi=311900178&since=2024-12-24T12:00:00Z");
  expect(hrefs({ name: "vessels", id: "nonsense" })[0]).toContain("/vessels?bbox");
  expect(hrefs({ name: "assets", id: "a/b&c" })[0]).toBe("/api/v1/export/alerts?asset=a/b&c&as=csv");
});

it("offers one alert and its hours", () => {
  const files = filesOfAlert({ id: "a1-7", mmsi: 5, startMs: NOW, endMs: NOW + 60_000 });
  expect(files.map((file) => hrefOfFile(file, "geojson"))[0]).toBe("/api/v1/export/alerts?id=a1-7&as=geojson");
  expect(files[1]?.query.get("until")).toBe("2024-12-25T13:01:00Z");
});

it("writes boxes that the API takes", () => {
  expect(boxOf(null)).toBe("");
  expect(boxOf([-200, -95, 165, 95])).toBe("");
  expect(boxOf([170, -10, 190, 95])).toBe("170.0000,-10.0000,-170.0000,90.0000");
});
