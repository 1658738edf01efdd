/** The axes behind the particles: a grid with numbers in the plane, the edges of a box with numbers in space. */

import { Vector3 } from "three";
import type { Eye } from "./camera";
import { scaledUnit, tickTexts, ticks } from "./format";
import type { Scale } from "./space";

export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

const NAMES = ["x", "y", "z"] as const;
const FONT = "12px system-ui, sans-serif";
const PIXELS_PER_TICK = 70;
const PIXELS_PER_TICK_IN_SPACE = 42;

export class Axes {
  private readonly context: CanvasRenderingContext2D;
  private drawn = "";

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly scale: Scale,
    private readonly unit: string,
  ) {
    this.context = canvas.getContext("2d")!;
  }

  /** Draws the axes for a picture that takes the place `frame` on this canvas, in CSS pixels. */
  draw(eye: Eye, frame: Frame, width: number, height: number, pixelRatio: number): void {
    const { canvas, context } = this;
    const style = getComputedStyle(canvas);
    const inks = {
      text: style.getPropertyValue("--muted"),
      line: style.getPropertyValue("--grid"),
      edge: style.getPropertyValue("--edge"),
    };
    eye.camera.updateMatrixWorld();
    const key = JSON.stringify([
      eye.is3d,
      eye.camera.projectionMatrix,
      eye.camera.matrixWorld,
      frame,
      width,
      height,
      pixelRatio,
      inks,
    ]);
    if (key === this.drawn) {
      return; // most of the time only the particles move
    }
    this.drawn = key;
    if (canvas.width !== Math.round(width * pixelRatio) || canvas.height !== Math.round(height * pixelRatio)) {
      canvas.width = Math.round(width * pixelRatio);
      canvas.height = Math.round(height * pixelRatio);
    }
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = FONT;
    context.lineWidth = 1;
    if (eye.is3d) {
      this.drawBox(eye, frame, inks);
    } else {
      this.drawGrid(eye, frame, inks);
    }
  }

  private drawGrid(eye: Eye, frame: Frame, inks: Record<"text" | "line" | "edge", string>): void {
    const { camera } = eye;
    const { context } = this;
    const seen = [
      [camera.position.x + camera.left / camera.zoom, camera.position.x + camera.right / camera.zoom],
      [camera.position.y + camera.bottom / camera.zoom, camera.position.y + camera.top / camera.zoom],
    ] as const;
    for (const axis of [0, 1] as const) {
      const [low, high] = seen[axis].map((place) => this.scale.toLength(axis, place)) as [number, number];
      const pixels = axis === 0 ? frame.width : frame.height;
      const values = ticks(low, high, pixels / PIXELS_PER_TICK);
      const { texts, exponent } = tickTexts(values);
      for (const [index, value] of values.entries()) {
        const part = (value - low) / (high - low);
        const x = Math.round(frame.left + part * frame.width) + 0.5;
        const y = Math.round(frame.top + (1 - part) * frame.height) + 0.5;
        this.line(
          inks.line,
          axis === 0 ? [x, frame.top, x, frame.top + frame.height] : [frame.left, y, frame.left + frame.width, y],
        );
        context.fillStyle = inks.text;
        context.textAlign = axis === 0 ? "center" : "right";
        context.textBaseline = axis === 0 ? "top" : "middle";
        const half = context.measureText(texts[index]!).width / 2;
        if (axis === 0) {
          const inside = Math.min(Math.max(x, frame.left + half - 6), frame.left + frame.width - half + 6);
          context.fillText(texts[index]!, inside, frame.top + frame.height + 6);
        } else {
          context.fillText(
            texts[index]!,
            frame.left - 6,
            Math.min(Math.max(y, frame.top + 6), frame.top + frame.height - 4),
          );
        }
      }
      this.title(NAMES[axis] + scaledUnit(this.unit, exponent), axis, frame, inks.text);
    }
    context.strokeStyle = inks.edge;
    context.strokeRect(frame.left + 0.5, frame.top + 0.5, frame.width - 1, frame.height - 1);
  }

  private title(text: string, axis: 0 | 1, frame: Frame, ink: string): void {
    const { context } = this;
    context.save();
    context.fillStyle = ink;
    context.textAlign = "center";
    context.textBaseline = axis === 0 ? "bottom" : "top";
    if (axis === 0) {
      context.fillText(text, frame.left + frame.width / 2, frame.top + frame.height + 38);
    } else {
      context.translate(1, frame.top + frame.height / 2);
      context.rotate(-Math.PI / 2);
      context.fillText(text, 0, 0);
    }
    context.restore();
  }

  // ------------------------------------------------------------ in space

  private drawBox(eye: Eye, frame: Frame, inks: Record<"text" | "line" | "edge", string>): void {
    const half = this.scale.shown.map((size) => size / 2);
    const place = (corner: readonly number[]): [number, number] => {
      const on = new Vector3(corner[0], corner[1], corner[2]).project(eye.camera);
      return [frame.left + ((on.x + 1) / 2) * frame.width, frame.top + ((1 - on.y) / 2) * frame.height];
    };
    this.context.save();
    this.context.beginPath();
    this.context.rect(frame.left, frame.top, frame.width, frame.height);
    this.context.clip();
    const middle = place([0, 0, 0]);
    for (const axis of [0, 1, 2] as const) {
      const edges: [number[], number[]][] = [];
      for (const one of [-1, 1]) {
        for (const other of [-1, 1]) {
          const corner = (end: number) =>
            [0, 1, 2].map((index) => half[index]! * (index === axis ? end : index === (axis + 1) % 3 ? one : other));
          edges.push([corner(-1), corner(1)]);
          this.line(inks.edge, [...place(corner(-1)), ...place(corner(1))]);
        }
      }
      if (half[axis]! > 0) {
        this.numbers(axis, this.bestEdge(axis, edges, place), place, middle, inks.text);
      }
    }
    this.context.restore();
  }

  /** The edge on the rim of the box where numbers are in nobody's way: the lowest; for z that at the left. */
  private bestEdge(
    axis: number,
    edges: [number[], number[]][],
    place: (corner: number[]) => [number, number],
  ): [number[], number[]] {
    const rank = ([from, to]: [number[], number[]]) => {
      const [a, b] = [place(from), place(to)];
      return axis === 2 ? -(a[0] + b[0]) : a[1] + b[1];
    };
    return edges.reduce((best, edge) => (rank(edge) > rank(best) ? edge : best));
  }

  private numbers(
    axis: number,
    [from, to]: [number[], number[]],
    place: (corner: number[]) => [number, number],
    middle: [number, number],
    ink: string,
  ): void {
    const { context } = this;
    const [a, b] = [place(from), place(to)];
    const pixels = Math.hypot(b[0] - a[0], b[1] - a[1]);
    if (pixels < 30) {
      return; // seen from its end
    }
    const [low, high] = [this.scale.toLength(axis, from[axis]!), this.scale.toLength(axis, to[axis]!)];
    // None at the corners, where two axes meet.
    const values = ticks(low, high, Math.min(8, pixels / PIXELS_PER_TICK_IN_SPACE)).filter(
      (value) => Math.abs((value - low) / (high - low) - 0.5) < 0.46,
    );
    const { texts, exponent } = tickTexts(values);
    // Across the edge, away from the middle of the box.
    let across: [number, number] = [-(b[1] - a[1]) / pixels, (b[0] - a[0]) / pixels];
    const away = ((a[0] + b[0]) / 2 - middle[0]) * across[0] + ((a[1] + b[1]) / 2 - middle[1]) * across[1];
    across = away < 0 ? [-across[0], -across[1]] : across;
    context.fillStyle = ink;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const [index, value] of values.entries()) {
      const part = (value - low) / (high - low);
      const [x, y] = [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])];
      this.line(ink, [x, y, x + 4 * across[0], y + 4 * across[1]]);
      context.fillText(texts[index]!, x + 20 * across[0], y + 14 * across[1]);
    }
    const name = NAMES[axis]! + scaledUnit(this.unit, exponent);
    const reach = axis === 2 ? 46 : 40;
    context.save();
    context.translate((a[0] + b[0]) / 2 + reach * across[0], (a[1] + b[1]) / 2 + reach * across[1]);
    let angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
    angle = Math.abs(angle) > Math.PI / 2 ? angle - Math.sign(angle) * Math.PI : angle;
    context.rotate(angle > 1.5 ? angle - Math.PI : angle);
    context.fillText(name, 0, 0);
    context.restore();
  }

  private line(ink: string, [x0, y0, x1, y1]: number[]): void {
    const { context } = this;
    context.strokeStyle = ink;
    context.beginPath();
    context.moveTo(x0!, y0!);
    context.lineTo(x1!, y1!);
    context.stroke();
  }
}
