// The page: header, list with its filters, keys, and the one chosen alert.

const shownLevels = new Set(LEVELS);
const state = { whole: false, sort: "level", search: "", chosen: null };
const byId = (id) => document.getElementById(id);
const levelRank = (alert) => LEVELS.indexOf(alert.level) + (alert.status === "withdrawn" ? 10 : 0);
const sum = DATA.summary;

function header() {
  const levels = LEVELS.map((level) => [level, DATA.alerts.filter((a) => a.level === level).length]);
  byId("headline").append(
    ...(DATA.alerts.length ? levels.filter(([, n]) => n).map(([level, n]) => el("span", { class: `tally ${level}` },
      shape(level, 16), many(n, level))) : [el("span", { class: "tally" }, "No alerts")]),
    el("span", { class: "quiet" }, `${full(seconds(sum.since))} to ${full(seconds(sum.until))} · ` +
      `${many(sum.vessels, "vessel")} · ${many(Math.round(sum.vessel_hours), "vessel-hour")}`));
  byId("watched").lastElementChild.append(watched());
}

function watched() {
  const rejected = Object.entries(sum.rejects).sort((a, b) => b[1] - a[1]);
  const total = rejected.reduce((n, [, rows]) => n + rows, 0);
  const assets = Object.entries(sum.assets).map(([kind, n]) => many(n, ASSET_KINDS[kind] || words(kind)));
  const rows = [
    ["Files", sum.files.length ? el("ul", null, sum.files.map((f) => el("li", null, f))) : "none"],
    ["From, to", `${full(seconds(sum.since))} to ${full(seconds(sum.until))}`],
    ["Traffic", `${many(sum.vessels, "vessel")}, ${many(Math.round(sum.vessel_hours), "vessel-hour")}`],
    ["Rows", `${many(sum.rows, "row")} read`],
    ["Rejected", total ? `${many(total, "row")}: ${rejected.slice(0, 12).map(([r, n]) => `${words(r)} ${count(n)}`).join(", ")}` : "none"],
    ["Guarded", `${assets.join(", ") || "no assets"}${sum.schematic ? `; ${count(sum.schematic)} with a route drawn roughly` : ""}`],
    ["Detectors", sum.detectors.map(words).join(", ") || "not stated"],
    ["Ruleset", sum.ruleset],
    ...(sum.notes.length ? [["Notes", el("ul", null, sum.notes.map((n) => el("li", null, n)))]] : []),
  ];
  return el("dl", { class: "facts wide" }, rows.map(([name, value]) => el("div", null, el("dt", null, name), el("dd", null, value))));
}

function filters() {
  const redraw = () => drawList();
  byId("filters").append(
    el("div", { class: "levels" }, LEVELS.map((level) => {
      const button = el("button", { type: "button", class: level, "aria-pressed": "true", onclick: () => {
        if (!shownLevels.delete(level)) shownLevels.add(level);
        button.setAttribute("aria-pressed", String(shownLevels.has(level)));
        redraw();
      } }, shape(level, 14), ` ${level} ${DATA.alerts.filter((a) => a.level === level).length}`);
      return button;
    })),
    el("div", { class: "row" },
      el("input", { id: "search", type: "search", placeholder: "vessel, asset or kind", "aria-label": "Search alerts",
        oninput: (event) => { state.search = event.target.value.toLowerCase(); redraw(); } }),
      el("select", { "aria-label": "Order", onchange: (event) => { state.sort = event.target.value; redraw(); } },
        el("option", { value: "level" }, "by level"), el("option", { value: "time" }, "by time"))));
}

function wanted(alert) {
  if (!shownLevels.has(alert.level)) return false;
  const v = alert.vessel;
  const text = [v.name, v.mmsi, v.imo, v.callsign, v.flag, kindWords(alert.kind), alert.status, alert.id,
    ...alert.assets.map((a) => a.name)].join(" ").toLowerCase();
  return state.search.split(/\s+/).every((word) => text.includes(word));
}

function visible() {
  const time = (a) => seconds(a.raised);
  const order = state.sort === "time" ? (a, b) => time(a) - time(b) : (a, b) => levelRank(a) - levelRank(b) || time(a) - time(b);
  return DATA.alerts.filter(wanted).sort(order);
}

