/** How the graphics card draws a vessel. Lengths are in pixels of the page, the y of a hull points to its bow. */

import { OLD_S, REACH_S } from "./reckon";

/** `OUT`: vessels with an alert and those chosen, in a larger square with the mark of the level around. */
const vertex = (isOut: boolean): string => `#version 300 es
${isOut ? "#define OUT" : ""}
precision highp float;
layout(location = 0) in uvec2 a_place;
layout(location = 1) in vec2 a_velocity;
layout(location = 2) in float a_age;
layout(location = 3) in uvec2 a_ship; // direction in hundredths of a degree, length in metres
layout(location = 4) in uvec4 a_mark; // form, level, flags

uniform uvec2 u_centre;
uniform float u_step; // pixels a step of 2^-32 of the world
uniform float u_metre; // pixels a metre
uniform vec2 u_size; // of the map, pixels
uniform float u_since; // seconds since the time of the picture
uniform float u_base; // half the length of a mark, pixels

out vec2 v_hull; // pixels from the vessel, turned so that y is to the bow
flat out vec3 v_size; // half its length, opacity, 1 = only its outline
flat out float v_lying;
flat out vec4 v_form; // most width, taper of the bow, taper of the stern, gap; in half lengths
#ifdef OUT
out vec2 v_at; // the same, y to the north
flat out uvec3 v_mark; // level, silenced, chosen
#endif

// Forms of hulls, in the order of FORM in marks.ts. -1 as a gap is none.
const vec4 FORMS[6] = vec4[6](
  vec4(0.62, 0.34, 9.0, -1.0), // other: an arrow head
  vec4(0.42, 0.6, 9.0, -1.0), // cargo: long
  vec4(0.42, 0.6, 9.0, 0.14), // tanker: long, with a gap across
  vec4(0.4, 0.28, 9.0, -1.0), // passenger: slender
  vec4(0.62, 0.62, 0.62, -1.0), // fishing: a lozenge
  vec4(0.55, 1.65, 9.0, -1.0)); // service, military: broad
const vec4 ROUND = vec4(-1.0);

void main() {
  bool turned = a_ship.x != 65535u, lying = (a_mark.z & 1u) != 0u;
  v_lying = lying ? 1.0 : 0.0;
  float age = a_age + u_since;
  float halfLength = max(u_base, turned ? float(a_ship.y) * 0.5 * u_metre : 0.0);
  v_form = FORMS[min(a_mark.x, 5u)];
  if (lying && halfLength < 12.0) {
    v_form = ROUND;
    halfLength = max(2.0, halfLength * 0.42);
  } else if (!turned) {
    v_form = ROUND;
    halfLength *= 0.55;
  }
  float fade = mix(1.0, 0.55, clamp((age - ${REACH_S.toFixed(1)}) / ${(OLD_S - REACH_S).toFixed(1)}, 0.0, 1.0));
  bool old = age > ${OLD_S.toFixed(1)};
  v_size = vec3(halfLength, old ? 0.8 : fade, old || (!turned && !lying) ? 1.0 : 0.0);

  vec2 away = vec2(ivec2(a_place - u_centre)) * vec2(1.0, 2.0);
  away += a_velocity * clamp(age, 0.0, ${REACH_S.toFixed(1)});
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
  float turn = turned ? radians(float(a_ship.x) * 0.01) : 0.0;
  float s = sin(turn), c = cos(turn);
#ifdef OUT
  vec2 at = corner * max(halfLength + 2.0, 23.0);
  v_at = at;
  v_hull = vec2(at.x * c - at.y * s, at.x * s + at.y * c);
  v_mark = uvec3(a_mark.y, (a_mark.z >> 1) & 1u, (a_mark.z >> 2) & 1u);
#else
  // As little as can be: without a graphics card each pixel counts.
  v_hull = corner * (vec2(v_form.x < 0.0 ? 1.0 : v_form.x, 1.0) * halfLength + 1.7);
  vec2 at = vec2(v_hull.x * c + v_hull.y * s, v_hull.y * c - v_hull.x * s);
#endif
  vec2 pixel = away * u_step + vec2(at.x, -at.y);
  gl_Position = vec4(pixel / (0.5 * u_size) * vec2(1.0, -1.0), 0.0, 1.0);
}`;

