/** How the graphics card draws a vessel. Lengths are in pixels of the page, the y of a hull points to its bow. */

import { OLD_S, REACH_S } from "./reckon";

export const VERTEX = `#version 300 es
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
uniform int u_pass; // 0 vessels without an alert, 1 those with one and those selected

out vec2 v_at; // pixels from the vessel, y to the north
out vec2 v_hull; // the same, turned so that y is to the bow
flat out float v_half; // half its length
flat out uvec4 v_mark;
flat out float v_age;
flat out int v_turned;

void main() {
  bool stands_out = a_mark.y > 0u || (a_mark.z & 4u) != 0u;
  v_mark = a_mark;
  v_age = a_age + u_since;
  v_turned = a_ship.x == 65535u ? 0 : 1;
  v_half = max(u_base, v_turned == 1 ? float(a_ship.y) * 0.5 * u_metre : 0.0);
  if (stands_out != (u_pass == 1)) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    return;
  }
  vec2 away = vec2(ivec2(a_place - u_centre)) * vec2(1.0, 2.0);
  away += a_velocity * clamp(v_age, 0.0, ${REACH_S.toFixed(1)});
  float reach = max(v_half + 3.0, stands_out ? 23.0 : 0.0);
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
  v_at = corner * reach;
  float turn = radians(float(a_ship.x) * 0.01) * float(v_turned);
  v_hull = vec2(v_at.x * cos(turn) - v_at.y * sin(turn), v_at.x * sin(turn) + v_at.y * cos(turn));
  vec2 pixel = away * u_step + vec2(v_at.x, -v_at.y);
  gl_Position = vec4(pixel / (0.5 * u_size) * vec2(1.0, -1.0), 0.0, 1.0);
}`;

export const FRAGMENT = `#version 300 es
precision highp float;
in vec2 v_at;
in vec2 v_hull;
flat in float v_half;
flat in uvec4 v_mark;
flat in float v_age;
flat in int v_turned;

uniform vec3 u_colours[7]; // vessel, lying, halo, caution, warning, alarm, selected
uniform float u_fade; // 1 = the picture is of now, less = it is old
uniform float u_crisp; // pixels of the page a pixel of the screen
out vec4 colour;

// Distance in pixels to the edge of the hull, negative within.
float hull(vec2 p) {
  vec2 q = vec2(abs(p.x), p.y) / v_half;
  uint form = v_mark.x;
  float wide;
  if (form == 1u || form == 2u) wide = 0.42 * min(1.0, (1.0 - q.y) * 1.4); // cargo, tanker: a long hull
  else if (form == 3u) wide = 0.24 * (1.0 - q.y) + max(0.0, -q.y - 0.6); // passenger: slender
  else if (form == 4u) wide = 0.62 * (1.0 - abs(q.y)); // fishing: a lozenge
  else if (form == 5u) wide = 0.55 * min(1.0, (1.0 - q.y) * 3.0); // service, military: broad
  else wide = 0.34 * (1.0 - q.y); // others: an arrow head
  float d = max(q.x - wide, abs(q.y) - 1.0);
  if (form == 2u) d = max(d, 0.13 - abs(q.y + 0.25)); // tanker: a gap across
  if (form == 0u) d = max(d, -(q.x * 1.1 + 0.62) - q.y); // others: a notch astern
  return d * v_half;
}

float ring(float d, float wide) { return abs(d) - 0.5 * wide; }
float cover(float d) { return clamp(0.5 - d / u_crisp, 0.0, 1.0); }
void lay(vec3 rgb, float alpha) { colour = vec4(rgb * alpha, alpha) + colour * (1.0 - alpha); }

// Edge of the mark of a level: circle, triangle, square.
float level_edge(vec2 p) {
  if (v_mark.y == 1u) return length(p) - 13.0;
  if (v_mark.y == 2u) return max(abs(p.x) * 0.866 + p.y * 0.5, -p.y) - 9.5;
  return max(abs(p.x), abs(p.y)) - 12.0;
}

void main() {
  colour = vec4(0.0);
  bool lying = (v_mark.z & 1u) != 0u, silenced = (v_mark.z & 2u) != 0u, selected = (v_mark.z & 4u) != 0u;
  bool old = v_age > ${OLD_S.toFixed(1)};
  float age_fade = old ? 0.75 : mix(1.0, 0.55, clamp((v_age - ${REACH_S.toFixed(1)}) / ${(OLD_S - REACH_S).toFixed(1)}, 0.0, 1.0));
  vec3 level_rgb = u_colours[2 + int(v_mark.y)];
  if (v_mark.y > 0u) {
    float edge = level_edge(v_at - (v_mark.y == 2u ? vec2(0.0, 2.0) : vec2(0.0)));
    float dash = silenced ? step(0.5, fract(atan(v_at.x, v_at.y) * 2.5465)) : 1.0; // 16 dashes
    lay(level_rgb, cover(edge) * (silenced ? 0.06 : 0.2));
    lay(u_colours[2], cover(ring(edge, 4.5)) * 0.7 * dash);
    lay(level_rgb, cover(ring(edge, 2.5)) * dash);
  }
  if (selected) {
    float edge = length(v_at) - 19.0;
    float part = step(0.35, abs(abs(fract(atan(v_at.x, v_at.y) / 1.5708) - 0.5) - 0.0) * 2.0);
    lay(u_colours[2], cover(ring(edge, 5.0)) * 0.8 * part);
    lay(u_colours[6], cover(ring(edge, 3.0)) * part);
  }
  float d = lying && v_half < 12.0 ? length(v_at) - max(2.0, v_half * 0.42)
    : v_turned == 1 ? hull(v_hull) : length(v_at) - v_half * 0.55;
  vec3 own = v_mark.y > 0u && !silenced ? level_rgb : lying ? u_colours[1] : u_colours[0];
  float body = cover(d);
  float shape = old || (v_turned == 0 && !lying) ? body - cover(d + 1.6) : body;
  lay(u_colours[2], cover(d - 1.2) * 0.85 * age_fade);
  lay(own, shape * age_fade);
  colour *= u_fade;
}`;
