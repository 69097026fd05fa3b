// Speed over time against what the vessel usually runs; crossings, silences and the moment of warning marked.

const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080];

function plotRange(alert, track, whole) {
  const first = track.t[0], last = track.t[track.t.length - 1];
  if (whole) return [first, last];
  const [start, end] = spanOf(alert), raised = seconds(alert.raised);
  const around = Math.max(3600, (end - start) * 0.8);
  const range = [Math.max(first, Math.min(start, raised) - around), Math.min(last, Math.max(end, raised) + around)];
  return range[1] > range[0] ? range : [first, last];
}

function speedPlot(alert, track, width, whole, onPoint) {
  const [t1, t2] = plotRange(alert, track, whole);
  const seen = [];
  track.t.forEach((t, i) => { if (t >= t1 && t <= t2) seen.push(i); });
  const crossings = track.crossings.filter((c) => c.t >= t1 && c.t <= t2);
  const labels = stackLabels(crossings, (t) => 42 + ((t - t1) / (t2 - t1 || 1)) * (width - 52), width);
  const top = 8 + labels.rows * 15, tall = 140, left = 42, right = width - 10;
  const offset = track.offset && seen.some((i) => Number.isFinite(track.offset[i]));
  const offsetTop = top + tall + 36, offsetTall = 56;
  const height = top + tall + 24 + (offset ? offsetTall + 26 : 4);
  const x = (t) => left + ((t - t1) / (t2 - t1 || 1)) * (right - left);
  const [low, high] = speedRange(track, seen);
  const y = (kn) => top + tall - ((kn - low) / (high - low)) * tall;
  const out = svg("svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": "Speed over time against the vessel's baseline" });
  axes(out, { t1, t2, x, y, low, high, left, right, top, tall });
  span(out, alert, x, t1, t2, top, tall);
  for (const [from, to] of track.gaps) {
    if (to < t1 || from > t2) continue;
    const a = x(Math.max(from, t1)), b = x(Math.min(to, t2));
    out.append(svg("rect", { class: "gap", x: a, y: top, width: b - a, height: tall },
      svg("title", null, `silent for ${lasting(to - from)}`)));
    if (b - a > 70) out.append(svg("text", { class: "small", x: a + 5, y: top + 14 },
      `silent ${lasting(to - from)}`));
  }
  out.append(svg("path", { class: `deficit ${alert.level}`, d: deficit(alert, track, seen, x, y) }),
    svg("path", { class: "baseline", d: curve(track, track.baseline, seen, x, y) }),
    svg("path", { class: "speed", d: curve(track, track.sog, seen, x, y) }));
  crossingLines(out, labels.placed, top, tall);
  raisedLine(out, alert, x, t1, t2, top, tall);
  if (offset) offsetPanel(out, track, seen, x, { left, right, top: offsetTop, tall: offsetTall });
  readout(out, track, seen, { x, t1, t2, left, right, top, tall, y, onPoint });
  return out;
}

function speedRange(track, seen) {
  const known = seen.flatMap((i) => [track.sog[i], track.baseline[i]]).filter(Number.isFinite);
  if (!known.length) return [0, 10];
  const least = Math.min(...known), most = Math.max(...known);
  // From zero, unless the whole story is in a few tenths of a knot high up.
  const low = least > 4 ? Math.max(0, Math.floor(Math.min(least - 1, (least + most) / 2 - 3))) : 0;
  return [low, Math.max(low + 6, Math.ceil(most * 1.03 + 0.2))];
}

function curve(track, values, seen, x, y) {
  let d = "", last = -1;
  for (const i of seen) {
    if (!Number.isFinite(values[i])) { last = -1; continue; }
    const jump = last < 0 || silentBetween(track, track.t[last], track.t[i]);
    d += `${jump ? "M" : "L"}${x(track.t[i]).toFixed(1)} ${y(values[i]).toFixed(1)}`;
    last = i;
  }
  return d;
}

function deficit(alert, track, seen, x, y) {
  const [start, end] = spanOf(alert);
  let d = "", last = -1;
  for (const i of seen) {
    const known = Number.isFinite(track.sog[i]) && Number.isFinite(track.baseline[i]);
    if (!known || track.t[i] < start || track.t[i] > end) { last = -1; continue; }
    if (last >= 0 && !silentBetween(track, track.t[last], track.t[i])) {
      const under = (j) => y(Math.min(track.sog[j], track.baseline[j])).toFixed(1);
      const a = x(track.t[last]).toFixed(1), b = x(track.t[i]).toFixed(1);
      d += `M${a} ${y(track.baseline[last]).toFixed(1)}L${b} ${y(track.baseline[i]).toFixed(1)}V${under(i)}L${a} ${under(last)}Z`;
    }
    last = i;
  }
  return d;
}

function axes(out, { t1, t2, x, y, low, high, left, right, top, tall }) {
  const stepKn = [0.5, 1, 2, 5, 10, 20].find((s) => (high - low) / s <= 6) || 50;
  for (let kn = Math.ceil(low / stepKn) * stepKn; kn <= high; kn += stepKn) {
    out.append(svg("path", { class: "rule", d: `M${left} ${y(kn)}H${right}` }),
      svg("text", { class: "small", x: left - 5, y: y(kn) + (kn === low ? -2 : 4), "text-anchor": "end" },
        kn + stepKn > high ? `${kn} kn` : String(kn)));
  }
  const step = (STEPS_MIN.find((m) => (t2 - t1) / 60 / m <= Math.max(3, (right - left) / 75)) || 43200) * 60;
  let date = "";
  for (let t = Math.ceil(t1 / step) * step; t <= t2; t += step) {
    const label = step >= 86400 ? day(t) : clock(t);
    out.append(svg("path", { class: "rule", d: `M${x(t)} ${top}v${tall}` }),
      svg("text", { class: "small", x: x(t), y: top + tall + 13, "text-anchor": "middle" }, label));
    if (step < 86400 && day(t) !== date) {
      date = day(t);
      out.append(svg("text", { class: "small faint", x: x(t), y: top + tall + 24, "text-anchor": "middle" }, `${date} UTC`));
    }
  }
}

