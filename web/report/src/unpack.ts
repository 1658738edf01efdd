/** Unpacks the particles of the page. scripts/orrery/page/packing.py says how they are packed. */

import { takeGroup, type Contents } from "./page_data";

/** Steps of a coordinate; one more stands for a particle without a finite position. */
export const STEPS = 65534;

export interface Particles {
  count: number;
  /** Numbers of a particle in `places`: 2 in the plane, in space 4, of which the last is idle: cards like even strides. */
  stride: 2 | 4;
  /** Places of all particles in each frame, in steps along each axis: [frames][count * stride]. */
  places: Uint16Array<ArrayBuffer>[];
  /** Numbers to colour by, in steps of the scale: by name one array, or one for each frame. None of radii. */
  values: Map<string, (Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer>)[]>;
  /** Of each frame 1 for particles that went through a periodic face since the frame before; empty if nobody says. */
  crossed: Uint8Array<ArrayBuffer>[];
  /** Particles without a finite position in each frame. */
  hidden: number[];
}

/** Unpacks all groups, one after the other, and tells after each what part is done, 0 to 1. */
export async function unpack(contents: Contents, progress: (done: number) => void): Promise<Particles> {
  const groups = contents.particles.groups;
  const count = groups.reduce((sum, size) => sum + size, 0);
  const particles = emptyParticles(contents, count);
  let first = 0;
  for (const [number, size] of groups.entries()) {
    if (size > 0) {
      unpackGroup(contents, await inflate(takeGroup(number), groupBytes(contents, size)), size, first, particles);
    }
    first += size;
    progress(first / Math.max(1, count));
    // Lets the browser show how far it is.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return particles;
}

function emptyParticles(contents: Contents, count: number): Particles {
  const frames = contents.frames.numbers;
  const stride = contents.space.axes === 2 ? 2 : 4;
  const values: Particles["values"] = new Map();
  for (const choice of contents.choices) {
    if (choice.carried === "column") {
      values.set(choice.name, [new Uint16Array(count)]);
    } else if (choice.carried === "series") {
      values.set(
        choice.name,
        frames.map(() => new Uint8Array(count)),
      );
    }
  }
  return {
    count,
    stride,
    places: frames.map(() => new Uint16Array(count * stride)),
    values,
    crossed: contents.space.hasImages ? frames.map(() => new Uint8Array(count)) : [],
    hidden: frames.map(() => 0),
  };
}

function groupBytes(contents: Contents, size: number): number {
  const columns = contents.choices.filter((choice) => choice.carried === "column").length;
  const series = contents.choices.filter((choice) => choice.carried === "series").length;
  const octets = series + (contents.space.hasImages ? 1 : 0);
  const frame = contents.space.axes * (2 * size + 1) + octets * (size + 1);
  return columns * (2 * size + 1) + contents.frames.numbers.length * frame;
}

async function inflate(packed: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  if (bytes.length !== size) {
    throw new Error("the particles in the page are damaged; make it again with scripts/report");
  }
  return bytes;
}

/** Puts the particles of a group, `size` of them, into rows `first` and up. */
function unpackGroup(contents: Contents, bytes: Uint8Array, size: number, first: number, into: Particles): void {
  const { axes } = contents.space;
  const { stride } = into;
  let at = 0;
  const words = (target: Uint16Array, start: number, step: number, before?: Uint16Array, beforeThat?: Uint16Array) => {
    const way = bytes[at] ?? 0;
    const low = at + 1;
    const high = low + size;
    at = high + size;
    for (let row = 0, place = start; row < size; row++, place += step) {
      const packed = bytes[low + row]! | (bytes[high + row]! << 8);
      target[place] = foretold(way, packed, before?.[place] ?? 0, beforeThat?.[place] ?? 0);
    }
  };
  const octets = (target: Uint8Array, before?: Uint8Array, beforeThat?: Uint8Array) => {
    const way = bytes[at] ?? 0;
    for (let row = 0; row < size; row++) {
      const place = first + row;
      target[place] = foretold(way, bytes[at + 1 + row]!, before?.[place] ?? 0, beforeThat?.[place] ?? 0);
    }
    at += 1 + size;
  };
  for (const choice of contents.choices) {
    if (choice.carried === "column") {
      words(into.values.get(choice.name)![0] as Uint16Array, first, 1);
    }
  }
  for (const [frame, places] of into.places.entries()) {
    for (let axis = 0; axis < axes; axis++) {
      words(places, first * stride + axis, stride, into.places[frame - 1], into.places[frame - 2]);
    }
    if (contents.space.hasImages) {
      octets(into.crossed[frame]!);
    }
    for (const choice of contents.choices) {
      if (choice.carried === "series") {
        const series = into.values.get(choice.name) as Uint8Array[];
        octets(series[frame]!, series[frame - 1], series[frame - 2]);
      }
    }
    for (let row = first; row < first + size; row++) {
      if (places[row * stride]! > STEPS) {
        into.hidden[frame]!++;
      }
    }
  }
}

/** The number that was packed. Arrays take it modulo the numbers that they can hold. */
function foretold(way: number, packed: number, before: number, beforeThat: number): number {
  if (way === 0) {
    return packed;
  }
  const difference = (packed >>> 1) ^ -(packed & 1);
  return way === 1 ? before + difference : 2 * before - beforeThat + difference;
}
