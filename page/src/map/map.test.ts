import { describe, expect, test } from "vitest";
import { aroundTheWorld, clipped } from "../../land";
import { cameraOf, textOf } from "./address";
import { bandOf, gridOf } from "./depth_grid";
import { asGeoJson } from "./land/geojson";
import { rounded } from "./round";
import { howOf } from "./vector_names";

describe("the camera in the address", () => {
  test("is read as it is written", () => {
    const camera = { zoom: 9.6, latDeg: 59.75, lonDeg: 24.9 };
    expect(textOf(camera)).toBe("9.6/59.75/24.9");
    expect(cameraOf(textOf(camera))).toEqual(camera);
    expect(textOf({ ...camera, lonDeg: 204.9 })).toBe("9.6/59.75/-155.1");
  });

  test.each([null, "", "9", "9/1", "a/1/1", "9//1", "9/91/1", "9/1/181", "9/NaN/1", "1/2/3/4"])(
    "%s makes no sense",
    (text) => {
      expect(cameraOf(text)).toBeNull();
    },
  );

  test("a zoom out of range is brought into it", () => {
    expect(cameraOf("99/1/1")?.zoom).toBe(18);
  });
});

describe("depths", () => {
  const made = (width: number, height: number, bytes = 48 + 2 * width * height): ArrayBuffer => {
    const body = new ArrayBuffer(bytes);
    const view = new DataView(body);
    for (const [k, letter] of [..."AWDG"].entries()) view.setUint8(k, letter.charCodeAt(0));
    view.setUint8(4, 1);
    view.setUint16(6, 48, true);
    view.setUint32(8, width, true);
    view.setUint32(12, height, true);
    for (const [k, degrees] of [20, 59, 21, 60].entries()) view.setFloat64(16 + 8 * k, degrees, true);
    if (bytes > 50) view.setUint16(50, 123, true);
    return body;
  };

  test("are read", () => {
    const grid = gridOf(made(2, 3))!;
    expect([grid.width, grid.height, grid.bounds]).toEqual([2, 3, [20, 59, 21, 60]]);
    expect(grid.decimetres[1]).toBe(123);
  });

  test("what is none is none", () => {
    expect(gridOf(new ArrayBuffer(8))).toBeNull();
    expect(gridOf(made(2, 3, 50))).toBeNull();
  });

  test("bands go from shoal to deep", () => {
    expect([0, 2, 60, 5000].map(bandOf)).toEqual([0, 0.1, 0.6, 1]);
  });
});

describe("the scale", () => {
  test.each([
    [1000, "50 nm"],
    [60, "2 nm"],
    [1, "100 m"],
  ])("%d metres a pixel: %s", (metres, words) => {
    const { words: said, widthPx } = rounded(metres);
    expect(said).toBe(words);
    expect(widthPx).toBeLessThanOrEqual(140);
    expect(widthPx).toBeGreaterThan(50);
  });
});

describe("land that is cut", () => {
  const ring = (...corners: [number, number][]) => [...corners, corners[0]!];

  test("a coast that leaves a box and comes back makes two areas, none of them beside itself", () => {
    const fork = ring([0, 0], [4, 0], [4, 1], [1, 1], [1, 2], [4, 2], [4, 3], [0, 3]);
    const found = clipped(fork, [2, -1, 9, 9]);
    expect(found).toHaveLength(2);
    expect(found.map((part) => part.map(([, lat]) => lat).sort())).toEqual([
      [0, 0, 1, 1],
      [2, 2, 3, 3],
    ]);
    expect(clipped(fork, [-1, -1, 9, 9])).toEqual([fork.slice(0, -1)]);
    expect(clipped(fork, [5, -1, 9, 9])).toEqual([]);
  });

  test("land that crosses 180 degrees is at both ends of the map, and not between them", () => {
    const cape = ring([170, 65], [-170, 65], [-170, 69], [170, 69]);
    const sides = aroundTheWorld([cape]).map(([outer]) => outer!.map(([lon]) => lon));
    expect(sides.map((lons) => [Math.min(...lons), Math.max(...lons)])).toEqual([
      [170, 190],
      [-190, -170],
    ]);
  });
});

describe("the land", () => {
  test("is on its grid, and has no coast where it was cut", () => {
    const ring = [
      [32.0004, 60],
      [33, 60],
      [33, 61],
      [32, 61],
    ];
    const { features } = asGeoJson([[ring]], 1000);
    expect(features.map(({ geometry }) => geometry)).toEqual([
      { type: "Polygon", coordinates: [[[32, 60], ...ring.slice(1), [32, 60]]] },
      {
        type: "LineString",
        coordinates: [
          [32, 60],
          [33, 60],
        ],
      },
      {
        type: "LineString",
        coordinates: [
          [33, 61],
          [32, 61],
          [32, 60],
        ],
      },
    ]);
  });
});

test("layers of charts are known by their names", () => {
  expect(["DEPARE", "LNDARE", "SOUNDG", "earth", "building", "cables_of_mine"].map(howOf)).toEqual([
    "depth",
    "land",
    "sounding",
    "land",
    "none",
    "line",
  ]);
});
