/** What the player says in words and numbers: the time shown, and what the colours mean. */

import type { Clock } from "./clock";
import { colourGradient } from "./colours";
import { byId, element } from "./dom";
import { inBrackets, scaledUnit, short, tickTexts, whole } from "./format";
import type { Choice, Contents } from "./page_data";
import type { Particles } from "./unpack";

/** Steps of the slider of time. */
export const SCRUB_STEPS = 10000;

/** Shows the clock's time, the frame or the two frames that it is from, and moves the slider there. */
export function showTime(contents: Contents, particles: Particles, clock: Clock): void {
  const { frames, units } = contents;
  const { frame, part } = clock.moment;
  const [time, next] = [frames.times[frame] ?? null, frames.times[frame + 1] ?? null];
  const shown = part > 0 && time !== null && next !== null ? time + part * (next - time) : time;
  const span = Math.max(...[frames.times[0], frames.times.at(-1)].map((end) => Math.abs(end ?? 0)));
  const text = `t = ${steady(shown, span)}${inBrackets(units.time)}`;
  byId("time").textContent = text;
  byId("frame").textContent = part > 0 ? betweenFrames(contents, frame) : atFrame(contents, frame);
  const hidden = particles.hidden[frame] ?? 0;
  byId("hidden").textContent = hidden > 0 ? `${whole(hidden)} without a finite position` : "";
  const scrub = byId<HTMLInputElement>("scrub");
  const fraction = clock.last > clock.first ? (clock.now - clock.first) / (clock.last - clock.first) : 0;
  scrub.value = String(Math.round(SCRUB_STEPS * fraction));
  scrub.setAttribute("aria-valuetext", text);
}

function atFrame({ frames }: Contents, frame: number): string {
  const of = frames.total > 1 ? ` of 0 to ${whole(frames.total - 1)}` : "";
  return `frame ${whole(frames.numbers[frame] ?? 0)}${of}, step ${whole(frames.steps[frame] ?? 0)}`;
}

function betweenFrames({ frames }: Contents, frame: number): string {
  const both = (of: number[]) => `${whole(of[frame] ?? 0)} and ${whole(of[frame + 1] ?? 0)}`;
  return `between frames ${both(frames.numbers)} (steps ${both(frames.steps)})`;
}

/** Shows the scale of colours with its numbers. */
export function showScale(choice: Choice, isDark: boolean): void {
  byId("scale").style.backgroundImage = colourGradient(choice, isDark);
  const ends = [choice.low, choice.low / 2 + choice.high / 2, choice.high];
  const exponent = choice.name === "id" ? 0 : tickTexts(ends).exponent;
  const round = (end: number) => (choice.name === "id" ? String(Math.round(end)) : short(end / 10 ** exponent, 3));
  const numbers = byId("scale-numbers");
  numbers.replaceChildren(...(choice.names?.map(String) ?? ends.map(round)).map((text) => element("span", text)));
  numbers.className = choice.names ? "names" : "";
  byId("scale-label").textContent = choice.label + scaledUnit(choice.unit, exponent);
  const isTurning = choice.name === "tangential_speed";
  byId("scale-note").textContent = isTurning ? "left: clockwise, right: counter-clockwise" : "";
}

/** A time with as many decimals as the longest one has use for, so that the text does not jump. */
function steady(time: number | null, span: number): string {
  if (time === null || !(span > 1e-4 && span < 1e6)) {
    return short(time, 5);
  }
  return time.toFixed(Math.max(0, 4 - Math.floor(Math.log10(span)))).replace("-", "−");
}
