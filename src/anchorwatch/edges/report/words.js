"use strict";
// Elements, and numbers as a seaman reads them. Text goes in by textContent only: names come from the air.

const DATA = JSON.parse(document.getElementById("data").textContent);
const SVG = "http://www.w3.org/2000/svg";

const LEVELS = ["alarm", "warning", "caution"];
const LEVEL_MEANS = {
  alarm: "send someone", warning: "call the vessel now", caution: "keep an eye on it",
};
const KINDS = {
  anchor_drag: "Anchor drag under way", anchored_on_asset: "Anchored on an asset", loitering: "Loitering",
  slow_crossing: "Slow crossing", trawling: "Trawling over an asset", following_asset: "Following an asset",
  approach: "Approach to an asset", ais_gap: "AIS silence", position_jump: "Impossible jump",
  identity_change: "Change of identity", rendezvous: "Rendezvous", dark_contact: "Contact without AIS",
  zone_breach: "Breach of a zone", interference_area: "Interference area", feed_silence: "Feed silent",
  detector_storm: "Too many findings at once",
};
const STATUSES = { open: "still going on", ended: "ended", withdrawn: "withdrawn by later data" };
const SHIP_TYPES = {
  30: "fishing", 31: "towing", 32: "towing, large", 33: "dredging", 34: "diving", 35: "military", 36: "sailing",
  37: "pleasure craft", 50: "pilot", 51: "search and rescue", 52: "tug", 53: "port tender", 54: "anti-pollution",
  55: "law enforcement", 58: "medical",
};
const SHIP_DECADES = { 2: "wing in ground", 4: "high-speed craft", 6: "passenger", 7: "cargo", 8: "tanker", 9: "other" };

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(9)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}
const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

// Level by shape as well as by colour: the triangle, circle and square of IEC 62923.
const SHAPES = { alarm: "M12 2 23 21H1Z", warning: "M12 1.5a10.5 10.5 0 1 0 .01 0Z", caution: "M3 3H21V21H3Z" };
function shape(level, size) {
  const bar = level === "alarm" ? "M12 8v6M12 16.6v1.6" : "M12 6v7M12 16v1.8";
  return svg("svg", { viewBox: "0 0 24 24", width: size, height: size, class: `shape ${level}`, "aria-hidden": "true" },
    svg("path", { class: "body", d: SHAPES[level] || SHAPES.caution }), svg("path", { class: "mark", d: bar }));
}

const words = (name) => String(name).replaceAll("_", " ");
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const kindWords = (kind) => KINDS[kind] || capital(words(kind));
const count = (n) => Number(n).toLocaleString("en-GB");
const many = (n, one, more) => `${count(n)} ${n === 1 ? one : more || `${one}s`}`;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const seconds = (iso) => Date.parse(iso) / 1000;
const two = (n) => String(n).padStart(2, "0");
const when = (s) => new Date(s * 1000);
const clock = (s) => `${two(when(s).getUTCHours())}:${two(when(s).getUTCMinutes())}`;
const clockSeconds = (s) => `${clock(s)}:${two(when(s).getUTCSeconds())}`;
const day = (s) => `${when(s).getUTCDate()} ${MONTHS[when(s).getUTCMonth()]}`;
const dayClock = (s) => `${day(s)} ${clock(s)}`;
const full = (s) => (Number.isFinite(s) ? fullTime(s) : "no time known");
const fullTime = (s) => `${when(s).toISOString().slice(0, 10)} ${clock(s)} UTC`;

function lasting(s) {
  const minutes = Math.round(s / 60);
  if (minutes < 1) return `${Math.round(s)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${two(minutes % 60)} min` : `${Math.round(hours / 24)} days`;
}

function distance(metres) {
  if (metres === null || metres === undefined) return "distance unknown";
  const nm = metres / 1852;
  if (metres < 100) return `${metres < 10 && metres % 1 ? metres.toFixed(1) : Math.round(metres)} m`;
  return nm < 1 ? `${nm.toFixed(2)} nm (${Math.round(metres / 10) * 10} m)` : `${nm.toFixed(nm < 10 ? 1 : 0)} nm`;
}

// 57°36.00'N 019°12.00'E: as it is said on the radio and typed into an ECDIS.
function position(at) {
  if (!at) return "no position";
  const part = (value, digits, plus, minus) => {
    const hundredths = Math.round(Math.abs(value) * 6000);
    const minutes = (hundredths % 6000) / 100;
    return `${String(Math.floor(hundredths / 6000)).padStart(digits, "0")}°${minutes.toFixed(2).padStart(5, "0")}'` +
      (value < 0 ? minus : plus);
  };
  return `${part(at.lat, 2, "N", "S")} ${part(at.lon, 3, "E", "W")}`;
}

function measure(value, unit) {
  if (value === null || value === undefined) return "not known";
  if (typeof value === "string") return words(value);
  if (unit === "m") return distance(value);
  if (unit === "km") return distance(value * 1000);
  if (unit === "s") return lasting(value);
  if (unit === "min") return lasting(value * 60);
  const size = Math.abs(value);
  if (unit === "deg") return `${value.toFixed(size < 10 && !Number.isInteger(value) ? 1 : 0)}°`;
  const number = Number.isInteger(value) ? count(value) : value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
  if (unit === "kn" || unit === "h") return `${value.toFixed(1)} ${unit}`;
  return unit && unit !== "1" ? `${number} ${unit}` : number;
}

function shipType(vessel) {
  const type = vessel.ship_type;
  const said = SHIP_TYPES[type] || SHIP_DECADES[Math.floor(type / 10)];
  if (type && said) return `${said} (AIS ${type})`;
  return vessel.ship_class ? words(vessel.ship_class) : "not known";
}

function flag(code) {
  if (!code) return "not known";
  try {
    const name = new Intl.DisplayNames(["en"], { type: "region" }).of(code);
    return name && name !== code ? `${name} (${code})` : code;
  } catch { return code; }
}

function vesselName(alert) {
  const v = alert.vessel;
  if (v.name.trim()) return v.name;
  return v.mmsi ? `MMSI ${String(v.mmsi).padStart(9, "0")}` : "Not about one vessel";
}

const assetById = new Map(DATA.assets.map((a) => [a.id, a]));
const assetName = (id) => {
  const seen = assetById.get(id) || DATA.alerts.flatMap((a) => a.assets).find((a) => a.id === id);
  return seen ? seen.name : id;
};
const roughly = (id, geometry) => {
  const asset = assetById.get(id);
  const quality = asset ? asset.geometry : geometry;
  if (quality !== "schematic") return "";
  return asset ? `route drawn roughly, ±${distance(asset.error_m)}` : "route drawn roughly";
};

// Columns travel as whole steps from one known value to the next.
function column(stepsTaken, perUnit) {
  let now = 0;
  return stepsTaken.map((step) => (step === null ? NaN : (now += step) / perUnit));
}
const tracks = new Map(Object.entries(DATA.tracks).map(([mmsi, raw]) => [Number(mmsi), {
  t: column(raw.t, 1), lon: column(raw.lon, 1e5), lat: column(raw.lat, 1e5), sog: column(raw.sog, 10),
  baseline: column(raw.baseline, 10), offset: raw.offset && column(raw.offset, 1), gaps: raw.gaps,
  crossings: raw.crossings,
}]));
const trackOf = (alert) => tracks.get(alert.vessel.mmsi);
const spanOf = (alert) => [seconds(alert.start), seconds(alert.end)];
const silentBetween = (track, t1, t2) => track.gaps.some(([from, to]) => t1 < to && t2 > from);
