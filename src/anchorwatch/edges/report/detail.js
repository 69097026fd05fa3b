// One alert in full: what, why, what else it could be, what comes next, and the words to pass on.

function detail(alert, width, onPoint, state) {
  return [
    title(alert),
    el("p", { class: "sentence" }, alert.explanation),
    plotSection(alert, width, onPoint, state),
    reasonSection(alert),
    alternativeSection(alert),
    nextSection(alert),
    assetSection(alert),
    factSection(alert),
    copySection(alert),
  ];
}

function title(alert) {
  return el("header", { class: `head ${alert.level}` }, shape(alert.level, 34),
    el("div", null,
      el("h2", null, el("span", { class: "level" }, alert.level), ` ${kindWords(alert.kind)}`),
      el("p", { class: "who" }, el("b", null, vesselName(alert)), alert.vessel.flag && ` · ${alert.vessel.flag}`,
        alert.vessel.mmsi ? ` · MMSI ${String(alert.vessel.mmsi).padStart(9, "0")}` : null),
      el("p", { class: "meta" },
        `Raised ${full(seconds(alert.raised))} · ${STATUSES[alert.status] || alert.status}${alert.status === "withdrawn" ? "" : ` · ${LEVEL_MEANS[alert.level] || ""}`}`)));
}

function plotSection(alert, width, onPoint, state) {
  const track = trackOf(alert);
  if (!track || track.t.length < 2) return el("p", { class: "quiet" }, "No track to plot for this alert.");
  const holder = el("div", { class: "plotholder" });
  const draw = () => holder.replaceChildren(speedPlot(alert, track, width, state.whole, onPoint));
  const button = el("button", { type: "button", class: "light noprint", onclick: () => {
    state.whole = !state.whole;
    button.textContent = state.whole ? "Show the alert only" : "Show the whole track";
    draw();
  } }, state.whole ? "Show the alert only" : "Show the whole track");
  draw();
  return el("section", null, el("h3", null, "Speed against its own baseline ", button), holder,
    el("p", { class: "keyline" },
      key("speed", "speed"), key("baseline", "usual speed"), key("crossed", "crossed an asset"), key("raised", "alert raised"),
      track.gaps.length > 0 && key("gap", "no AIS received")));
}

const key = (cls, text) => el("span", null, svg("svg", { width: 22, height: 10, class: "plot" },
  cls === "gap" ? svg("rect", { class: cls, width: 22, height: 10 }) : svg("path", { class: cls, d: "M0 5H22" })), text);

function reasonSection(alert) {
  if (!alert.reasons.length) return null;
  const first = (r) => (r.name === "prior" ? 1 : 0);
  const reasons = [...alert.reasons].sort((a, b) => first(b) - first(a) || Math.abs(b.log_odds) - Math.abs(a.log_odds));
  const most = Math.max(...reasons.map((r) => Math.abs(r.log_odds || 0)), 0.5);
  const total = reasons.reduce((sum, r) => sum + (r.log_odds || 0), 0);
  return el("section", null, el("h3", null, "Why"),
    el("table", { class: "reasons" },
      el("thead", null, el("tr", null, el("th", null, "Reason"), el("th", null, "Measured"), el("th", null, "Compared with"),
        el("th", { class: "bars" }, el("span", null, "innocent"), el("span", null, "suspicious")), el("th", null, "Weight"))),
      el("tbody", null, reasons.map((r) => el("tr", null, el("td", null, reasonWords(r.name)),
        first(r) ? el("td", { colspan: 2, class: "quiet" }, "before any evidence")
          : [el("td", null, measure(r.value, r.unit)), el("td", null, r.baseline || "")],
        el("td", { class: "bars" }, bar(r.log_odds || 0, most, first(r))), el("td", { class: "number" }, signed(r.log_odds))))),
      el("tfoot", null, el("tr", null, el("td", { colspan: 4 },
        `Sum; it makes the score ${measure(alert.score, "")}. Weights are log-odds: +0.7 doubles the odds, −0.7 halves them.`),
      el("td", { class: "number" }, signed(total))))));
}

function bar(logOdds, most, isFirst) {
  const wide = (Math.abs(logOdds) / most) * 48;
  return svg("svg", { viewBox: "0 0 100 12", preserveAspectRatio: "none", class: "bar", "aria-hidden": "true" },
    svg("rect", { class: isFirst ? "first" : logOdds < 0 ? "against" : "for", x: logOdds < 0 ? 50 - wide : 50, y: 1, width: wide, height: 10 }),
    svg("path", { class: "zero", d: "M50 0V12" }));
}
// Where judgement starts from before it weighs anything: most of what is seen is innocent.
const reasonWords = (name) => (name === "prior" ? "Starting point" : capital(words(name)));
const signed = (n) => (n === null || n === undefined ? "?" : `${n < 0 ? "−" : "+"}${Math.abs(n).toFixed(1)}`);

