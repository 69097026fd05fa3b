import { expect, test } from "vitest";
import { amountOf, daysOf, eventOf, figure, headOf, ledgerOf, relevanceOf } from "./desk_words";
import type { Report } from "./records";
import { aroundOf, charactersBefore, piecesOf, placesOf, spansOf, trimmed } from "./spans";
import { askedOf, filterOf, isAny } from "./stream_filter";

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
    relevant: "true",
  });
  expect(isAny(filter)).toBe(true);
  const none = filterOf(new URLSearchParams("ledger=__proto__&event=x&since=9d&q=of+the+queue"));
  expect(isAny(none)).toBe(false);
  expect(askedOf(none, 0)).toEqual({ relevant: "true" });
  expect(askedOf(filterOf(new URLSearchParams("whole=1")), 0)).toEqual({});
});
