/** The map goes to what a page opens, once; unless the address that was opened says where it looks. */

import * as camera from "../map/camera";

// As the page was loaded: later the map itself writes where it looks into the address.
const loaded = { path: location.pathname, saysMap: new URLSearchParams(location.search).has("map") };
let last = "";

/** `name`: what was opened; the same one is not gone to again while it stays open. */
export function fitOnce(name: string, bounds: camera.BoundsDeg | null): void {
  if (!bounds || name === last) return;
  const asSent = !last && loaded.saysMap && loaded.path === location.pathname;
  last = name;
  if (!asSent) camera.fit(bounds);
}

/** Something else was opened or nothing is: the next may be gone to again. */
export const fitAgain = (name: string): void => {
  if (last === name) last = "-";
};
