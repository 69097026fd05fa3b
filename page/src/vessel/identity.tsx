/** Who a vessel said it was over time, who shares its IMO number, and what lists say of it. */

import type { Schemas } from "../api/client";
import { AirText } from "../parts/air_text";
import { Moment } from "../parts/moment";
import { hrefOf, pathOf } from "../state/url";
import { countOf } from "../words";
import { typeOf } from "./words";

type Identity = Schemas["Identity"];
type Said = Identity["said"][number];

const FIELDS: Record<Said["field"], string> = {
  name: "Name",
  callsign: "Call sign",
  imo: "IMO",
  ship_type: "Type",
  ship_class: "Class",
  length_m: "Length",
  beam_m: "Beam",
  destination: "Destination",
};

export const IdentityPart = ({ identity }: { identity: Identity }) => (
  <section class="part" aria-labelledby="identity-title">
    <h3 id="identity-title">What it said of itself over time</h3>
    {identity.said.length === 0 ? (
      <p class="quiet">Nothing was heard of it that would say who it is.</p>
    ) : (
      <table class="small">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Said</th>
            <th scope="col">First, last heard (UTC)</th>
          </tr>
        </thead>
        <tbody>
          {identity.said.map((said, i) => (
            <SaidRow
              key={`${said.field}${said.value}${said.since}`}
              said={said}
              again={identity.said[i - 1]?.field === said.field}
            />
          ))}
        </tbody>
      </table>
    )}
    {identity.same_imo.length > 0 && <SameImo identity={identity} />}
  </section>
);

const SaidRow = ({ said, again }: { said: Said; again: boolean }) => (
  <tr class={again ? "earlier" : ""}>
    <th scope="row">
      {FIELDS[said.field] ?? said.field}
      {again && <small>earlier</small>}
    </th>
    <td>
      <AirText text={saidIn(said)} none="nothing" />
      <small>{said.times === 1 ? "once: may be a garbled message" : `${countOf(said.times)} times`}</small>
    </td>
    <td>
      <Moment at={said.since} day />
      {said.until !== said.since && (
        <>
          {" to "}
          <Moment at={said.until} day={said.until.slice(0, 10) !== said.since.slice(0, 10)} />
        </>
      )}
    </td>
  </tr>
);

function saidIn({ field, value }: Said): string {
  if (field === "ship_type") return typeOf(Number(value) || null, "");
  if (field === "length_m" || field === "beam_m") return `${value} m`;
  return field === "ship_class" ? value.replaceAll("_", " ") : value;
}

const SameImo = ({ identity }: { identity: Identity }) => (
  <div class="status-notice">
    <b>Others that gave the same IMO number</b>: a new flag, a spare radio, or a borrowed identity.
    <ul class="alerts">
      {identity.same_imo.map((other) => (
        <li key={other.mmsi}>
          <a href={hrefOf(pathOf("vessels", other.mmsi))}>
            <AirText text={other.name} none="no name" />
            <span class="mono">
              MMSI {String(other.mmsi).padStart(9, "0")}, IMO {other.imo}
            </span>
          </a>
        </li>
      ))}
    </ul>
  </div>
);

const MATCHED: Record<string, string> = {
  imo: "by IMO number",
  mmsi: "by MMSI",
  name_and_flag: "by name and flag only",
};

export const Listings = ({ identity }: { identity: Identity }) => (
  <section class="part" aria-labelledby="listings-title">
    <h3 id="listings-title">Registry and watch lists</h3>
    <p class="quiet">Papers never raise an alert: what a vessel does raises one. A listing is shown beside it.</p>
    {identity.lists === 0 && <p>No watch list is loaded: nothing was looked up.</p>}
    {identity.lists > 0 && identity.listings.length === 0 && (
      <p>
        Not on {identity.lists === 1 ? "the one list" : `any of the ${countOf(identity.lists)} lists`} that{" "}
        {identity.lists === 1 ? "is" : "are"} loaded.
      </p>
    )}
    {identity.listings.length > 0 && (
      <table class="small">
        <thead>
          <tr>
            <th scope="col">List and its date</th>
            <th scope="col">Entry</th>
          </tr>
        </thead>
        <tbody>
          {identity.listings.map((listing, i) => (
            <tr key={`${listing.file}${listing.name}${i}`}>
              <td>
                <AirText text={listing.list || listing.layout} />
                <small>
                  of <Moment at={listing.dated} day /> {listing.dated_by === "file" && "(the file's own time)"}
                </small>
                <small>
                  <AirText text={listing.file} />
                </small>
              </td>
              <td>
                <AirText text={listing.name} none="no name" />
                {listing.imo ? `, IMO ${listing.imo}` : ""}
                {listing.flag ? `, ${listing.flag}` : ""}
                <small>
                  {listing.sure ? "Matched" : "Perhaps: matched"} {MATCHED[listing.matched_by] ?? listing.matched_by}
                  {listing.former && ", of an earlier name or number"}
                  {listing.since && (
                    <>
                      ; listed since <Moment at={listing.since} day />
                    </>
                  )}
                </small>
                <AirText text={listing.note} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
);