function drawList() {
  const shown = visible();
  byId("list").replaceChildren(...shown.map((alert) => {
    const asset = alert.assets[0];
    return el("li", null, el("button", { type: "button", class: `item ${alert.level} ${alert.status}`, "data-id": alert.id,
      "aria-current": alert === state.chosen ? "true" : null, onclick: () => choose(alert) },
    shape(alert.level, 22),
    el("span", { class: "words" },
      el("span", { class: "line" }, el("b", { class: "ship" }, vesselName(alert)), el("time", null, dayClock(seconds(alert.raised)))),
      el("span", { class: "line" }, el("span", { class: "what" }, el("span", { class: "level" }, alert.level), ` ${kindWords(alert.kind)}`)),
      el("span", { class: "line quiet" }, el("span", { class: "what" }, asset ? asset.name : ""),
        alert.status !== "ended" && el("span", { class: "status" }, alert.status)))));
  }));
  if (!shown.length && DATA.alerts.length) byId("list").append(el("li", { class: "quiet empty" }, "No alert matches the filter."));
}

function choose(alert) {
  state.chosen = alert;
  state.whole = false;
  for (const button of byId("list").querySelectorAll(".item")) {
    const own = button.dataset.id === alert.id;
    if (own) { button.setAttribute("aria-current", "true"); button.scrollIntoView({ block: "nearest" }); }
    else button.removeAttribute("aria-current");
  }
  drawDetail();
  byId("detail").scrollTop = 0;
  map.choose(alert);
  try { history.replaceState(null, "", `#${encodeURIComponent(alert.id)}`); } catch { /* not every viewer allows it */ }
}

function drawDetail() {
  if (!state.chosen) return;
  const width = Math.max(300, byId("detail").clientWidth - 34);
  byId("detail").replaceChildren(...detail(state.chosen, width, (lon, lat) => map.point(lon, lat), state).filter(Boolean));
}

function move(by) {
  const shown = visible();
  const at = shown.indexOf(state.chosen);
  const next = shown[Math.min(Math.max(at + by, 0), shown.length - 1)];
  if (next) choose(next);
}

function nothingFound() {
  byId("detail").append(el("section", { class: "nothing" }, el("h2", null, "Nothing found"),
    el("p", { class: "sentence" }, !sum.rows ? "No position was read: nothing was watched." : `No vessel did anything that the rules call an alert, in ${many(Math.round(sum.vessel_hours), "vessel-hour")} ` +
      `of ${many(sum.vessels, "vessel")} between ${full(seconds(sum.since))} and ${full(seconds(sum.until))}.`),
    el("p", null, el("b", null, "This is not proof of a calm sea. "), "The page only speaks for the rows below. A vessel that sent no AIS, " +
      "a receiver that was down, an asset that is not on the chart or a route that is drawn roughly would leave it just as empty."),
    el("h3", null, "What was watched"), watched()));
}

function listen() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select, textarea")) { if (event.key === "Escape") event.target.blur(); return; }
    const act = { j: () => move(1), k: () => move(-1), "/": () => byId("search")?.focus(), f: () => map.fitAlert(),
      a: () => map.fitAll(), "+": () => map.zoom(1.6), "=": () => map.zoom(1.6), "-": () => map.zoom(1 / 1.6) }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  let width = 0;
  new ResizeObserver(() => {
    if (Math.abs(byId("detail").clientWidth - width) > 4) { width = byId("detail").clientWidth; drawDetail(); }
  }).observe(byId("detail"));
  window.addEventListener("hashchange", () => { const alert = fromHash(); if (alert) choose(alert); });
  window.addEventListener("beforeprint", () => {
    byId("watched").open = true;
    byId("print").replaceChildren(...visible().filter((a) => a !== state.chosen).map((alert) => el("article", null,
      ...detail(alert, 660, () => {}, { whole: false }).filter(Boolean))));
  });
  window.addEventListener("afterprint", () => { byId("watched").open = false; byId("print").replaceChildren(); });
}

function fromHash() {
  let id = "";
  try { id = decodeURIComponent(location.hash.slice(1)); } catch { /* a broken address chooses nothing */ }
  return DATA.alerts.find((a) => a.id === id);
}

const map = new SeaMap(byId("chart"), choose);
header();
listen();
if (DATA.alerts.length) {
  filters();
  drawList();
  choose(fromHash() || visible()[0]);
} else {
  document.body.classList.add("silent");
  nothingFound();
  map.choose(null);
}
