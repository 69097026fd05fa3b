import { describe, expect, it } from "vitest";
import type { Item } from "../api/client";
import { filterOf, fitsButLevel, fitsLevel, queryOf } from "./filter";

const item = (state: string, assigned = ""): Item =>
  ({
    alert: {
      id: "a1-7c3e",
      level: "warning",
      kind: "anchor_drag",
      revision: 2,
      vessel: { mmsi: 518998865, imo: 9329760, name: "EAGLE S", callsign: "E5U4425" },
      assets: [{ id: "estlink-2", name: "Estlink 2" }],
      explanation: "Slows to 7.4 kn over Estlink 2.",
    },
    work: { state, assigned_to: assigned },
  }) as unknown as Item;

const anna = { name: "anna", isUnread: () => true };
const fits = (query: string, one: Item, officer = anna): boolean => {
  const filter = filterOf(new URLSearchParams(query));
  return fitsButLevel(filter, one, officer) && fitsLevel(filter, one);
};

describe("filter", () => {
  it("stands in the URL as it is read from there", () => {
    const query = "level=alarm,caution&state=mine&kind=ais_gap&asset=estlink-2&mmsi=518998865&q=eagle";
    const back = Object.entries(queryOf(filterOf(new URLSearchParams(query)))).map(([k, v]) => `${k}=${v}`);
    expect(back.join("&")).toBe(query);
  });

  it("leaves out what makes no sense in a URL", () => {
    const filter = filterOf(new URLSearchParams(`level=fatal,&state=lost&mmsi=1e9&q=${"x".repeat(500)}`));
    expect(filter).toMatchObject({ levels: [], state: "open", mmsi: null });
    expect(filter.text).toHaveLength(100);
    expect(Object.values(queryOf({ ...filter, text: "" })).every((value) => value === null)).toBe(true);
  });

  it("shows open ones unless asked for others", () => {
    expect(["new", "acknowledged", "in_hand", "escalated", "closed"].map((s) => fits("", item(s)))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(fits("state=closed", item("closed"))).toBe(true);
    expect(fits("state=new", item("acknowledged"))).toBe(false);
    expect([fits("state=mine", item("in_hand", "anna")), fits("state=mine", item("in_hand", "ben"))]).toEqual([
      true,
      false,
    ]);
    expect(fits("state=unread", item("new"), { name: "anna", isUnread: () => false })).toBe(false);
  });

  it("looks for a text where the API does", () => {
    for (const text of ["eagle", "ESTLINK", "5189988", "9329760", "e5u", "anchor_drag", "7.4 kn", "a1-7c"])
      expect(fits(`q=${text}`, item("new"))).toBe(true);
    expect(fits("q=tanker", item("new"))).toBe(false);
  });

  it("filters by level, kind, asset and vessel together", () => {
    expect(fits("level=alarm,warning&kind=anchor_drag&asset=estlink-2&mmsi=518998865", item("new"))).toBe(true);
    for (const other of ["level=alarm", "kind=ais_gap", "asset=estlink-1", "mmsi=1"])
      expect(fits(other, item("new"))).toBe(false);
  });
});
