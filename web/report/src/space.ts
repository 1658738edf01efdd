/** The map between lengths of the run and the scene, where the longest edge of the box around all particles is 1. */

import type { Space } from "./page_data";

export type Triple = [number, number, number];

export class Scale {
  /** Middle of the box in lengths of the run. */
  readonly middle: Triple;
  /** What is 1 in the scene. */
  readonly unit: number;
  /** Edges of the box in the scene. */
  readonly size: Triple;
  /** Edges of what is shown: the box, or where that is but a point, a cube around it. */
  readonly shown: Triple;
  readonly centre: Triple;
  private readonly boxes: number[][];

  constructor(space: Space) {
    const axes = [0, 1, 2] as const;
    const low = axes.map((axis) => space.low[axis] ?? 0);
    const high = axes.map((axis) => space.high[axis] ?? 0);
    // Halves first: the difference of two numbers near the end of their range would be too large.
    const edges = axes.map((axis) => 2 * (high[axis]! / 2 - low[axis]! / 2));
    this.middle = axes.map((axis) => low[axis]! / 2 + high[axis]! / 2) as Triple;
    // A single resting point has no extent: as much is shown around it as it is away from the origin.
    this.unit = Math.max(...edges) || Math.max(...this.middle.map(Math.abs)) || 1;
    this.size = edges.map((edge) => edge / this.unit) as Triple;
    this.shown = this.size.some((edge) => edge > 0) ? this.size : [1, 1, 1];
    this.boxes = space.boxes.map((box) => box.map((part) => part * this.unit));
    this.centre = axes.map((axis) => ((space.centre[axis] ?? 0) - this.middle[axis]!) / this.unit) as Triple;
  }

  /**
   * What turns a displacement in the scene, between two frames, into parts of the periodic edges of the box [3 rows of
   * 3]; all 0 where no axis is periodic. Of a box that changes it is the mean.
   */
  toBox(frame: number, other: number): number[] {
    const [one, two] = [frame, other].map((number) => this.boxes[Math.min(number, this.boxes.length - 1)]);
    return Array.from({ length: 9 }, (_, part) => ((one?.[part] ?? 0) + (two?.[part] ?? 0)) / 2);
  }

  /** A coordinate of the scene in lengths of the run. */
  toLength(axis: number, coordinate: number): number {
    return this.middle[axis]! + coordinate * this.unit;
  }

  /** A coordinate of the run in the scene. */
  toScene(axis: number, length: number): number {
    return (length - this.middle[axis]!) / this.unit;
  }
}
