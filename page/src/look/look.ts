/** Which palette is shown: kept on this machine, followed by everything that draws. */

import { effect, signal } from "@preact/signals";
import { keep, kept } from "../state/shelf";

export const LOOKS = ["day", "dusk", "night"] as const;
export type Look = (typeof LOOKS)[number];

const KEY = "anchorwatch-look";

export const look = signal<Look>(last());

function last(): Look {
  const said = kept(KEY);
  return LOOKS.find((name) => name === said) ?? "dusk";
}

effect(() => {
  document.documentElement.dataset.look = look.value;
  keep(KEY, look.value);
});

/** A colour of the palette by the name of its token: "map-water" -> "#0f1b25". Read again when `look` changes. */
export function colour(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
}

/** The same as [r, g, b] 0..255, for layers that take numbers. The build shortens colours where it can: #fff. */
export function rgb(token: string): [number, number, number] {
  const hex = colour(token).slice(1);
  const six = hex.length < 6 ? [...hex].map((digit) => digit + digit).join("") : hex;
  return [0, 2, 4].map((at) => Number.parseInt(six.slice(at, at + 2), 16) || 0) as [number, number, number];
}
