import { expect, test } from "vitest";
import { daysOfRows } from "./calendar_days";
import { amountOf, daysOf, eventOf, figure, headOf, ledgerOf, originOf, relevanceOf } from "./desk_words";
import { boundsOf, marksOf } from "./incident_bounds";
import { aboutOf, intervalOf, signOf, stateOf } from "./incident_words";
import { cellText, isNumeric, ordered, orderOf, orderText, turned } from "./ledger_cells";
import { lookedBackOf } from "./looked_back";
import { hostOf } from "./outside_link";
import { dayTicks, timeMs, timeScale } from "./plot_scale";
import { pressNameOf, pressSumOf } from "./press_words";
import type { LedgerRow, Report } from "./records";
import { aroundOf, charactersBefore, piecesOf, placesOf, sentencesOf, spansOf, trimmed } from "./spans";
import { askedOf, chosenIn, filterOf, isAny } from "./stream_filter";

const entity = (text: string, start: number, type = "person") => ({
  text,
  start,
  end: start + [...text].length,
  type,
  name: null,
  possibly: null,
  id: null,
});

const said = (parts: Partial<Report>): Pick<Report, "entities" | "quantities" | "dates"> => ({
  entities: [],
  quantities: [],
  dates: [],
  ...parts,
});

test("a text is cut where something begins or ends, and nothing of it is lost", () => {
  const text = "Mark Rutte expects 19 systems.";
  const spans = spansOf(
    said({
      entities: [{ ...entity("Mark Rutte", 0), possibly: "Mark Rutte" }],
      quantities: [
        {
          text: "19",
          start: 19,
          end: 21,
          low: 19,
          high: 19,
          unit: null,
          role: "given",
          qualifier: null,
          of: "systems",
        },
      ],
    }),
  );
  const pieces = piecesOf(text, spans, [{ start: 5, end: 21 }]);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(pieces.map(({ text: t, type, isMarked }) => [t, type, isMarked])).toEqual([
    ["Mark ", "person", false],
    ["Rutte", "person", true],
    [" expects ", "", true],
    ["19", "quantity", true],
    [" systems.", "", false],
  ]);
  expect(pieces[0]?.about).toBe("person, possibly Mark Rutte");
});

test("places are counted in characters, as the watch counts: a ship is one", () => {
  const text = "🚢🚢 Eagle S and 🚢 Eagle S";
  expect(placesOf(text, "Eagle S")).toEqual([
    { text: "Eagle S", start: 3, end: 10 },
    { text: "Eagle S", start: 17, end: 24 },
  ]);
  expect(placesOf(text, " ")).toEqual([]);
  expect(charactersBefore(text, 5)).toBe(3);
  expect(piecesOf(text, [{ start: 3, end: 10, type: "vessel", about: "vessel" }])[1]?.text).toBe("Eagle S");
  expect(trimmed(text, 2, 11)).toEqual({ text: "Eagle S", start: 3, end: 10 });
  expect(trimmed(text, 2, 3)).toBeNull();
  expect(aroundOf(text, { start: 17, end: 24 }, 6)).toBe("... and 🚢 [Eagle S]");
});

test("spans that overlap or lie beyond the text change nothing in it", () => {
  const spans = spansOf(said({ entities: [entity("Baltic Sea", 0, "place"), entity("Sea", 7, "place")] }));
  expect(spans).toHaveLength(1);
  const text = "Baltic Sea";
  for (const wrong of [
    { start: -1, end: 3 },
    { start: 3, end: 3 },
    { start: 4, end: 99 },
  ])
    expect(piecesOf(text, [{ ...wrong, type: "x", about: "" }], [wrong])).toEqual([
      { text, start: 0, end: 10, type: "", about: "", isMarked: false },
    ]);
  expect(piecesOf("", [])).toEqual([]);
});

test("a long text full of names is cut quickly", () => {
  const text = "Riga ".repeat(4000);
  const spans = Array.from({ length: 4000 }, (_, n) => ({ start: 5 * n, end: 5 * n + 4, type: "place", about: "" }));
  const began = performance.now();
  expect(piecesOf(text, spans)).toHaveLength(8000);
  expect(performance.now() - began).toBeLessThan(1500);
});

test("words of the desk; a word from outside is no key", () => {
  expect(eventOf("infrastructure_damage")).toBe("damage to infrastructure");
  expect([eventOf("__proto__"), ledgerOf("constructor"), eventOf("new_thing")]).toEqual([
    "  proto  ",
    "constructor",
    "new thing",
  ]);
  expect([relevanceOf(0.714), relevanceOf(Number.NaN)]).toEqual(["relevance 0.71", "relevance not known"]);
  expect([figure(30e9), figure(19), figure(2.5), figure(Number.NaN)]).toEqual(["30 billion", "19", "2.5", "?"]);
  expect(amountOf({ low: 2, high: 3, unit: "% of GDP" })).toBe("2 to 3 % of GDP");
  expect(amountOf({ low: 19, high: 19, unit: null })).toBe("19");
  expect(daysOf("2025-01-09T00:00:00Z", "2025-01-10T00:00:00Z")).toBe("9 Jan 2025");
  expect(daysOf("2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z")).toBe("1 Jan 2025 to 31 Jan 2025");
  expect([daysOf(null, null), daysOf("2025-01-01T00:00:00Z", null)]).toEqual(["", "from 1 Jan 2025"]);
  expect(headOf("a  b\nc", 3)).toBe("a b ...");
});

