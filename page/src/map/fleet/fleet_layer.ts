/**
 * All vessels as one layer of the map: one buffer, two draws, and the vessels move between updates in the shader.
 *
 * Not deck.gl, which was tried first: its MapboxOverlay 9.4 reads `map.transform.height`, which MapLibre 6 no longer has,
 * so that interleaved it throws at every frame and draws nothing; and it costs 160 kB packed. This needs no library.
 */

import type { CustomLayerInterface, CustomRenderMethodInput, Map as GlMap } from "maplibre-gl";
import { MARK_BYTES, type Marks, steps } from "./marks";
import { FRAGMENT, VERTEX } from "./shaders";

export type Rgb = readonly [number, number, number];

/** What the layer is to be drawn with; set before each frame. */
export interface FleetFrame {
  sinceS: number;
  fade: number;
  colours: readonly Rgb[];
}

type Uniform = "u_centre" | "u_step" | "u_metre" | "u_size" | "u_since" | "u_base" | "u_pass" | "u_colours" | "u_fade";
const UNIFORMS = ["u_centre", "u_step", "u_metre", "u_size", "u_since", "u_base", "u_pass", "u_colours", "u_fade"];
const EARTH_M = 2 * Math.PI * 6_378_137;
const TILE_PX = 512;

export class FleetLayer implements CustomLayerInterface {
  readonly id = "fleet";
  readonly type = "custom";
  #map: GlMap | null = null;
  #program: WebGLProgram | null = null;
  #array: WebGLVertexArrayObject | null = null;
  #buffer: WebGLBuffer | null = null;
  #at: Partial<Record<Uniform | "u_crisp", WebGLUniformLocation | null>> = {};
  #room = 0;
  #stale = true;

  constructor(
    private readonly marks: Marks,
    private readonly frame: () => FleetFrame,
  ) {}

  onAdd(map: GlMap): void {
    this.#map = map;
    this.#program = null;
  }

  onRemove(_map: GlMap, gl: WebGL2RenderingContext): void {
    gl.deleteBuffer(this.#buffer);
    gl.deleteVertexArray(this.#array);
    gl.deleteProgram(this.#program);
    this.#program = null;
  }

  /** The marks have changed: send them to the card before the next frame. */
  changed(): void {
    this.#stale = true;
    this.#map?.triggerRepaint();
  }

  render(gl: WebGL2RenderingContext, _input: CustomRenderMethodInput): void {
    if (!this.#map || !this.marks.count) return;
    if (!this.#program || !gl.isProgram(this.#program)) this.#prepare(gl); // also after a lost context
    gl.useProgram(this.#program);
    gl.bindVertexArray(this.#array);
    if (this.#stale) this.#send(gl);
    this.#look(gl, this.#map);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);
    for (const pass of [0, 1]) {
      gl.uniform1i(this.#at.u_pass!, pass);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.marks.count);
    }
    gl.bindVertexArray(null);
  }

  #look(gl: WebGL2RenderingContext, map: GlMap): void {
    const { lng, lat } = map.getCenter();
    const { sinceS, fade, colours } = this.frame();
    const zoom = map.getZoom();
    const worldPx = TILE_PX * 2 ** zoom;
    const [x, y] = steps(lng, lat);
    const canvas = map.getCanvas();
    gl.uniform2ui(this.#at.u_centre!, x, y);
    gl.uniform1f(this.#at.u_step!, worldPx / 2 ** 32);
    gl.uniform1f(this.#at.u_metre!, worldPx / (EARTH_M * Math.cos((lat * Math.PI) / 180)));
    gl.uniform2f(this.#at.u_size!, canvas.clientWidth, canvas.clientHeight);
    gl.uniform1f(this.#at.u_crisp!, canvas.clientWidth / canvas.width);
    gl.uniform1f(this.#at.u_since!, sinceS);
    gl.uniform1f(this.#at.u_base!, Math.min(11, Math.max(5, zoom)));
    gl.uniform1f(this.#at.u_fade!, fade);
    gl.uniform3fv(
      this.#at.u_colours!,
      colours.flatMap(([r, g, b]) => [r / 255, g / 255, b / 255]),
    );
  }

  #send(gl: WebGL2RenderingContext): void {
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    const { bytes, count } = this.marks;
    if (this.#room !== bytes.byteLength) {
      gl.bufferData(gl.ARRAY_BUFFER, bytes.byteLength, gl.DYNAMIC_DRAW);
      this.#room = bytes.byteLength;
    }
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, new Uint8Array(bytes, 0, count * MARK_BYTES));
    this.#stale = false;
  }

  #prepare(gl: WebGL2RenderingContext): void {
    const program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, FRAGMENT],
    ] as const) {
      const shader = gl.createShader(kind)!;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
      console.error("the vessels cannot be drawn", gl.getProgramInfoLog(program));
    this.#program = program;
    this.#at = Object.fromEntries([...UNIFORMS, "u_crisp"].map((name) => [name, gl.getUniformLocation(program, name)]));
    this.#arrange(gl);
    this.#stale = true;
    this.#room = 0;
  }

  #arrange(gl: WebGL2RenderingContext): void {
    this.#array = gl.createVertexArray();
    this.#buffer = gl.createBuffer();
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    gl.vertexAttribIPointer(0, 2, gl.UNSIGNED_INT, MARK_BYTES, 0);
    gl.vertexAttribPointer(1, 2, gl.FLOAT, false, MARK_BYTES, 8);
    gl.vertexAttribPointer(2, 1, gl.FLOAT, false, MARK_BYTES, 16);
    gl.vertexAttribIPointer(3, 2, gl.UNSIGNED_SHORT, MARK_BYTES, 20);
    gl.vertexAttribIPointer(4, 4, gl.UNSIGNED_BYTE, MARK_BYTES, 24);
    for (let at = 0; at < 5; at++) {
      gl.enableVertexAttribArray(at);
      gl.vertexAttribDivisor(at, 1);
    }
  }
}
