/** Which time the player shows: goes on while playing, and can be set. Knows nothing of drawing. */

export interface Moment {
  /** Index of the shown frame at this time or before. */
  frame: number;
  /** How far the way to the next frame is gone, 0 to 1; 0 where nothing is shown between frames. */
  part: number;
}

/** Seconds that all frames take at speed 1, at least and at most. */
const SHORTEST = 4;
const LONGEST = 20;
const FRAMES_PER_SECOND = 25;
const ROUNDING = 1e-9;

export const SPEEDS = [0.125, 0.25, 0.5, 1, 2, 4, 8] as const;

export class Clock {
  isPlaying = false;
  isInterpolating: boolean;
  speed = 1;
  /** Seconds of one round at speed 1. */
  readonly seconds: number;
  /** Whether time goes by as it does in the file; otherwise frames follow each other evenly. */
  readonly isEven: boolean;
  private readonly places: number[];
  private place: number;

  /** times: of the frames; where they do not ascend, frames are shown at an even pace */
  constructor(times: (number | null)[], isInterpolating: boolean) {
    this.isInterpolating = isInterpolating;
    this.isEven = times.every((time, index) => time !== null && (index === 0 || time > times[index - 1]!));
    this.places = this.isEven ? (times as number[]) : times.map((_, index) => index);
    this.seconds = Math.min(LONGEST, Math.max(SHORTEST, times.length / FRAMES_PER_SECOND));
    this.place = this.first;
  }

  get first(): number {
    return this.places[0] ?? 0;
  }

  get last(): number {
    return this.places[this.places.length - 1] ?? 0;
  }

  /** The time on the scale from `first` to `last`. */
  get now(): number {
    return this.place;
  }

  /** How much of the file's time goes by in a second; of frames, where their times do not ascend. */
  get pace(): number {
    return (this.speed * (this.last - this.first)) / this.seconds;
  }

  get moment(): Moment {
    // A little late, so that a place which is meant for a frame does not miss it by a rounding error.
    const frame = this.frameAt(this.place + ROUNDING * (this.last - this.first));
    const next = this.places[frame + 1];
    if (!this.isInterpolating || next === undefined) {
      return { frame, part: 0 };
    }
    const from = this.places[frame]!;
    const part = Math.max(0, (this.place - from) / (next - from));
    return { frame, part: part < 1e-6 ? 0 : Math.min(1, part) };
  }

  /** Lets some seconds go by; starts over at the end. */
  advance(seconds: number): void {
    if (!this.isPlaying || this.last <= this.first) {
      return;
    }
    const place = this.place + seconds * this.pace;
    this.place = place <= this.last ? place : this.first + ((place - this.last) % (this.last - this.first));
  }

  seek(place: number): void {
    this.place = Math.min(this.last, Math.max(this.first, place));
  }

  seekFrame(frame: number): void {
    this.place = this.places[Math.min(this.places.length - 1, Math.max(0, frame))] ?? 0;
  }

  /** Goes to a frame before (below 0) or after the one shown. */
  stepBy(frames: number): void {
    const { frame, part } = this.moment;
    this.seekFrame(frame + frames + (frames < 0 && part > 0 ? 1 : 0));
  }

  private frameAt(place: number): number {
    let low = 0;
    let high = this.places.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.places[middle]! <= place) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
