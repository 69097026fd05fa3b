/** The graphics card: no frame is begun before it has finished the last one. */

import type { Map as GlMap } from "maplibre-gl";

const BUSY_MS = 15; // until the card is asked again whether it has finished

/**
 * Without a graphics card a frame takes a tenth of a second and more. A browser that is given more waits, and the keys of
 * the officer wait with it. So the frames that the map asks for are put off, too, and those of the meantime become one.
 */
export class Card {
  #fence: WebGLSync | null = null;
  #context: WebGL2RenderingContext | null = null;
  #timer = 0;

  constructor(private readonly map: GlMap) {
    const soon = map.triggerRepaint.bind(map);
    const later = (): void => {
      if (!this.#timer && this.isBusy()) this.#timer = window.setTimeout(() => this.#ask(later), BUSY_MS);
      else if (!this.#timer) soon();
    };
    map.triggerRepaint = later;
    map.on("render", () => this.#begun());
  }

  isBusy(): boolean {
    const gl = this.#gl();
    if (!gl || !this.#fence || gl.isContextLost()) return false;
    if (gl.getSyncParameter(this.#fence, gl.SYNC_STATUS) !== gl.SIGNALED) return true;
    gl.deleteSync(this.#fence);
    this.#fence = null;
    return false;
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #ask(later: () => void): void {
    this.#timer = 0;
    later();
  }

  /** A frame has been given to the card. */
  #begun(): void {
    const gl = this.#gl();
    if (!gl || gl.isContextLost()) return;
    if (this.#fence) gl.deleteSync(this.#fence);
    this.#fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
  }

  #gl(): WebGL2RenderingContext | null {
    this.#context ??= this.map.getCanvas().getContext("webgl2"); // the one that the map has
    return this.#context;
  }
}
