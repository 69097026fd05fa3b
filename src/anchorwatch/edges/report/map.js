// The map: Mercator, in minutes of longitude, drawn once; panning and zooming only move it.

const mercatorX = (lon) => lon * 60;
const mercatorY = (lat) => (-10800 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
const latOf = (y) => (Math.atan(Math.sinh((-y * Math.PI) / 10800)) * 180) / Math.PI;
const MARK = { alarm: "M0-9 10 8H-10Z", warning: "M0-8a8 8 0 1 0 .01 0Z", caution: "M-7-7H7V7H-7Z" };
const ASSET_KINDS = {
  power_cable: "power cable", telecom_cable: "telecom cable", pipeline: "pipeline", platform: "platform",
  wind_farm: "wind farm", landing_point: "landing point", energy_facility: "energy facility",
};

class SeaMap {
  constructor(holder, onSelect) {
    this.onSelect = onSelect;
    const [west, south, east, north] = DATA.view;
    this.origin = [mercatorX((west + east) / 2), mercatorY((south + north) / 2)];
    this.world = svg("g", { class: "world" });
    this.screen = svg("g", { class: "screen" });
    this.cursor = svg("circle", { class: "cursor", r: 5, visibility: "hidden" });
    this.grid = svg("g");
    this.svg = svg("svg", { class: "map", tabindex: "0", role: "img", "aria-label": "Map of alerts, tracks and assets" },
      svg("rect", { class: "sea", width: "100%", height: "100%" }), this.grid, this.world, this.screen, this.cursor);
    const button = (text, title, act, cls) =>
      el("button", { type: "button", title, "aria-label": title, class: cls, onclick: act }, text);
    holder.append(this.svg, el("div", { class: "buttons" },
      button("+", "Zoom in", () => this.zoom(1.6)), button("−", "Zoom out", () => this.zoom(1 / 1.6)),
      button("Alert", "Fit to the alert (f)", () => this.fitAlert(), "toalert"),
      button("All", "Fit to everything (a)", () => this.fitAll())), this.legend());
    this.overview = new Overview(this, holder);
    this.view = { x: 0, y: 0, k: 1 };
    this.drawWorld();
    this.listen();
    new ResizeObserver(() => { this.touched ? this.show() : this.refit(); }).observe(this.svg);
  }

  x(lon) { return mercatorX(lon) - this.origin[0]; }
  y(lat) { return mercatorY(lat) - this.origin[1]; }
  size() { return [this.svg.clientWidth || 600, this.svg.clientHeight || 400]; }
  toScreen(lon, lat) {
    const [w, h] = this.size();
    return [(this.x(lon) - this.view.x) * this.view.k + w / 2, (this.y(lat) - this.view.y) * this.view.k + h / 2];
  }

  path(stepsTaken, closed) {
    let lon = 0, lat = 0, d = "";
    for (let i = 0; i < stepsTaken.length; i += 2) {
      lon += stepsTaken[i]; lat += stepsTaken[i + 1];
      d += `${i ? "L" : "M"}${this.x(lon / 1e4).toFixed(3)} ${this.y(lat / 1e4).toFixed(3)}`;
    }
    return d + (closed ? "Z" : "");
  }

  // The coast without the straight edges where the chart ends.
  shoreline(stepsTaken) {
    let lon = 0, lat = 0, d = "";
    for (let i = 0; i < stepsTaken.length; i += 2) {
      const [dx, dy] = [stepsTaken[i], stepsTaken[i + 1]];
      lon += dx; lat += dy;
      const edge = (dx === 0 && Math.abs(dy) > 300) || (dy === 0 && Math.abs(dx) > 300);
      d += `${i && !edge ? "L" : "M"}${this.x(lon / 1e4).toFixed(3)} ${this.y(lat / 1e4).toFixed(3)}`;
    }
    return d;
  }

  drawWorld() {
    const all = (parts, closed) => parts.map((p) => this.path(p, closed)).join("");
    this.world.append(svg("path", { class: "land", "fill-rule": "evenodd", d: all(DATA.coast, true) }),
      svg("path", { class: "shoreline", d: DATA.coast.map((p) => this.shoreline(p)).join("") }));
    for (const zone of DATA.zones) {
      this.world.append(svg("path", { class: `zone ${zone.kind}`, "fill-rule": "evenodd", d: all(zone.rings, true) },
        svg("title", null, `${zone.name || "unnamed"} (${words(zone.kind)})`)));
    }
    this.assetPaths = new Map();
    for (const asset of DATA.assets) this.assetPaths.set(asset.id, this.drawAsset(asset, all(asset.lines, false)));
    this.trackLayer = svg("g", { class: "tracks" });
    this.world.append(this.trackLayer);
    for (const track of tracks.values()) this.trackLayer.append(svg("path", { class: "track", d: this.trackPath(track) }));
    this.chosenLayer = svg("g", { class: "chosen" });
    this.world.append(this.chosenLayer);
  }

  drawAsset(asset, d) {
    const title = `${asset.name} (${[ASSET_KINDS[asset.kind] || asset.kind, asset.capacity, asset.owner]
      .filter(Boolean).join(", ")}) ${roughly(asset.id)}`;
    const group = svg("g", { class: `asset ${asset.kind} ${asset.geometry}` });
    if (asset.geometry === "schematic" && d) {  // as wide as the route may be wrong
      const metresPerUnit = 1852 * Math.cos((this.middle(asset)[1] * Math.PI) / 180);
      group.append(svg("path", { class: "error", d, "stroke-width": (2 * asset.error_m) / metresPerUnit }));
    }
    group.append(svg("path", { class: "line", d }), svg("title", null, title));
    this.world.append(group);
    return group;
  }

  middle(asset) {
    let lon = 0, lat = 0, n = 0, sum = [0, 0];
    for (const part of asset.lines) {
      lon = lat = 0;
      for (let i = 0; i < part.length; i += 2) {
        lon += part[i]; lat += part[i + 1]; n += 1; sum = [sum[0] + lon, sum[1] + lat];
      }
    }
    return n ? [sum[0] / n / 1e4, sum[1] / n / 1e4] : asset.points[0] || [0, 0];
  }

  trackPath(track, from = -Infinity, to = Infinity, silent = false) {
    let d = "", last = -1;
    for (let i = 0; i < track.t.length; i += 1) {
      if (track.t[i] < from || track.t[i] > to) continue;
      const gap = last >= 0 && silentBetween(track, track.t[last], track.t[i]);
      const at = (j) => `${this.x(track.lon[j]).toFixed(4)} ${this.y(track.lat[j]).toFixed(4)}`;
      if (silent) { if (gap) d += `M${at(last)}L${at(i)}`; }
      else d += `${last < 0 || gap ? "M" : "L"}${at(i)}`;
      last = i;
    }
    return d;
  }

  choose(alert) {
    this.alert = alert;
    this.chosenLayer.replaceChildren();
    for (const group of this.assetPaths.values()) group.classList.remove("named");
    if (alert) {
      for (const a of alert.assets) this.assetPaths.get(a.id)?.classList.add("named");
      const track = trackOf(alert);
      if (track) {
        const [start, end] = spanOf(alert);
        this.chosenLayer.append(
          svg("path", { class: "track own", d: this.trackPath(track) }),
          svg("path", { class: "track silent", d: this.trackPath(track, -Infinity, Infinity, true) }),
          svg("path", { class: "stretch casing", d: this.trackPath(track, start, end) }),
          svg("path", { class: `stretch ${alert.level}`, d: this.trackPath(track, start, end) }));
      }
    }
    this.touched = false;
    this.refit();
  }

  refit() { if (this.whole || !this.alert) this.fitAll(); else this.fitAlert(); }

  fitAll() {
    this.whole = true; this.touched = false;
    this.fit([[DATA.view[0], DATA.view[1]], [DATA.view[2], DATA.view[3]]], 10);
  }

  fitAlert() {
    if (!this.alert) { this.fitAll(); return; }
    this.whole = false; this.touched = false;
    const points = this.alert.position ? [[this.alert.position.lon, this.alert.position.lat]] : [];
    const track = trackOf(this.alert);
    const [start, end] = spanOf(this.alert);
    const around = Math.max(1800, (end - start) / 2);
    if (track) {
      track.t.forEach((t, i) => { if (t >= start - around && t <= end + around) points.push([track.lon[i], track.lat[i]]); });
    }
    if (points.length) this.fit(points, 6); else this.fitAll();
  }

  fit(points, leastNm) {
    const [w, h] = this.size();
    const xs = points.map((p) => this.x(p[0])), ys = points.map((p) => this.y(p[1]));
    const [x1, x2, y1, y2] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const least = leastNm / Math.cos((points[0][1] * Math.PI) / 180);
    const k = Math.min((w - 90) / Math.max(x2 - x1, least), (h - 100) / Math.max(y2 - y1, least));
    this.view = { x: (x1 + x2) / 2, y: (y1 + y2) / 2, k: Math.max(k, 0.01) };
    this.show();
  }

  zoom(factor, px, py) {
    const [w, h] = this.size();
    const [dx, dy] = px === undefined ? [0, 0] : [px - w / 2, py - h / 2];
    const k = Math.min(Math.max(this.view.k * factor, 0.05), 4000);
    this.view = { x: this.view.x + dx / this.view.k - dx / k, y: this.view.y + dy / this.view.k - dy / k, k };
    this.touched = true;
    this.show();
  }

  listen() {
    let from = null;
    this.svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = this.svg.getBoundingClientRect();
      this.zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
    this.svg.addEventListener("pointerdown", (event) => { from = [event.clientX, event.clientY]; });
    window.addEventListener("pointerup", () => { from = null; });
    window.addEventListener("pointermove", (event) => {
      if (!from) return;
      this.view.x -= (event.clientX - from[0]) / this.view.k;
      this.view.y -= (event.clientY - from[1]) / this.view.k;
      from = [event.clientX, event.clientY];
      this.touched = true;
      this.show();
    });
  }

  show() {
    const [w, h] = this.size(), { x, y, k } = this.view;
    this.world.setAttribute("transform", `translate(${w / 2} ${h / 2}) scale(${k}) translate(${-x} ${-y})`);
    this.cursor.setAttribute("visibility", "hidden");
    drawScreen(this, w, h);
    this.overview.show(w, h);
  }

  point(lon, lat) {
    if (!Number.isFinite(lon)) { this.cursor.setAttribute("visibility", "hidden"); return; }
    const [px, py] = this.toScreen(lon, lat);
    this.cursor.setAttribute("cx", px);
    this.cursor.setAttribute("cy", py);
    this.cursor.setAttribute("visibility", "visible");
  }

  legend() {
    const kinds = Object.keys(ASSET_KINDS).filter((kind) => DATA.assets.some((a) => a.kind === kind));
    const sample = (cls) => svg("svg", { width: 26, height: 10, class: "world" },
      svg("g", { class: `asset ${cls}` }, svg("path", { class: "line", d: "M1 5H25" })));
    const rough = DATA.assets.some((a) => a.geometry === "schematic");
    return el("details", { class: "legend", open: window.innerHeight >= 900 }, el("summary", null, "Legend"),
      kinds.map((kind) => el("p", null, ["platform", "wind_farm", "landing_point", "energy_facility"].includes(kind)
        ? svg("svg", { width: 26, height: 12 }, pointMark(kind, 13, 6)) : sample(`${kind} surveyed`), ASSET_KINDS[kind])),
      rough && el("p", null, sample("power_cable schematic"), "route drawn roughly; band = its error"));
  }
}

function pointMark(kind, x, y) {
  const d = { platform: "M-4-4H4V4H-4Z", wind_farm: "M0-5 5 4H-5Z", energy_facility: "M0-5 5 0 0 5-5 0Z" }[kind]
    || "M0-3a3 3 0 1 0 .01 0Z";
  return svg("path", { class: `place ${kind}`, d, transform: `translate(${x} ${y})` });
}