function span(out, alert, x, t1, t2, top, tall) {
  const [start, end] = spanOf(alert);
  const a = x(Math.max(start, t1)), b = x(Math.min(end, t2));
  if (b >= a) out.append(svg("rect", { class: `span ${alert.level}`, x: a, y: top, width: Math.max(b - a, 1), height: tall }));
}

function raisedLine(out, alert, x, t1, t2, top, tall) {
  const t = seconds(alert.raised);
  if (t < t1 || t > t2) return;
  const late = x(t) > x(t2) - 90;
  out.append(svg("path", { class: "raised", d: `M${x(t)} ${top}v${tall}` }),
    svg("text", { class: "small strong halo", x: x(t) + (late ? -4 : 4), y: top + tall - 5, "text-anchor": late ? "end" : "start" },
      `raised ${clock(t)}`));
}

// Names of crossed assets over their lines, in rows so that none hides another.
function stackLabels(crossings, x, width) {
  const rows = [], placed = [];
  for (const c of crossings.slice(0, 60)) {
    const text = crossings.length > 12 ? clock(c.t) : `${clock(c.t)} ${c.name.length > 22 ? `${c.name.slice(0, 21)}…` : c.name}`;
    const wide = text.length * 6.9 + 8;
    const px = x(c.t), at = px + 3 + wide > width ? px - wide : px + 4;
    let row = rows.findIndex((taken) => taken.every(([a, b]) => at > b || at + wide < a));
    if (row < 0 && rows.length < 5) row = rows.push([]) - 1;
    if (row >= 0) rows[row].push([at, at + wide]);
    placed.push({ c, px, at, row, text });
  }
  return { placed, rows: Math.max(rows.length, 1) };
}

function crossingLines(out, placed, top, tall) {
  for (const { c, px, row } of placed) {
    const from = row < 0 ? top : 6 + row * 15;
    out.append(svg("path", { class: "crossed", d: `M${px} ${from}V${top + tall}` },
      svg("title", null, `crossed ${c.name} at ${full(c.t)}`)));
  }
  for (const { at, row, text } of placed) {
    if (row >= 0) out.append(svg("text", { class: "small crossedname halo", x: at, y: 15 + row * 15 }, text));
  }
}

function offsetPanel(out, track, seen, x, box) {
  const most = Math.max(5, ...seen.map((i) => Math.abs(track.offset[i])).filter(Number.isFinite));
  const limit = most <= 10 ? 10 : most <= 20 ? 20 : most <= 45 ? 45 : most <= 90 ? 90 : 180;
  const y = (deg) => box.top + box.tall / 2 - (deg / limit) * (box.tall / 2);
  for (const deg of [-limit, 0, limit]) {
    out.append(svg("path", { class: "rule", d: `M${box.left} ${y(deg)}H${box.right}` }),
      svg("text", { class: "small", x: box.left - 5, y: y(deg) + 4, "text-anchor": "end" }, `${deg}°`));
  }
  out.append(svg("path", { class: "offset", d: curve(track, track.offset, seen, x, y) }),
    svg("text", { class: "small halo", x: box.left + 4, y: box.top + 10 }, "heading minus course"));
}

function readout(out, track, seen, { x, t1, t2, left, right, top, tall, y, onPoint }) {
  const line = svg("path", { class: "cursorline", visibility: "hidden" });
  const dot = svg("circle", { class: "cursor", r: 3.5, visibility: "hidden" });
  const text = svg("text", { class: "small strong halo", y: top + 12, visibility: "hidden" });
  const all = [line, dot, text];
  const hide = () => { all.forEach((n) => n.setAttribute("visibility", "hidden")); onPoint(NaN, NaN); };
  out.append(line, dot, text);
  out.addEventListener("pointerleave", hide);
  out.addEventListener("pointermove", (event) => {
    const box = out.getBoundingClientRect();
    const t = t1 + ((event.clientX - box.left - left) / (right - left)) * (t2 - t1);
    const i = seen.reduce((best, j) => (Math.abs(track.t[j] - t) < Math.abs(track.t[best] - t) ? j : best), seen[0]);
    if (i === undefined || t < t1 || t > t2) { hide(); return; }
    const px = x(track.t[i]);
    line.setAttribute("d", `M${px} ${top}v${tall}`);
    dot.setAttribute("cx", px);
    dot.setAttribute("cy", Number.isFinite(track.sog[i]) ? y(track.sog[i]) : top + tall);
    const usual = Number.isFinite(track.baseline[i]) ? `, usual ${track.baseline[i].toFixed(1)}` : "";
    const turn = track.offset && Number.isFinite(track.offset[i]) ? `, offset ${track.offset[i].toFixed(0)}°` : "";
    const speed = Number.isFinite(track.sog[i]) ? `${track.sog[i].toFixed(1)} kn` : "no speed";
    text.textContent = `${clockSeconds(track.t[i])}  ${speed}${usual}${turn}`;
    text.setAttribute("x", px > (left + right) / 2 ? px - 6 : px + 6);
    text.setAttribute("text-anchor", px > (left + right) / 2 ? "end" : "start");
    all.forEach((n) => n.setAttribute("visibility", "visible"));
    onPoint(track.lon[i], track.lat[i]);
  });
}
