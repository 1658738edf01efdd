/** Programs for the graphics card. All work per particle is done there; the page only says which frames to draw. */

/** Where a particle is between two frames, and its colour. Both programs begin with this. */
const SHARED = /* glsl */ `
precision highp float;
uniform vec3 size;        // of the box around all particles, its longest edge is 1
uniform mat3 toBox;       // turns a displacement into parts of the periodic edges of the box of the run
uniform vec3 centre;      // what radii are measured from
uniform vec2 radii;       // radii at both ends of the scale of colours
uniform float valueMost;  // greatest number of the type that values have; stands for none
uniform bool isRadius;
uniform sampler2D colours;
uniform vec3 withoutValue;

bool isMissing(vec3 place) { return place.x > 65534.5 / 65535.0; }

vec3 world(vec3 place) { return (place * (65535.0 / 65534.0) - 0.5) * size; }

// A particle that left through a periodic face and came in at the other does not cross the box in between.
bool isJump(vec3 from, vec3 to, float crossed) {
  return crossed > 0.5 || any(greaterThan(abs(toBox * (to - from)), vec3(0.5)));
}

vec3 between(vec3 from, vec3 to, float crossed, float part) {
  return isJump(from, to, crossed) ? (part < 0.5 ? from : to) : mix(from, to, part);
}

vec3 colourOf(float value, vec3 at) {
  float fraction = value * valueMost / (valueMost - 1.0);
  if (isRadius) {
    fraction = (length(at - centre) - radii.x) / (radii.y - radii.x);
  } else if (value > (valueMost - 0.5) / valueMost) {
    return withoutValue;
  }
  return texture2D(colours, vec2(clamp(fraction, 0.0, 1.0), 0.5)).rgb;
}
`;

/** Particles as dots. Attributes: the places in this frame and in the next, and what to colour by. */
export const dotVertex = /* glsl */ `
${SHARED}
attribute vec3 next;
attribute float crossed;  // 1 for who is told to go through a periodic face on the way to the next frame
attribute float value;
uniform float part;
uniform float pointSize;
varying vec3 colour;

void main() {
  if (isMissing(position) || isMissing(next) && part > 0.0) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 0.0;
    return;
  }
  vec3 at = part > 0.0 ? between(world(position), world(next), crossed, part) : world(position);
  colour = colourOf(value, at);
  gl_Position = projectionMatrix * modelViewMatrix * vec4(at, 1.0);
  gl_PointSize = pointSize;
}
`;

export const dotFragment = /* glsl */ `
precision highp float;
uniform float pointSize;
varying vec3 colour;

void main() {
  // Distance from the rim in pixels; dots of few pixels stay squares, which can be told apart better than blurs.
  float inside = pointSize < 3.0 ? 1.0 : pointSize * (0.5 - length(gl_PointCoord - 0.5)) + 0.5;
  if (inside <= 0.0) discard;
  gl_FragColor = vec4(colour, min(1.0, inside));
}
`;

/** A piece of a trail: a strip between two frames. The corners say at which end and on which side they are. */
export const trailVertex = /* glsl */ `
${SHARED}
attribute vec3 from;
attribute vec3 to;
attribute float crossed;
attribute float value;
uniform float part;
uniform vec2 viewport;
uniform float trailWidth;
varying vec3 colour;

void main() {
  vec3 start = world(from);
  vec3 end = world(to);
  if (isMissing(from) || isMissing(to) || isJump(start, end, crossed)) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    return;
  }
  end = mix(start, end, part);
  colour = colourOf(value, end);
  vec4 a = projectionMatrix * modelViewMatrix * vec4(start, 1.0);
  vec4 b = projectionMatrix * modelViewMatrix * vec4(end, 1.0);
  vec2 along = (b.xy - a.xy) * viewport;
  along = length(along) > 1e-6 ? normalize(along) : vec2(1.0, 0.0);
  gl_Position = position.x < 0.5 ? a : b;
  gl_Position.xy += position.y * trailWidth * vec2(-along.y, along.x) / viewport;
  gl_Position.z += 1e-3;  // behind the dots
}
`;

export const trailFragment = /* glsl */ `
precision highp float;
uniform float fade;
varying vec3 colour;

void main() { gl_FragColor = vec4(colour, fade); }
`;
