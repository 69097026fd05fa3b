/** What is seen, for others: as a link, a picture or a file. */

import "./share.css";
import { useState } from "preact/hooks";
import { wordsOf } from "../api/client";
import { Leaf } from "../frame/leaf";
import { shownBounds } from "../map/camera";
import { Sign } from "../parts/sign";
import { items } from "../state/alerts";
import { place, view } from "../state/url";
import { pictureMs } from "../state/watch";
import { shownMs } from "../time/shown";
import { stampOf } from "../words";
import { copyText } from "./copy";
import { type FileLink, filesOf, filesOfAlert, hrefOfFile } from "./files";

/** `what`: the page that it stands on; without, that of the whole view. */
export const ShareButton = ({ what }: { what?: string }) => (
  <Leaf
    name={what ? `share-${what}` : "share"}
    kind="right"
    label={what ? `Share this ${what}` : "Share this view"}
    face={<Sign name="share" />}
  >
    {() => <Shares />}
  </Leaf>
);

const Shares = () => (
  <div class="shares">
    <LinkShare />
    <PictureShare />
    {links().map((link) => (
      <FileShare key={link.words} link={link} />
    ))}
  </div>
);

/** The address, and one that stays with this moment: now is something else tomorrow. */
const LinkShare = () => {
  const [said, setSaid] = useState("");
  const [byHand, setByHand] = useState("");
  const copy = async (text: string): Promise<void> => {
    const done = await copyText(text);
    setByHand(done ? "" : text);
    setSaid(done ? "Copied" : "This browser lets nothing be copied: press Ctrl+C");
  };
  void place.value; // the address may change while it is open
  const now = pictureMs.value;
  return (
    <>
      <button type="button" onClick={() => void copy(location.href)}>
        Copy link to this view
      </button>
      {shownMs.value === null && now !== null && (
        <button type="button" onClick={() => void copy(withTime(location.href, now))}>
          Copy link to this view at this time
        </button>
      )}
      {byHand && <input aria-label="Link" readOnly value={byHand} ref={(box) => box?.select()} />}
      <p role="status">{said}</p>
    </>
  );
};

function withTime(href: string, ms: number): string {
  const url = new URL(href);
  url.searchParams.set("t", stampOf(ms));
  return url.href.replace(/%3A/g, ":").replace(/%2F/g, "/");
}

const PictureShare = () => {
  const [said, setSaid] = useState("");
  const save = async (): Promise<void> => {
    setSaid("Drawing ...");
    try {
      const { pngOfMap } = await import("../map/export");
      saveAs(
        await pngOfMap(),
        `map-${stampOf(shownMs.peek() ?? pictureMs.peek() ?? Date.now()).replaceAll(":", "")}.png`,
      );
      setSaid("Saved");
    } catch (error) {
      setSaid(`No picture: ${wordsOf(error)}`);
    }
  };
  return (
    <>
      <button type="button" onClick={() => void save()}>
        Picture of the map (PNG)
      </button>
      <p role="status">{said}</p>
    </>
  );
};

function saveAs(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const FileShare = ({ link }: { link: FileLink }) => (
  <p class="file-share">
    <span>{link.words}</span>
    {(["geojson", "csv"] as const).map((form) => (
      <a key={form} class="button" href={hrefOfFile(link, form)} download aria-label={`${link.words}: ${WORDS[form]}`}>
        {WORDS[form]}
      </a>
    ))}
  </p>
);

const WORDS = { geojson: "GeoJSON", csv: "CSV" };

function links(): FileLink[] {
  const { name, id } = view.value;
  const alert = name === "alerts" ? items.value.get(id)?.alert : undefined;
  const mine = alert
    ? filesOfAlert({
        id: alert.id,
        mmsi: alert.vessel.mmsi,
        startMs: Date.parse(alert.start),
        endMs: Date.parse(alert.end),
      })
    : [];
  const nowMs = pictureMs.peek();
  const query = place.value.query;
  return [...mine, ...filesOf({ name, id, query, shownMs: shownMs.value, nowMs, bounds: shownBounds.value })];
}
