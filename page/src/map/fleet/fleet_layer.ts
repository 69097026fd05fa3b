/**
 * All vessels as one layer of the map: one buffer, two draws, and the vessels move between updates in the shader.
 *
 * Not deck.gl, which was tried first: its MapboxOverlay 9.4 reads `map.transform.height`, which MapLibre 6 no longer has,
 * so that interleaved it throws at every frame and draws nothing; and it costs 160 kB packed. This needs no library.
 */

import type { CustomLayerInterface, CustomRenderMethodInput, Map as GlMap } from "maplibre-gl";
import { MARK_BYTES, type Marks, steps } from "./marks";
import { OUT, PLAIN } from "./shaders";

export type Rgb = readonly [number, number, number];

/** What the layer is to be drawn with; set before each frame. */
export interface FleetFrame {
  sinceS: number;
  fade: number;
  colours: readonly Rgb[];
}

const UNIFORMS = [
  "u_centre",
  "u_step",
  "u_metre",
  "u_size",
  "u_since",
  "u_base",
  "u_colours",
  "u_fade",
  "u_crisp",
] as const;
type Uniforms = Record<(typeof UNIFORMS)[number], WebGLUniformLocation | null>;

interface Program {
  program: WebGLProgram;
  at: Uniforms;
}

const EARTH_M = 2 * Math.PI * 6_378_137;
const TILE_PX = 512;
/** So many vessels cover each other, and a machine without a graphics card: their marks are drawn smaller. */
const CROWD = 5000;
const CROWDED_SIZE = 0.65;

export class FleetLayer implements CustomLayerInterface {
  readonly id = "fleet";
  readonly type = "custom";
  #map: GlMap | null = null;
  #plain: Program | null = null;
  #out: Program | null = null;
  #array: WebGLVertexArrayObject | null = null;
  #buffer: WebGLBuffer | null = null;
  #room = 0;
  #stale = true;

  constructor(
    private readonly marks: Marks,
    private readonly frame: () => FleetFrame,
  ) {}

  onAdd(map: GlMap): void {
    this.#map = map;
    this.#plain = null;
    map.on("webglcontextrestored", this.#lose);
  }

  /** What the card held is gone: all is made again with the next frame. */
  readonly #lose = (): void => {
    this.#plain = this.#out = null;
  };

  onRemove(map: GlMap, gl: WebGL2RenderingContext): void {
    map.off("webglcontextrestored", this.#lose);
    gl.deleteBuffer(this.#buffer);
    gl.deleteVertexArray(this.#array);
    for (const made of [this.#plain, this.#out]) if (made) gl.deleteProgram(made.program);
    this.#plain = this.#out = null;
  }

  /** The marks have changed: they are sent to the card with the next frame. */
  changed(): void {
    this.#stale = true;
  }

  render(gl: WebGL2RenderingContext, _input: CustomRenderMethodInput): void {
    const { count, firstOut } = this.marks;
    if (!this.#map || !count) return;
    if (!this.#plain) this.#prepare(gl); // asking the card (isProgram) would wait for all that it still has to draw
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    if (this.#stale) this.#send(gl);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);
    this.#draw(gl, this.#plain!, 0, firstOut);
    this.#draw(gl, this.#out!, firstOut, count);
    gl.bindVertexArray(null);
  }

  #draw(gl: WebGL2RenderingContext, { program, at }: Program, from: number, to: number): void {
    if (to <= from) return;
    gl.useProgram(program);
    this.#look(gl, this.#map!, at);
    this.#arrange(gl, from * MARK_BYTES);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, to - from);
  }

  #look(gl: WebGL2RenderingContext, map: GlMap, at: Uniforms): void {
    const { lng, lat } = map.getCenter();
    const { sinceS, fade, colours } = this.frame();
    const zoom = map.getZoom();
    const worldPx = TILE_PX * 2 ** zoom;
    const [x, y] = steps(lng, lat);
    const canvas = map.getCanvas();
    const crowded = this.marks.count > CROWD ? CROWDED_SIZE : 1;
    gl.uniform2ui(at.u_centre, x, y);
    gl.uniform1f(at.u_step, worldPx / 2 ** 32);
    gl.uniform1f(at.u_metre, worldPx / (EARTH_M * Math.cos((lat * Math.PI) / 180)));
    gl.uniform2f(at.u_size, canvas.clientWidth, canvas.clientHeight);
    gl.uniform1f(at.u_crisp, canvas.clientWidth / canvas.width);
    gl.uniform1f(at.u_since, sinceS);
    gl.uniform1f(at.u_base, Math.min(11, Math.max(5.5, zoom)) * crowded);
    gl.uniform1f(at.u_fade, fade);
    gl.uniform3fv(
      at.u_colours,
      colours.flatMap(([r, g, b]) => [r / 255, g / 255, b / 255]),
    );
  }

  #send(gl: WebGL2RenderingContext): void {
    const { bytes, count } = this.marks;
    if (this.#room !== bytes.byteLength) {
      gl.bufferData(gl.ARRAY_BUFFER, bytes.byteLength, gl.DYNAMIC_DRAW);
      this.#room = bytes.byteLength;
    }
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, new Uint8Array(bytes, 0, count * MARK_BYTES));
    this.#stale = false;
  }

  #prepare(gl: WebGL2RenderingContext): void {
    this.#plain = compiled(gl, PLAIN);
    this.#out = compiled(gl, OUT);
    this.#array = gl.createVertexArray();
    this.#buffer = gl.createBuffer();
    gl.bindVertexArray(this.#array);
    for (let at = 0; at < 5; at++) {
      gl.enableVertexAttribArray(at);
      gl.vertexAttribDivisor(at, 1);
    }
    this.#stale = true;
    this.#room = 0;
  }

  #arrange(gl: WebGL2RenderingContext, from: number): void {
    gl.vertexAttribIPointer(0, 2, gl.UNSIGNED_INT, MARK_BYTES, from);
    gl.vertexAttribPointer(1, 2, gl.FLOAT, false, MARK_BYTES, from + 8);
    gl.vertexAttribPointer(2, 1, gl.FLOAT, false, MARK_BYTES, from + 16);
    gl.vertexAttribIPointer(3, 2, gl.UNSIGNED_SHORT, MARK_BYTES, from + 20);
    gl.vertexAttribIPointer(4, 4, gl.UNSIGNED_BYTE, MARK_BYTES, from + 24);
  }
}

function compiled(gl: WebGL2RenderingContext, [vertex, fragment]: readonly [string, string]): Program {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  const at = Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)])) as Uniforms;
  return { program, at };
}