function alternativeSection(alert) {
  if (!alert.alternatives.length) return null;
  return el("section", null, el("h3", null, "It may be innocent"),
    el("dl", { class: "alternatives" }, alert.alternatives.map((a) => [el("dt", null, capital(words(a.cause))),
      el("dd", null, a.check)])));
}

function nextSection(alert) {
  if (!alert.next.length) return null;
  return el("section", null, el("h3", null, "Next on its way"),
    el("table", null, el("tbody", null, alert.next.map((n) => el("tr", null, el("td", null, assetName(n.asset)),
      el("td", { class: "number" }, dayClock(seconds(n.eta)), " UTC"),
      el("td", { class: "number" }, n.confidence === null ? "" : `${Math.round(n.confidence * 100)} % sure`))))));
}

function assetSection(alert) {
  if (!alert.assets.length) return null;
  return el("section", null, el("h3", null, "Assets"), el("table", null, el("tbody", null, alert.assets.map((a) => {
    const known = assetById.get(a.id);
    const about = [ASSET_KINDS[a.kind] || words(a.kind), known?.capacity, known?.owner].filter(Boolean).join(", ");
    const place = a.crossed ? `crossed ${dayClock(seconds(a.crossed))} UTC` : `${distance(a.distance_m)} off`;
    const kp = a.kp_km === null ? "" : `KP ${a.kp_km.toFixed(1)} km`;
    const rough = roughly(a.id, a.geometry);
    return el("tr", null, el("td", null, el("b", null, a.name), el("br"), el("span", { class: "quiet" }, about)),
      el("td", null, place, rough && [el("br"), el("span", { class: "quiet" }, rough)]), el("td", { class: "number" }, kp));
  }))));
}

function factSection(alert) {
  const v = alert.vessel;
  const [start, end] = spanOf(alert);
  const rows = [
    ["Position", position(alert.position)],
    ["Behaviour", `${full(start)} to ${day(start) === day(end) ? clock(end) : full(end)} (${lasting(end - start)})`],
    ...(v.mmsi ? [
      ["MMSI", String(v.mmsi).padStart(9, "0")], ["IMO", v.imo || "not known"], ["Call sign", v.callsign || "not known"],
      ["Flag", flag(v.flag)], ["Type", shipType(v)], ["Length", v.length_m ? `${Math.round(v.length_m)} m` : "not known"],
    ] : []),
    ["Detectors", alert.detectors.map(words).join(", ")],
    ["Alert", `${alert.id}, revision ${alert.revision}`],
  ];
  return el("section", null, el("h3", null, "Facts"),
    el("dl", { class: "facts" }, rows.map(([name, value]) => el("div", null, el("dt", null, name), el("dd", null, String(value))))));
}

function alertText(alert) {
  const v = alert.vessel;
  const who = v.mmsi ? `${vesselName(alert)}  MMSI ${String(v.mmsi).padStart(9, "0")}${v.imo ? `  IMO ${v.imo}` : ""}` +
    `${v.callsign ? `  call sign ${v.callsign}` : ""}${v.flag ? `  flag ${v.flag}` : ""}` : "";
  return [
    `ANCHORWATCH ${alert.level.toUpperCase()}: ${kindWords(alert.kind)} (${STATUSES[alert.status] || alert.status})`,
    who,
    `Position ${position(alert.position)}`,
    `Raised ${full(seconds(alert.raised))}; from ${full(seconds(alert.start))} to ${full(seconds(alert.end))}`,
    ...alert.assets.map((a) => `Asset ${a.name} (${ASSET_KINDS[a.kind] || words(a.kind)}): ` +
      (a.crossed ? `crossed ${full(seconds(a.crossed))}` : `${distance(a.distance_m)} off`) +
      (a.kp_km === null ? "" : `, KP ${a.kp_km.toFixed(1)} km`) + (roughly(a.id, a.geometry) ? `, ${roughly(a.id, a.geometry)}` : "")),
    alert.explanation,
    ...alert.next.map((n) => `Next: ${assetName(n.asset)} about ${full(seconds(n.eta))}`),
    ...alert.alternatives.map((a) => `May be innocent: ${words(a.cause)}. ${a.check}`),
    `Alert ${alert.id} revision ${alert.revision}, rules ${alert.ruleset.slice(0, 19)}`,
  ].filter(Boolean).join("\n");
}

function copySection(alert) {
  const text = el("textarea", { readonly: true, rows: 7, "aria-label": "Alert as text", spellcheck: "false" });
  text.value = alertText(alert);
  const button = el("button", { type: "button", onclick: async () => {
    text.select();
    let done = false;
    try { await navigator.clipboard.writeText(text.value); done = true; } catch { done = document.execCommand("copy"); }
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  } }, "Copy");
  return el("section", { class: "noprint" }, el("h3", null, "Text to pass on ", button), text);
}
