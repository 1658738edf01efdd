/** The player: ties the clock, the drawing and the controls together. */

import { Axes } from "./axes";
import { Eye, type View } from "./camera";
import { Clock, SPEEDS } from "./clock";
import { byId } from "./dom";
import { short, whole } from "./format";
import type { Command } from "./keyboard";
import type { Choice, Contents } from "./page_data";
import { MOST_TRAILS, ParticleView } from "./particle_view";
import { SCRUB_STEPS, showScale, showTime } from "./readout";
import { Scale } from "./space";
import type { Particles } from "./unpack";

/** Particles that leave trails from the start. */
const FEW = 50;
const MARGINS = { left: 58, top: 8, right: 8, bottom: 42 };
/** Longest time that one drawing lets go by, so that a page which was in the background goes on where it was [s]. */
const LONGEST_BREAK = 0.25;

export class Player {
  readonly clock: Clock;
  private readonly scale: Scale;
  private readonly eye: Eye;
  private readonly view: ParticleView;
  private readonly axes: Axes;
  private choice: Choice;
  private diameter: number;
  private isScheduled = false;
  private drawnAt = 0;
  private readonly dark = matchMedia("(prefers-color-scheme: dark)");

  /** changed: is called with the clock's place after every drawing. Throws where there is no WebGL. */
  constructor(
    private readonly contents: Contents,
    private readonly particles: Particles,
    private readonly changed: (place: number) => void,
  ) {
    const { space, frames } = contents;
    this.clock = new Clock(frames.times, space.isSmallStride);
    this.scale = new Scale(space);
    this.view = new ParticleView(byId<HTMLCanvasElement>("particles"), particles, this.scale);
    this.axes = new Axes(byId<HTMLCanvasElement>("axes"), this.scale, contents.units.length);
    this.eye = new Eye(byId("particles"), space.axes === 3 ? "3d" : "2d", this.scale.shown, () => this.schedule());
    this.choice = contents.choices[0]!;
    this.diameter = Math.min(9, Math.max(1.5, 300 / Math.sqrt(Math.max(1, particles.count))));
    if (particles.count <= FEW) {
      this.view.trailLength = Math.ceil((frames.numbers.length - 1) / 5);
    }
    this.setUpControls();
    this.colourBy(this.choice);
    this.dark.addEventListener("change", () => this.colourBy(this.choice));
    new ResizeObserver(() => this.schedule()).observe(byId("stage"));
  }

  // ------------------------------------------------------------ drawing

  /** Draws soon; many calls before that draw once. */
  schedule(): void {
    if (!this.isScheduled) {
      this.isScheduled = true;
      requestAnimationFrame((now) => this.draw(now));
    }
  }

  private draw(now: number): void {
    this.isScheduled = false;
    if (this.clock.isPlaying) {
      this.clock.advance(Math.min(LONGEST_BREAK, Math.max(0, (now - this.drawnAt) / 1000)));
      this.schedule();
    }
    this.drawnAt = now;
    this.fit();
    this.view.draw(this.clock.moment, this.eye.camera, this.diameter);
    showTime(this.contents, this.particles, this.clock);
    this.changed(this.clock.now);
  }

  private fit(): void {
    const stage = byId("stage");
    const [width, height] = [stage.clientWidth, stage.clientHeight];
    const inner = {
      left: MARGINS.left,
      top: MARGINS.top,
      width: Math.max(50, width - MARGINS.left - MARGINS.right),
      height: Math.max(50, height - MARGINS.top - MARGINS.bottom),
    };
    const key = `${width} ${height} ${devicePixelRatio}`;
    if (stage.dataset["fitted"] !== key) {
      stage.dataset["fitted"] = key;
      const canvas = byId<HTMLCanvasElement>("particles");
      canvas.style.cssText = `left:${inner.left}px;top:${inner.top}px;width:${inner.width}px;height:${inner.height}px`;
      this.view.resize(inner.width, inner.height, devicePixelRatio);
      this.eye.fit(inner.width / inner.height);
    }
    this.axes.draw(this.eye, inner, width, height, devicePixelRatio);
  }

