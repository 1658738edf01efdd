/** Draws particles and their trails with WebGL: one buffer for each frame, which stays on the graphics card. */

import {
  BufferAttribute,
  DataTexture,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  BufferGeometry,
  LinearFilter,
  Matrix3,
  Mesh,
  NearestFilter,
  Points,
  Scene,
  ShaderMaterial,
  SRGBColorSpace,
  NoColorSpace,
  Vector2,
  Vector3,
  WebGLRenderer,
  type Camera,
  type IUniform,
} from "three";
import { TABLE_SIZE, colourTable, colourWithoutValue } from "./colours";
import type { Moment } from "./clock";
import type { Choice } from "./page_data";
import { dotFragment, dotVertex, trailFragment, trailVertex } from "./shaders";
import type { Scale } from "./space";
import type { Particles } from "./unpack";

/** Particles that can leave trails; of more, the first ones do, which are spread evenly. */
export const MOST_TRAILS = 2000;
/** Pieces of a trail; longer trails go through fewer frames. */
export const MOST_PIECES = 64;
/** Particles up to which rims of dots are smooth; more are dots of a few pixels, and smoothing takes its time. */
const MOST_SMOOTH = 20_000;
const MOST_PIXELS_PER_PIXEL = 2;
const TRAIL_WIDTH = 1.6;

export class ParticleView {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly shared: Record<string, IUniform>;
  private readonly dots: Points<BufferGeometry, ShaderMaterial>;
  private readonly pieces: Mesh<InstancedBufferGeometry, ShaderMaterial>[] = [];
  private readonly frames: (BufferAttribute | undefined)[];
  private readonly trailFrames: (InstancedBufferAttribute | undefined)[];
  private readonly values = new Map<string, BufferAttribute>();
  private readonly crossings = new Map<string, BufferAttribute>();
  private choice: Choice | undefined;
  /** Frames that trails reach back. */
  trailLength = 0;

  /** Throws where there is no WebGL. */
  constructor(
    canvas: HTMLCanvasElement,
    private readonly particles: Particles,
    private readonly scale: Scale,
  ) {
    const isSmooth = particles.count <= MOST_SMOOTH;
    this.renderer = new WebGLRenderer({
      canvas,
      alpha: true,
      antialias: isSmooth,
      powerPreference: "high-performance",
    });
    this.renderer.sortObjects = false; // trails come after dots in any case, and places in steps have no meaning for it
    this.renderer.outputColorSpace = SRGBColorSpace;
    this.shared = {
      size: { value: new Vector3(...scale.size) },
      centre: { value: new Vector3(...scale.centre) },
      radii: { value: new Vector2(0, 1) },
      valueMost: { value: 65535 },
      isRadius: { value: false },
      colours: { value: new DataTexture(new Uint8Array(4 * TABLE_SIZE), TABLE_SIZE, 1) },
      withoutValue: { value: new Vector3(...colourWithoutValue().map((part) => part / 255)) },
      pointSize: { value: 2 },
      viewport: { value: new Vector2(1, 1) },
      trailWidth: { value: TRAIL_WIDTH },
    };
    this.frames = new Array(particles.places.length);
    this.trailFrames = new Array(particles.places.length);
    const own = { part: { value: 0 }, toBox: { value: new Matrix3() } };
    this.dots = new Points(new BufferGeometry(), this.material(dotVertex, dotFragment, own));
    this.dots.material.alphaToCoverage = isSmooth;
    this.dots.frustumCulled = false;
    this.scene.add(this.dots);
  }

  /** Sets what the particles are coloured by. */
  colourBy(choice: Choice, isDark: boolean): void {
    this.choice = choice;
    const texture = new DataTexture(colourTable(choice, isDark), TABLE_SIZE, 1);
    texture.colorSpace = NoColorSpace;
    texture.minFilter = texture.magFilter = choice.names ? NearestFilter : LinearFilter;
    texture.needsUpdate = true;
    (this.shared["colours"]!.value as DataTexture).dispose();
    this.shared["colours"]!.value = texture;
    this.shared["valueMost"]!.value = choice.carried === "series" ? 255 : 65535;
    this.shared["isRadius"]!.value = choice.carried === "radius";
    (this.shared["radii"]!.value as Vector2).set(choice.low / this.scale.unit, choice.high / this.scale.unit);
  }

  /** Fits the drawing to its canvas, of this width and height in CSS pixels. */
  resize(width: number, height: number, pixelRatio: number): void {
    this.renderer.setPixelRatio(Math.min(MOST_PIXELS_PER_PIXEL, pixelRatio));
    this.renderer.setSize(width, height, false);
    this.renderer.getDrawingBufferSize(this.shared["viewport"]!.value as Vector2);
    this.shared["trailWidth"]!.value = TRAIL_WIDTH * this.renderer.getPixelRatio();
  }

  /** Draws one moment; dots have this diameter in CSS pixels. */
  draw(moment: Moment, camera: Camera, diameter: number): void {
    if (this.particles.count === 0) {
      this.renderer.clear();
      return;
    }
    this.shared["pointSize"]!.value = Math.max(1, diameter * this.renderer.getPixelRatio());
    const { frame, part } = moment;
    const geometry = this.dots.geometry;
    geometry.setAttribute("position", this.frame(frame));
    geometry.setAttribute("next", this.frame(part > 0 ? frame + 1 : frame));
    geometry.setAttribute("crossed", this.crossedBetween(frame, part > 0 ? frame + 1 : frame));
    geometry.setAttribute("value", this.valuesOf(frame));
    this.dots.material.uniforms["part"]!.value = part;
    this.setBox(this.dots.material, frame, part > 0 ? frame + 1 : frame);
    this.placeTrails(moment);
    this.renderer.render(this.scene, camera);
  }

