// What keeps its size while the map is zoomed: marks, names, the grid's figures and the scale.

function drawScreen(map, w, h) {
  const placed = [[0, h - 160, 165, 160], [w - 230, 0, 230, 44], [w - 90, h - 40, 90, 40]];  // boxes taken: x, y, width, height
  const marks = svg("g"), names = svg("g");
  const inside = (p, edge = 0) => p[0] > -edge && p[0] < w + edge && p[1] > -edge && p[1] < h + edge;
  const name = (text, px, py, cls, must = false) => {
    const short = text.length > 26 ? `${text.slice(0, 25)}…` : text;
    const width = short.length * 6.6 + 4;
    const spots = [[px + 10, py + 4], [px - width - 8, py + 4], [px - width / 2, py - 12], [px - width / 2, py + 22]];
    const free = spots.find(([x, y]) => x > 2 && x + width < w - 2 && y > 12 && y < h - 4 &&
      !placed.some((b) => x < b[0] + b[2] && x + width > b[0] && y - 12 < b[1] + b[3] && y + 3 > b[1]));
    const spot = free || (must ? spots[0] : null);
    if (!spot) return;
    placed.push([spot[0], spot[1] - 12, width, 15]);
    names.append(svg("text", { class: `name ${cls}`, x: spot[0], y: spot[1] }, short));
  };
  const lines = svg("g");
  graticule(map, w, h, lines, names);
  drawPlaces(map, inside, marks, name);
  drawAlerts(map, inside, marks, name, placed);
  drawAssetNames(map, w, h, name);
  scaleBar(map, w, h, names);
  map.grid.replaceChildren(lines);
  map.screen.replaceChildren(marks, names);
}

function drawAlerts(map, inside, marks, name, placed) {
  const chosen = map.alert;
  const order = DATA.alerts.filter((a) => a !== chosen && a.position).reverse();
  for (const alert of chosen?.position ? [...order, chosen] : order) {
    const at = map.toScreen(alert.position.lon, alert.position.lat);
    if (!inside(at, 12)) continue;
    const own = alert === chosen;
    marks.append(svg("g", { class: `alert ${alert.level} ${own ? "own" : ""} ${alert.status}`,
      transform: `translate(${at[0]} ${at[1]})`, onclick: () => map.onSelect(alert) },
    own && svg("circle", { class: "halo", r: 16 }), svg("path", { class: "body", d: MARK[alert.level] || MARK.caution }),
    svg("title", null, `${alert.level}: ${kindWords(alert.kind)}, ${vesselName(alert)}`)));
    placed.push([at[0] - 10, at[1] - 10, 20, 20]);
  }
  if (!chosen) return;
  if (chosen.position) name(vesselName(chosen), ...map.toScreen(chosen.position.lon, chosen.position.lat), "vessel", true);
  drawCrossings(map, chosen, inside, marks, name);
  drawRaised(map, chosen, inside, marks, name);
}

// Where the vessel was when a live watch would have warned.
function drawRaised(map, alert, inside, marks, name) {
  const track = trackOf(alert), raised = seconds(alert.raised);
  if (!track) return;
  const i = track.t.findLastIndex((t) => t <= raised);
  if (i < 0 || (track.t[i + 1] ?? track.t[i]) < raised) return;
  const at = map.toScreen(track.lon[i], track.lat[i]);
  if (!inside(at)) return;
  marks.append(svg("circle", { class: "raisedat", r: 9, cx: at[0], cy: at[1] }, svg("title", null, `raised ${full(raised)}`)));
  name(`raised ${clock(raised)}`, at[0] + 4, at[1], "place");
}

function drawCrossings(map, alert, inside, marks, name) {
  const [start, end] = spanOf(alert);
  for (const c of trackOf(alert)?.crossings || []) {
    const at = map.toScreen(c.lon, c.lat);
    if (!inside(at)) continue;
    const during = c.t >= start - 600 && c.t <= end + 600;
    marks.append(svg("path", { class: `crossing ${during ? "during" : ""}`, d: "M0-6 6 0 0 6-6 0Z",
      transform: `translate(${at[0]} ${at[1]})` }, svg("title", null, `crossed ${c.name} at ${full(c.t)}`)));
    if (during) name(`${clock(c.t)} ${c.name}`, ...at, "crossed");
  }
}

function drawPlaces(map, inside, marks, name) {
  const close = map.view.k > 4;
  for (const asset of DATA.assets) {
    for (const [lon, lat] of asset.points) {
      const at = map.toScreen(lon, lat);
      if (!inside(at)) continue;
      marks.append(fill(pointMark(asset.kind, ...at), null, [svg("title", null, `${asset.name} (${words(asset.kind)})`)]));
      if (close) name(asset.name, ...at, "place");
    }
  }
}