test("the filter of the stream is its address", () => {
  const filter = filterOf(new URLSearchParams("ledger=presence&event=meeting&find=cable&since=7d&about=estlink-2"));
  expect(askedOf(filter, Date.parse("2025-01-09T10:20:30Z"))).toEqual({
    ledger: "presence",
    type: "meeting",
    asset: "estlink-2",
    q: "cable",
    since: "2025-01-02T10:00:00Z",
    relevant: true,
  });
  expect(isAny(filter)).toBe(true);
  expect(chosenIn(filter)).toBe(3);
  const none = filterOf(new URLSearchParams("ledger=__proto__&event=x&since=9d&q=of+the+queue"));
  expect(isAny(none)).toBe(false);
  expect(askedOf(none, 0)).toEqual({ relevant: true });
  expect(askedOf(filterOf(new URLSearchParams("whole=1")), 0)).toEqual({});
});

const row = (id: string, cells: LedgerRow["cells"], at: string | null = null): LedgerRow => ({
  id,
  at,
  until: null,
  cells,
  differs: [],
  sources: [],
  story: null,
  assets: [],
});

test("cells of a ledger in words and in order; what is empty comes last, whichever way", () => {
  expect(cellText("2025-01-09")).toBe("9 Jan 2025");
  expect(cellText("2025-01-09T10:00:00Z, undated")).toBe("9 Jan 2025, undated");
  expect([cellText(30e9), cellText(null), cellText("command_change"), cellText("a_b")]).toEqual([
    "30 billion",
    "",
    "command or headquarters",
    "a_b",
  ]);
  const rows = [row("a", { n: 10 }), row("b", { n: null }), row("c", { n: 2 }), row("d", { n: "x" })];
  const ids = (order: string) => ordered(rows, orderOf(order)).map(({ id }) => id);
  expect(ids("n")).toEqual(["c", "a", "d", "b"]);
  expect(ids("-n").at(-1)).toBe("b");
  expect(ids("__proto__")).toEqual(["a", "b", "c", "d"]);
  expect([orderText(orderOf("-n")), orderText(orderOf(null))]).toEqual(["-n", null]);
  expect([turned(orderOf(null), "n"), turned(orderOf("n"), "n"), turned(orderOf("-n"), "n")].map(orderText)).toEqual([
    "n",
    "-n",
    null,
  ]);
  expect([isNumeric([1, null]), isNumeric([1, "x"]), isNumeric([null])]).toEqual([true, false, false]);
});

test("the calendar: to come the nearest first, past the latest first, the rest has no day", () => {
  const rows = ["2025-01-09", "2024-12-20", "2025-01-06", null, "2024-12-28", "9999"].map((date, n) =>
    row(String(n), { date }, "2020-01-01T00:00:00Z"),
  );
  const { toCome, past, undated } = daysOfRows(rows, Date.parse("2025-01-06T23:00:00Z"));
  expect(toCome.map(({ day }) => day)).toEqual(["2025-01-06", "2025-01-09"]);
  expect(past.map(({ day }) => day)).toEqual(["2024-12-28", "2024-12-20"]);
  expect(undated).toHaveLength(2);
});

test("an incident is said to be what it is, and accuses nobody", () => {
  expect(stateOf("reported")).toBe("reported, unobserved");
  expect(signOf("reported")).not.toBe(signOf("observed"));
  expect([stateOf("constructor"), signOf("__proto__")]).toEqual(["constructor", "⬡"]);
  expect(intervalOf({ since: null, until: null })).toBe("when is not known");
  expect(intervalOf({ since: "2024-12-25T10:26:00Z", until: "2024-12-25T12:00:00Z" })).toBe(
    "between 25 Dec 2024 10:26 and 25 Dec 2024 12:00 UTC",
  );
  expect(intervalOf({ since: null, until: "2024-12-25T12:00:00Z" })).toBe("before 25 Dec 2024 12:00 UTC");
  expect(aboutOf({ asset: null, asset_said: "", place: "" })).toBe("an asset that was not named");
  const nowhere = { lon_deg: null, lat_deg: null, radius_km: null };
  expect(boundsOf(nowhere as never)).toBeNull();
  const bounds = boundsOf({ lon_deg: 25, lat_deg: 60, radius_km: 30 } as never);
  expect(bounds?.map((edge) => Math.round(100 * edge) / 100)).toEqual([24.46, 59.73, 25.54, 60.27]);
});

