/** The map as a picture to be sent: with the time, the place and who made the land written into it. */

import { colour } from "../look/look";
import { replayed } from "../state/picture";
import { pictureMs, watchState } from "../state/watch";
import { momentOf, positionOf } from "../words";
import { shownBounds } from "./camera";
import { credits } from "./given";

/** Draws the map now and gives its canvas, to be copied at once; set by the map while it is open. */
let atHand: (() => HTMLCanvasElement) | null = null;

export function offer(draw: (() => HTMLCanvasElement) | null): void {
  atHand = draw;
}

const FOOT_PX = 44;
const LINE_PX = 18;

/** PNG of the map as it is shown. Throws where there is no map. */
export async function pngOfMap(): Promise<Blob> {
  if (!atHand) throw new Error("The map is not open. Try again when it is shown.");
  const map = atHand();
  const ratio = map.width / Math.max(1, map.clientWidth);
  const picture = document.createElement("canvas");
  [picture.width, picture.height] = [map.width, map.height + FOOT_PX * ratio];
  const context = picture.getContext("2d")!;
  context.drawImage(map, 0, 0);
  context.scale(ratio, ratio);
  foot(context, map.clientWidth, map.clientHeight);
  return await new Promise((done, fail) =>
    picture.toBlob((blob) => (blob ? done(blob) : fail(new Error("The browser made no picture."))), "image/png"),
  );
}

function foot(context: CanvasRenderingContext2D, width: number, top: number): void {
  context.fillStyle = colour("panel");
  context.fillRect(0, top, width, FOOT_PX);
  context.font = "13px sans-serif";
  context.textBaseline = "middle";
  context.fillStyle = colour("ink");
  context.fillText(momentWords(), 10, top + 4 + LINE_PX / 2, width - 20);
  context.fillStyle = colour("ink-2");
  context.fillText(placeWords(), 10, top + 4 + 1.5 * LINE_PX, width - 20);
}

/** "25 Dec 2024 10:26:05 UTC, live", and never less than the truth about its age. */
function momentWords(): string {
  const then = replayed.peek();
  if (then) return `Anchorwatch, ${momentOf(then.columns.timeMs)}, as it was then`;
  const ms = pictureMs.peek();
  const state = { connecting: "not connected", old: "OLD PICTURE, not as it is now" } as Record<string, string>;
  return `Anchorwatch, ${ms === null ? "time not known" : momentOf(ms)}, ${state[watchState.peek()] ?? watchState.peek()}`;
}

function placeWords(): string {
  const bounds = shownBounds.peek();
  const made = ["Land: Natural Earth", ...credits.peek()].join(", ");
  if (!bounds) return made;
  const [west, south, east, north] = bounds;
  return `${positionOf(west, south)} to ${positionOf(east, north)}. ${made}`;
}
