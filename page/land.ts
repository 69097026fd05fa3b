/**
 * The land of the map, made while the page is built: Natural Earth (public domain, by the npm package world-atlas), the
 * Baltic and the North Sea at 1:10 m, the rest of the world at 1:50 m; simplified. It is a file of its own, which the
 * worker of the map fetches and reads beside the page: neither the land nor its reading is part of the page's script.
 * A rough one of a twelfth of its corners comes first: reading all of them takes the worker a third of a second.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { Plugin } from "vite";
import { asGeoJson } from "./src/map/land/geojson.ts";

type Place = [number, number];
type Ring = Place[];
type Box = [west: number, south: number, east: number, north: number];

/** Where the fine coast is: from Ireland to Lake Ladoga, from the Channel to the North Cape. */
const FINE: Box = [-12, 47.5, 33, 72];
const WORLD: Box = [-180, -85, 180, 84];
/** Steps a degree: 0.001 degrees, 111 m, half of the grid that world-atlas has been put on. */
const GRID = 1000;
/** Degrees of latitude that a corner may be moved, and square degrees of the smallest island, near and elsewhere. */
interface Detail {
  off: [near: number, elsewhere: number];
  small: [near: number, elsewhere: number];
}
/** 150 m, less than a pixel up to zoom 9, and 2 km; islands of 0.05 and 12 square kilometres at 60 north. */
const LAND: Detail = { off: [0.0014, 0.018], small: [8e-6, 2e-3] };
/** 1.3 km, three pixels where a watch begins to look, and 20 km; 12 and 300 square kilometres. */
const ROUGH: Detail = { off: [0.012, 0.2], small: [2e-3, 5e-2] };

const NAME = "virtual:land";
const FOLDER = fileURLToPath(new URL("node_modules/.land", import.meta.url));

/** Give the page a module `virtual:land`, which says where the files are: GeoJSON, areas and coasts. */
export function land(): Plugin {
  const from = (name: string) =>
    `export { default as ${name}Url } from ${JSON.stringify(`${FOLDER}/${name}.json?url`)};`;
  return {
    name: "land",
    buildStart: () => {
      mkdirSync(FOLDER, { recursive: true });
      keep("land", LAND);
      keep("rough", ROUGH);
    },
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load: (id) => (id === `\0${NAME}` ? from("land") + from("rough") : null),
  };
}

function keep(name: string, detail: Detail): void {
  const file = `${FOLDER}/${name}.json`;
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(asGeoJson(made(detail), GRID)));
  renameSync(`${file}.${process.pid}`, file); // another build beside this one never reads half of it
}

function made({ off, small }: Detail): Ring[][] {
  const fine = cut(polygons("10m"), [FINE], off[0], small[0]);
  const [west, south, east, north] = FINE;
  const around: Box[] = [
    [WORLD[0], WORLD[1], west, WORLD[3]],
    [east, WORLD[1], WORLD[2], WORLD[3]],
    [west, WORLD[1], east, south],
    [west, north, east, WORLD[3]],
  ];
  const coarse = cut(polygons("50m"), around, off[1], small[1]);
  return [...fine, ...coarse];
}

function polygons(scale: string): Ring[][] {
  const file = createRequire(import.meta.url).resolve(`world-atlas/land-${scale}.json`);
  const topology = JSON.parse(readFileSync(file, "utf8")) as Topology<{ land: GeometryCollection }>;
  const all = feature(topology, topology.objects.land).features.flatMap((f) => {
    if (f.geometry.type === "Polygon") return [f.geometry.coordinates as Ring[]];
    return f.geometry.type === "MultiPolygon" ? (f.geometry.coordinates as Ring[][]) : [];
  });
  return all.flatMap(aroundTheWorld);
}

/** Land that crosses 180 degrees (Chukotka) once on each side of the world: else it is drawn right across the map. */
export function aroundTheWorld(rings: Ring[]): Ring[][] {
  const whole = rings.map(unbroken);
  const lons = whole[0]!.map(([lon]) => lon);
  const turns = [0, ...(Math.max(...lons) > 180 ? [-360] : []), ...(Math.min(...lons) < -180 ? [360] : [])];
  return turns.map((turn) => whole.map((ring) => ring.map(([lon, lat]): Place => [lon + turn, lat])));
}

/** Where a ring jumps from 180 to -180 degrees it goes on beyond. */
function unbroken(ring: Ring): Ring {
  let turn = 0;
  return ring.map(([lon, lat], k) => {
    const step = k ? lon - ring[k - 1]![0] : 0;
    if (Math.abs(step) > 180) turn -= 360 * Math.sign(step);
    return [lon + turn, lat];
  });
}

function cut(all: Ring[][], boxes: Box[], off: number, small: number): Ring[][] {
  const found: Ring[][] = [];
  for (const box of boxes)
    for (const [outer, ...inner] of all) {
      const holes = inner.flatMap((ring) => clipped(ring, box));
      for (const piece of clipped(outer!, box).filter((ring) => area(ring) > small)) {
        const within = holes.filter((hole) => holds(piece, hole[0]!));
        const kept = [piece, ...within].map((ring) => simplified(ring, off)).filter((ring) => area(ring) > small);
        if (kept.length) found.push(kept);
      }
    }
  return found;
}