test("an open incident is marked at its place, else at the middle of its asset", () => {
  const incident = { id: "i1", state: "reported", lon_deg: 25, lat_deg: 60, asset: null };
  const line = {
    type: "Feature",
    properties: { id: "estlink-2" },
    geometry: {
      type: "MultiLineString",
      coordinates: [
        [
          [20, 60],
          [22, 62],
        ],
      ],
    },
  };
  const at = (said: object) => marksOf([{ ...incident, ...said } as never], [line as never]);
  expect(at({})[0]).toMatchObject({ lonDeg: 25, latDeg: 60, label: "reported", shape: "hexagon", incident: "i1" });
  expect(at({ lon_deg: null, asset: "estlink-2" })[0]).toMatchObject({ lonDeg: 21, latDeg: 61 });
  expect(at({ lon_deg: null, asset: "other" })).toEqual([]);
  expect(at({ state: "closed" })).toEqual([]);
});

test("a record of a look back that holds anything shows only what it can", () => {
  expect(lookedBackOf({})).toBeNull();
  expect(lookedBackOf({ text: 3, positions: "many", findings: "x" })).toBeNull();
  const said = lookedBackOf({
    text: "Nobody.",
    positions: 12,
    findings: [null, 3, { kind: "anchor_drag", since: "2024-12-25T10:26:00Z", mmsi: "x", text: ["a"] }],
  });
  expect(said?.counts).toEqual([["positions looked at", 12]]);
  expect(said?.findings).toEqual([{ kind: "anchor_drag", since: "2024-12-25T10:26:00Z", mmsi: 0, text: "" }]);
});

test("scales of plots: months of a long time, days of a short one, undated beside", () => {
  const [from, until] = [Date.parse("2024-11-20"), Date.parse("2025-03-05")];
  expect(dayTicks(from, until, 8).map(({ words }) => words)).toEqual(["Dec 2024", "Jan 2025", "Feb 2025", "Mar 2025"]);
  expect(dayTicks(Date.parse("2024-12-30"), Date.parse("2025-01-02"), 4).map(({ words }) => words)).toEqual([
    "30 Dec",
    "31 Dec",
    "1 Jan",
    "2 Jan",
  ]);
  expect(dayTicks(Date.parse("1990-02-01"), Date.parse("2200-02-01"), 5).length).toBeLessThanOrEqual(5);
  expect(dayTicks(1, 1, 5)).toEqual([]);
  expect([timeMs("2025-01"), timeMs("undated"), timeMs(7)]).toEqual([Date.parse("2025-01-01"), Number.NaN, Number.NaN]);
  expect(timeScale([])).toMatchObject({ hasDated: false, hasUndated: false });
  expect(timeScale([Number.NaN, from])).toMatchObject({ hasDated: true, hasUndated: true });
});

test("only the web is linked to", () => {
  expect(hostOf("https://news.example:8443/a?b")).toBe("news.example:8443");
  for (const url of [null, "", "javascript:alert(1)", "data:text/html,x", "//x", "https://me@evil.example/", "a b"])
    expect(hostOf(url), String(url)).toBeNull();
});

test("a report of a file is known by its line, and no folder is told", () => {
  expect(originOf({ source: null, file: "../a/b/digest.txt", line: 5 })).toBe("line 5 of digest.txt");
  expect(originOf({ source: null, file: "C:\\a\\feed.xml", line: null })).toBe("feed.xml");
  expect(originOf({ source: "Harbour Post", file: "/a/b", line: 5 })).toBe("Harbour Post");
  expect(originOf({ source: null, file: null, line: 1 })).toBe("");
});

test("sentences to choose from, by characters; numbers and web addresses do not end one", () => {
  const text = "🚢 Two ships came. It cost 2.5 million!  See a.example now?\nEnd";
  const found = sentencesOf(text);
  expect(found.map((one) => one.text)).toEqual([
    "🚢 Two ships came.",
    "It cost 2.5 million!",
    "See a.example now?",
    "End",
  ]);
  for (const { text: words, start, end } of found) expect([...text].slice(start, end).join("")).toBe(words);
  const began = performance.now();
  for (const hostile of [".".repeat(20_000), "a.".repeat(10_000), "a. ".repeat(7000), "?!".repeat(10_000)])
    expect(sentencesOf(hostile).length).toBeLessThanOrEqual(100);
  expect(performance.now() - began).toBeLessThan(1500);
});

test("the feeds of reports in words", () => {
  const feed = (url: string, well: boolean) => ({ url, source: url, well }) as never;
  expect(pressNameOf({ url: "/var/a/digest.txt", source: "/var/a/digest.txt" })).toBe("digest.txt");
  expect(pressNameOf({ url: "https://a.example/rss", source: "" })).toBe("https://a.example/rss");
  expect(pressNameOf({ url: "https://a.example/rss", source: "Harbour Post" })).toBe("Harbour Post");
  expect(pressSumOf({ feeds: [], reports: 1 })).toBe("None is polled. 1 report is kept.");
  expect(pressSumOf({ feeds: [feed("a", true), feed("b", false)], reports: 2 })).toBe(
    "1 of 2 bring nothing now. 2 reports are kept.",
  );
  expect(pressSumOf({ feeds: [feed("a", true)], reports: 2 })).toBe("All are well. 2 reports are kept.");
});

test("only the web's own addresses become links", () => {
  for (const wrong of [
    "javascript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "//a",
  ])
    expect(hostOf(wrong)).toBeNull();
  expect(hostOf("https://news.example/1")).toBe("news.example");
});