const HULL = `
precision highp float;
in vec2 v_hull;
flat in vec3 v_size;
flat in vec4 v_form;

uniform vec3 u_colours[7]; // vessel, lying, halo, caution, warning, alarm, chosen
uniform float u_fade; // 1 = the picture is of now, less = it is old
uniform float u_crisp; // pixels of the page a pixel of the screen
out vec4 colour;

// Distance in pixels to the edge of the hull, negative within.
float hull() {
  if (v_form.x < 0.0) return length(v_hull) - v_size.x;
  vec2 q = vec2(abs(v_hull.x), v_hull.y) / v_size.x;
  float wide = min(v_form.x, min(v_form.y * (1.0 - q.y), v_form.z * (1.0 + q.y)));
  return max(max(q.x - wide, abs(q.y) - 1.0), v_form.w - abs(q.y + 0.25)) * v_size.x;
}
float cover(float d) { return clamp(0.5 - d / u_crisp, 0.0, 1.0); }
void lay(vec3 rgb, float alpha) { colour = vec4(rgb * alpha, alpha) + colour * (1.0 - alpha); }
void ship(vec3 own) {
  float d = hull();
  lay(u_colours[2], cover(d - 1.2) * 0.85 * v_size.y);
  lay(own, (cover(d) - v_size.z * cover(d + 1.6)) * v_size.y);
}
`;

const PLAIN_FRAGMENT = `#version 300 es
${HULL}
flat in float v_lying;
void main() {
  colour = vec4(0.0);
  ship(v_lying > 0.5 ? u_colours[1] : u_colours[0]);
  colour *= u_fade;
}`;

const OUT_FRAGMENT = `#version 300 es
${HULL}
in vec2 v_at;
flat in uvec3 v_mark;
flat in float v_lying;

float ring(float d, float wide) { return abs(d) - 0.5 * wide; }

// Edge of the mark of a level: circle, triangle, square.
float edge_of(vec2 p) {
  if (v_mark.x == 1u) return length(p) - 13.0;
  if (v_mark.x == 2u) return max(abs(p.x) * 0.866 + (p.y - 2.0) * 0.5, 2.0 - p.y) - 9.5;
  return max(abs(p.x), abs(p.y)) - 12.0;
}

void main() {
  colour = vec4(0.0);
  bool silenced = v_mark.y != 0u;
  vec3 level = u_colours[2 + int(v_mark.x)];
  if (v_mark.x > 0u) {
    float edge = edge_of(v_at);
    float dash = silenced ? step(0.5, fract(atan(v_at.x, v_at.y) * 2.5465)) : 1.0; // 16 dashes
    lay(level, cover(edge) * (silenced ? 0.06 : 0.2));
    lay(u_colours[2], cover(ring(edge, 4.5)) * 0.7 * dash);
    lay(level, cover(ring(edge, 2.5)) * dash);
  }
  if (v_mark.z != 0u) {
    float edge = length(v_at) - 19.0;
    float part = step(0.35, abs(fract(atan(v_at.x, v_at.y) / 1.5708) - 0.5) * 2.0); // four arcs
    lay(u_colours[2], cover(ring(edge, 5.0)) * 0.8 * part);
    lay(u_colours[6], cover(ring(edge, 3.0)) * part);
  }
  ship(v_mark.x > 0u && !silenced ? level : v_lying > 0.5 ? u_colours[1] : u_colours[0]);
  colour *= u_fade;
}`;

export const PLAIN = [vertex(false), PLAIN_FRAGMENT] as const;
export const OUT = [vertex(true), OUT_FRAGMENT] as const;