// A name where its line is nearest to the middle of the view; the alert's own assets first.
function drawAssetNames(map, w, h, name) {
  const own = new Set(map.alert?.assets.map((a) => a.id));
  const shown = [];
  for (const asset of DATA.assets) {
    let best = null;
    for (const part of asset.lines) {
      let lon = 0, lat = 0, before = null;
      for (let i = 0; i < part.length; i += 2) {
        lon += part[i]; lat += part[i + 1];
        const at = map.toScreen(lon / 1e4, lat / 1e4);
        if (before) {  // points between, for straight routes have few
          for (let s = 0; s <= 8; s += 1) {
            const p = [before[0] + ((at[0] - before[0]) * s) / 8, before[1] + ((at[1] - before[1]) * s) / 8];
            if (p[0] < 20 || p[0] > w - 20 || p[1] < 20 || p[1] > h - 30) continue;
            const off = Math.hypot(p[0] - w / 2, p[1] - h * 0.62);
            if (!best || off < best.off) best = { off, p };
          }
        }
        before = at;
      }
    }
    if (best) shown.push({ asset, ...best, own: own.has(asset.id) });
  }
  shown.sort((a, b) => b.own - a.own || a.off - b.off);
  for (const { asset, p, own: mine } of shown.slice(0, 24)) name(asset.name, p[0], p[1] - 4, `asset ${mine ? "own" : ""}`);
}

function graticule(map, w, h, lines, figures) {
  const stepsMin = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600];
  const step = stepsMin.find((s) => s * map.view.k > 110) || 1200;
  const degMin = (minutes, plus, minus) => {
    const all = Math.abs(minutes), m = all % 60;
    return `${Math.floor(all / 60)}°${m ? `${m.toFixed(step < 1 ? 1 : 0).padStart(2, "0")}'` : ""}${minutes < 0 ? minus : plus}`;
  };
  const left = map.view.x + map.origin[0] - w / 2 / map.view.k, right = left + w / map.view.k;
  for (let m = Math.ceil(left / step) * step; m < right; m += step) {
    const px = (m - left) * map.view.k;
    lines.append(svg("path", { class: "grid", d: `M${px} 0V${h}` }));
    if (px > 40 && px < w - 240) figures.append(svg("text", { class: "figure", x: px + 3, y: 12 }, degMin(m, "E", "W")));
  }
  const top = map.view.y + map.origin[1] - h / 2 / map.view.k;
  const north = latOf(top) * 60, south = latOf(top + h / map.view.k) * 60;
  for (let m = Math.ceil(south / step) * step; m < north; m += step) {
    const py = (mercatorY(m / 60) - top) * map.view.k;
    lines.append(svg("path", { class: "grid", d: `M0 ${py}H${w}` }));
    if (py > 24 && py < h - 165) figures.append(svg("text", { class: "figure", x: 4, y: py - 3 }, degMin(m, "N", "S")));
  }
}

function scaleBar(map, w, h, group) {
  const perNm = map.view.k / Math.cos((latOf(map.view.y + map.origin[1]) * Math.PI) / 180);
  const nm = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200].findLast((n) => n * perNm < 150) || 0.05;
  group.append(svg("path", { class: "scale", d: `M10 ${h - 14}v5h${nm * perNm}v-5` }),
    svg("text", { class: "figure", x: 14, y: h - 13 }, `${nm} nm`));
}

// The whole coast in a corner, with a box where the map looks.
class Overview {
  constructor(map, holder) {
    this.map = map;
    const [west, south, east, north] = DATA.frame;
    const x = map.x(west), y = map.y(north), wide = map.x(east) - x, tall = map.y(south) - y;
    this.box = svg("rect", { class: "box" });
    this.svg = svg("svg", { class: "overview", viewBox: `${x} ${y} ${wide} ${tall}`,
      preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true",
      onclick: () => map.fitAll() }, svg("title", null, "Show everything"));
    this.least = wide / 25;
    holder.append(this.svg);
  }

  show(w, h) {
    if (!this.box.parentNode) {
      this.svg.append(this.map.world.querySelector(".land").cloneNode(), this.box);
    }
    const { x, y, k } = this.map.view;
    this.svg.style.visibility = w / k > this.least * 14 ? "hidden" : "visible";
    const wide = Math.max(w / k, this.least), tall = Math.max(h / k, this.least);
    for (const [name, value] of Object.entries({ x: x - wide / 2, y: y - tall / 2, width: wide, height: tall })) {
      this.box.setAttribute(name, value);
    }
  }
}