  // ------------------------------------------------------------ what can be done

  play(isPlaying = !this.clock.isPlaying): void {
    this.clock.isPlaying = isPlaying && this.clock.last > this.clock.first;
    this.drawnAt = performance.now();
    const button = byId("play");
    button.setAttribute("aria-label", this.clock.isPlaying ? "pause" : "play");
    button.dataset["state"] = this.clock.isPlaying ? "playing" : "paused";
    this.schedule();
  }

  /** Pauses, and goes some frames on or back. */
  stepBy(frames: number): void {
    this.play(false);
    this.clock.stepBy(frames);
    this.schedule();
  }

  /** Goes to a time; to a frame where times do not ascend. */
  seek(place: number): void {
    this.clock.seek(place);
    this.schedule();
  }

  private seekEnd(isLast: boolean): void {
    this.seek(isLast ? this.clock.last : this.clock.first);
  }

  private setSpeed(speed: number): void {
    this.clock.speed = speed;
    byId<HTMLSelectElement>("speed").value = String(speed);
    const unit = this.clock.isEven ? this.contents.units.time : "frames";
    byId("pace").textContent =
      this.clock.last > this.clock.first ? `1 s shows ${short(this.clock.pace, 3)} ${unit}` : "";
    this.schedule();
  }

  private faster(by: number): void {
    const index = SPEEDS.indexOf(this.clock.speed as (typeof SPEEDS)[number]) + by;
    this.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, index))]!);
  }

  private colourBy(choice: Choice): void {
    this.choice = choice;
    byId<HTMLSelectElement>("colour").value = choice.name;
    this.view.colourBy(choice, this.dark.matches);
    showScale(choice, this.dark.matches);
    this.schedule();
  }

  private setView(view: View): void {
    byId<HTMLSelectElement>("view").value = view;
    this.eye.show(view);
    this.schedule();
  }

  private setTrail(frames: number): void {
    this.view.trailLength = frames;
    byId<HTMLInputElement>("trail").value = String(frames);
    const some = frames > 0 && this.particles.count > MOST_TRAILS ? `, of ${whole(MOST_TRAILS)} particles` : "";
    byId("trail-text").textContent = frames > 0 ? `${whole(frames)} frame${frames === 1 ? "" : "s"}${some}` : "off";
    this.schedule();
  }

  private setInterpolating(isOn: boolean): void {
    this.clock.isInterpolating = isOn;
    byId<HTMLInputElement>("interpolate").checked = isOn;
    this.schedule();
  }

  private setDiameter(diameter: number): void {
    this.diameter = diameter;
    byId("size-text").textContent = `${short(diameter, 2)} px`;
    this.schedule();
  }

  // ------------------------------------------------------------ controls

  private setUpControls(): void {
    const { frames, choices } = this.contents;
    const speed = byId<HTMLSelectElement>("speed");
    speed.replaceChildren(...SPEEDS.map((factor) => new Option(`${fraction(factor)} ×`, String(factor))));
    const colour = byId<HTMLSelectElement>("colour");
    colour.replaceChildren(...choices.map((choice) => new Option(choice.label, choice.name)));
    const trail = byId<HTMLInputElement>("trail");
    trail.max = String(frames.numbers.length - 1);
    const size = byId<HTMLInputElement>("size");
    size.value = String(this.diameter);
    const scrub = byId<HTMLInputElement>("scrub");
    scrub.max = String(SCRUB_STEPS);
    for (const control of [
      scrub,
      trail,
      byId<HTMLInputElement>("interpolate"),
      byId<HTMLButtonElement>("play"),
      byId<HTMLButtonElement>("back"),
      byId<HTMLButtonElement>("forward"),
    ]) {
      control.disabled = frames.numbers.length < 2;
    }
    byId("play").addEventListener("click", () => this.play());
    byId("back").addEventListener("click", () => this.stepBy(-1));
    byId("forward").addEventListener("click", () => this.stepBy(1));
    byId("fit").addEventListener("click", () => this.eye.reset());
    scrub.addEventListener("input", () => {
      this.seek(this.clock.first + (Number(scrub.value) / SCRUB_STEPS) * (this.clock.last - this.clock.first));
    });
    scrub.addEventListener("keydown", (event) => this.scrubByKey(event));
    speed.addEventListener("change", () => this.setSpeed(Number(speed.value)));
    colour.addEventListener("change", () => this.colourBy(choices.find(({ name }) => name === colour.value)!));
    const view = byId<HTMLSelectElement>("view");
    view.addEventListener("change", () => this.setView(view.value as View));
    trail.addEventListener("input", () => this.setTrail(Number(trail.value)));
    size.addEventListener("input", () => this.setDiameter(Number(size.value)));
    const interpolate = byId<HTMLInputElement>("interpolate");
    interpolate.addEventListener("change", () => this.setInterpolating(interpolate.checked));
    this.setSpeed(1);
    this.setTrail(this.view.trailLength);
    this.setDiameter(this.diameter);
    this.setInterpolating(this.clock.isInterpolating);
    view.value = this.eye.is3d ? "3d" : "2d";
  }

  /** In the slider of time the arrows go by frames, as everywhere else. */
  private scrubByKey(event: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      this.stepBy(event.shiftKey ? 10 * by : by);
    }
  }

  commands(): Command[] {
    const cycle = () => {
      const { choices } = this.contents;
      this.colourBy(choices[(choices.indexOf(this.choice) + 1) % choices.length]!);
    };
    const trails = () =>
      this.setTrail(this.view.trailLength > 0 ? 0 : Math.ceil((this.contents.frames.numbers.length - 1) / 5));
    return [
      { keys: [" ", "k"], shown: "space", what: "play or pause", run: () => this.play() },
      {
        keys: ["ArrowLeft"],
        shown: "←",
        what: "a frame back, with shift ten",
        run: (event) => this.stepBy(event.shiftKey ? -10 : -1),
      },
      {
        keys: ["ArrowRight"],
        shown: "→",
        what: "a frame on, with shift ten",
        run: (event) => this.stepBy(event.shiftKey ? 10 : 1),
      },
      { keys: ["Home"], shown: "home", what: "first frame", run: () => this.seekEnd(false) },
      { keys: ["End"], shown: "end", what: "last frame", run: () => this.seekEnd(true) },
      { keys: [","], shown: ",", what: "slower", run: () => this.faster(-1) },
      { keys: ["."], shown: ".", what: "faster", run: () => this.faster(1) },
      { keys: ["+", "="], shown: "+", what: "nearer", run: () => this.eye.zoomBy(1.25) },
      { keys: ["-", "_"], shown: "−", what: "farther", run: () => this.eye.zoomBy(0.8) },
      { keys: ["a", "A"], shown: "a", what: "move to the left; in space: turn", run: () => this.eye.moveBy(-0.1, 0) },
      { keys: ["d", "D"], shown: "d", what: "move to the right; in space: turn", run: () => this.eye.moveBy(0.1, 0) },
      { keys: ["w", "W"], shown: "w", what: "move up; in space: look from higher", run: () => this.eye.moveBy(0, 0.1) },
      {
        keys: ["s", "S"],
        shown: "s",
        what: "move down; in space: look from lower",
        run: () => this.eye.moveBy(0, -0.1),
      },
      { keys: ["0"], shown: "0", what: "show everything", run: () => this.eye.reset() },
      { keys: ["v"], shown: "v", what: "plane or space", run: () => this.setView(this.eye.is3d ? "2d" : "3d") },
      { keys: ["c"], shown: "c", what: "next colours", run: cycle },
      { keys: ["t"], shown: "t", what: "trails on or off", run: trails },
      {
        keys: ["i"],
        shown: "i",
        what: "motion between frames on or off",
        run: () => this.setInterpolating(!this.clock.isInterpolating),
      },
    ];
  }
}

function fraction(speed: number): string {
  return speed < 1 ? `1/${1 / speed}` : String(speed);
}