/** Cut a ring to a box, side by side: several rings where it leaves and comes back. */
export function clipped(ring: Ring, [west, south, east, north]: Box): Ring[] {
  const sides: [0 | 1, number, 1 | -1][] = [
    [0, west, 1],
    [0, east, -1],
    [1, south, 1],
    [1, north, -1],
  ];
  return sides.reduce((rings, side) => rings.flatMap((one) => halved(one, side)), [ring.slice(0, -1)]);
}

/**
 * What of a ring is on one side of a line. Each part that is there is closed along the line with its neighbour's: one
 * ring that runs to and fro upon the line would be filled wrongly by the map.
 */
function halved(ring: Ring, [axis, at, sign]: [0 | 1, number, 1 | -1]): Ring[] {
  const within = (p: Place) => sign * (p[axis] - at) >= 0;
  const start = ring.findIndex((p, k) => within(p) && !within(ring.at(k - 1)!));
  if (start < 0) return ring[0] && within(ring[0]) ? [ring] : [];
  const parts: Ring[] = [];
  let before = ring.at(start - 1)!;
  for (const p of [...ring.slice(start), ...ring.slice(0, start)]) {
    if (within(p) !== within(before)) {
      const share = (at - before[axis]) / (p[axis] - before[axis]);
      const edge: Place = [before[0] + share * (p[0] - before[0]), before[1] + share * (p[1] - before[1])];
      edge[axis] = at;
      if (within(p)) parts.push([edge]);
      else parts.at(-1)!.push(edge);
    }
    if (within(p)) parts.at(-1)!.push(p);
    before = p;
  }
  return joined(parts, axis);
}

/** Close parts of a ring along a line: from the end of each to the end of another that is beside it there. */
function joined(parts: Ring[], axis: 0 | 1): Ring[] {
  const along = (p: Place) => p[1 - axis]!;
  const ends = parts
    .flatMap((part, n) => [
      { n, isStart: true, place: along(part[0]!) },
      { n, isStart: false, place: along(part.at(-1)!) },
    ])
    .sort((a, b) => a.place - b.place);
  const next = new Map<number, number>();
  for (let k = 0; k < ends.length; k += 2) {
    const [a, b] = [ends[k]!, ends[k + 1]!];
    if (a.isStart === b.isStart) return [parts.flat()]; // it touches itself there: better to and fro than a hole
    next.set(a.isStart ? b.n : a.n, a.isStart ? a.n : b.n);
  }
  const rings: Ring[] = [];
  while (next.size) {
    const ring: Ring = [];
    for (let n = next.keys().next().value; n !== undefined && next.has(n); ) {
      ring.push(...parts[n]!);
      const follows = next.get(n);
      next.delete(n);
      n = follows;
    }
    rings.push(ring);
  }
  return rings;
}

/** Whether a place is inside a ring. */
function holds(ring: Ring, [lon, lat]: Place): boolean {
  return ring.reduce((inside, p, k) => {
    const q = ring.at(k - 1)!;
    const crosses = p[1] > lat !== q[1] > lat && lon < ((q[0] - p[0]) * (lat - p[1])) / (q[1] - p[1]) + p[0];
    return crosses ? !inside : inside;
  }, false);
}

/** Leave out corners that are nearer than `off` to the line without them (Douglas and Peucker). */
function simplified(ring: Ring, off: number): Ring {
  if (ring.length < 4) return [];
  const keep = new Uint8Array(ring.length);
  const far = ring.reduce((best, p, k) => (gap(p, ring[0]!) > gap(ring[best]!, ring[0]!) ? k : best), 0);
  keep[0] = keep[far] = 1;
  const open: [number, number][] = [
    [0, far],
    [far, ring.length],
  ];
  for (let span = open.pop(); span; span = open.pop()) {
    const [from, to] = span;
    let [worst, most] = [-1, off];
    for (let k = from + 1; k < to; k++) {
      const d = offLine(ring[k]!, ring[from]!, ring[to % ring.length]!);
      if (d > most) [worst, most] = [k, d];
    }
    if (worst < 0) continue;
    keep[worst] = 1;
    open.push([from, worst], [worst, to]);
  }
  return ring.filter((_, k) => keep[k]);
}

const narrow = (latDeg: number): number => Math.cos((latDeg * Math.PI) / 180);
const gap = (a: Place, b: Place): number => Math.hypot((a[0] - b[0]) * narrow(a[1]), a[1] - b[1]);

function offLine(p: Place, a: Place, b: Place): number {
  const c = narrow(p[1]);
  const [dx, dy, px, py] = [(b[0] - a[0]) * c, b[1] - a[1], (p[0] - a[0]) * c, p[1] - a[1]];
  const length2 = dx * dx + dy * dy;
  const t = length2 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length2)) : 0;
  return Math.hypot(px - t * dx, py - t * dy);
}

/** Square degrees of the equator's size. */
function area(ring: Ring): number {
  if (ring.length < 3) return 0;
  const twice = ring.reduce((sum, p, k) => sum + ring.at(k - 1)![0] * p[1] - p[0] * ring.at(k - 1)![1], 0);
  return (Math.abs(twice) / 2) * narrow(ring[0]![1]);
}