  // ------------------------------------------------------------ trails

  /** Frames between the ends of a piece of the trails. */
  get trailStride(): number {
    return Math.max(1, Math.ceil(this.trailLength / MOST_PIECES));
  }

  private placeTrails({ frame, part }: Moment): void {
    const stride = this.trailStride;
    // The ends of pieces stay at the same frames while time goes by, so that trails do not flicker.
    const ends: number[] = this.trailLength > 0 ? [frame] : [];
    for (
      let end = frame - (frame % stride || stride);
      end >= frame - this.trailLength && end >= 0 && this.trailLength > 0;
      end -= stride
    ) {
      ends.push(end);
    }
    const pieces: [number, number, number][] = ends.slice(1).map((from, index) => [from, ends[index]!, 1]);
    if (part > 0 && this.trailLength > 0) {
      pieces.unshift([frame, frame + 1, part]);
    }
    for (const [index, [from, to, upTo]] of pieces.entries()) {
      const piece = this.piece(index);
      piece.visible = true;
      piece.geometry.setAttribute("from", this.trailFrame(from));
      piece.geometry.setAttribute("to", this.trailFrame(to));
      piece.geometry.setAttribute("crossed", this.crossedBetween(from, to, true));
      piece.geometry.setAttribute("value", this.valuesOf(frame, true));
      piece.material.uniforms["part"]!.value = upTo;
      this.setBox(piece.material, from, to);
      piece.material.uniforms["fade"]!.value = 0.75 * (1 - (frame - from) / (this.trailLength + 1)) + 0.05;
    }
    for (const piece of this.pieces.slice(pieces.length)) {
      piece.visible = false;
    }
  }

  private piece(index: number): Mesh<InstancedBufferGeometry, ShaderMaterial> {
    const found = this.pieces[index];
    if (found) {
      return found;
    }
    const geometry = new InstancedBufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(new Float32Array([0, -1, 0, 0, 1, 0, 1, -1, 0, 1, 1, 0]), 3));
    geometry.setIndex([0, 2, 1, 1, 2, 3]);
    geometry.instanceCount = Math.min(MOST_TRAILS, this.particles.count);
    const material = this.material(trailVertex, trailFragment, {
      part: { value: 1 },
      fade: { value: 1 },
      toBox: { value: new Matrix3() },
    });
    material.transparent = true;
    material.depthWrite = false;
    const piece = new Mesh(geometry, material);
    piece.frustumCulled = false;
    this.scene.add(piece);
    this.pieces.push(piece);
    return piece;
  }

  // ------------------------------------------------------------ buffers

  private material(vertexShader: string, fragmentShader: string, own: Record<string, IUniform>): ShaderMaterial {
    return new ShaderMaterial({
      vertexShader,
      fragmentShader,
      uniforms: { ...this.shared, ...own },
      toneMapped: false,
    });
  }

  /** Sets the box by which is told who goes through a periodic face between two frames. */
  private setBox(material: ShaderMaterial, frame: number, other: number): void {
    const box = this.scale.toBox(frame, other) as Parameters<Matrix3["set"]>;
    (material.uniforms["toBox"]!.value as Matrix3).set(...box);
  }

  private frame(number: number): BufferAttribute {
    return (this.frames[number] ??= new BufferAttribute(this.particles.places[number]!, this.particles.stride, true));
  }

  private trailFrame(number: number): InstancedBufferAttribute {
    const { places, stride, count } = this.particles;
    const first = () => places[number]!.slice(0, stride * Math.min(MOST_TRAILS, count));
    return (this.trailFrames[number] ??= new InstancedBufferAttribute(first(), stride, true));
  }

  /** Who is told to go through a periodic face between two frames; nobody where the run does not tell. */
  private crossedBetween(frame: number, other: number, isTrail = false): BufferAttribute {
    const frames = this.particles.crossed.slice(frame + 1, other + 1);
    const key = frames.length > 0 ? `${frame} ${other} ${isTrail}` : `${isTrail}`;
    let found = this.crossings.get(key);
    if (!found) {
      const count = isTrail ? Math.min(MOST_TRAILS, this.particles.count) : this.particles.count;
      const any = Uint8Array.from({ length: count }, (_, row) => Math.max(0, ...frames.map((one) => one[row]!)));
      found = isTrail ? new InstancedBufferAttribute(any, 1) : new BufferAttribute(any, 1);
      this.crossings.set(key, found);
    }
    return found;
  }

  /** What is coloured by: for dots, or for the particles that leave trails. Radii need none, but a shader needs something. */
  private valuesOf(frame: number, isTrail = false): BufferAttribute {
    const name = this.choice?.name ?? "";
    const arrays = this.particles.values.get(name);
    const index = arrays && arrays.length > 1 ? frame : 0;
    const key = `${name} ${index} ${isTrail}`;
    let found = this.values.get(key);
    if (!found) {
      const { count } = this.particles;
      const all = arrays?.[index] ?? new Uint8Array(count);
      found = isTrail
        ? new InstancedBufferAttribute(all.slice(0, MOST_TRAILS), 1, true)
        : new BufferAttribute(all, 1, true);
      this.values.set(key, found);
    }
    return found;
  }
}
