/** What the layers of a vector chart are, by their names: S-57 (IHO), Protomaps, OpenMapTiles. */

export type How =
  | "land"
  | "water"
  | "depth"
  | "contour"
  | "coast"
  | "sounding"
  | "mark"
  | "danger"
  | "area"
  | "line"
  | "place"
  | "cable"
  | "none";

const HOW: Record<string, How> = {
  // S-57
  lndare: "land", buisgl: "none", lndrgn: "place", seaare: "place", depare: "depth", drgare: "depth", depcnt: "contour",
  coalne: "coast", slcons: "coast", soundg: "sounding", lights: "mark", boylat: "mark", boycar: "mark", boyspp: "mark",
  boyisd: "mark", boysaw: "mark", bcnlat: "mark", bcncar: "mark", bcnspp: "mark", bcnisd: "mark", bcnsaw: "mark",
  ofsplf: "mark", landmk: "mark", wrecks: "danger", obstrn: "danger", uwtroc: "danger", achare: "area", resare: "area",
  tsslpt: "area", tsezne: "area", fairwy: "area", ctnare: "area", cblare: "area", pipare: "area", mipare: "area",
  dmpgrd: "area", prcare: "area", achbrt: "area", cblsub: "cable", cblohd: "cable", pipsol: "cable", tssbnd: "line",
  tselne: "line", navlne: "line", rectrc: "line", m_covr: "none", m_qual: "none", m_nsys: "none", m_npub: "none",
  // Protomaps
  earth: "land", water: "water", natural: "none", landuse: "none", landcover: "none", buildings: "none", roads: "line",
  transit: "none", pois: "none", places: "place", boundaries: "line", physical_point: "place", physical_line: "none",
  // OpenMapTiles
  ocean: "water", waterway: "coast", park: "none", building: "none", transportation: "line", place: "place",
  transportation_name: "none", boundary: "line", water_name: "place", aeroway: "none", housenumber: "none", poi: "none",
  aerodrome_label: "none", mountain_peak: "none", globallandcover: "none",
}; // biome-ignore format: a table

export const howOf = (layer: string): How => HOW[layer.toLowerCase()] ?? "line";
