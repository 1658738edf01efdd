/** Colours that can be told apart with every common colour blindness, on a light and on a dark page. */

import type { Choice } from "./page_data";

export type Rgb = readonly [number, number, number];

/** Viridis at 17 even places (van der Walt and Smith, 2015). */
const VIRIDIS = [
  "#440154",
  "#48186a",
  "#472d7b",
  "#424086",
  "#3b528b",
  "#33638d",
  "#2c728e",
  "#26828e",
  "#21918c",
  "#1fa088",
  "#28ae80",
  "#3fbc73",
  "#5ec962",
  "#84d44b",
  "#addc30",
  "#d8e219",
  "#fde725",
].map(parse);
/** Okabe and Ito (2008), without the colour that would vanish into the page. */
const NAMES = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8a8a8a"];
const NAMES_ON_DARK = ["#56b4e9", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#f0e442", "#ffffff", "#8a8a8a"];
/** The middle keeps particles at rest visible. */
const SIGNED = ["#2f9bf0", "#2565a8", "#262626", "#b0520a", "#ff8c1a"].map(parse);
const SIGNED_ON_DARK = ["#3d9df2", "#8fc3ef", "#e8e8e8", "#f0b27a", "#f07f13"].map(parse);
const WITHOUT_VALUE: Rgb = [0x9a, 0x9a, 0x9a];

export const TABLE_SIZE = 256;

/** Colours of a scale from its lower end to its upper: [TABLE_SIZE] of red, green, blue, opaque. */
export function colourTable(choice: Choice, isDark: boolean): Uint8Array<ArrayBuffer> {
  const table = new Uint8Array(4 * TABLE_SIZE);
  for (let place = 0; place < TABLE_SIZE; place++) {
    table.set([...colourAt(choice, isDark, (place + 0.5) / TABLE_SIZE), 255], 4 * place);
  }
  return table;
}

/** The colour of what has no number. */
export function colourWithoutValue(): Rgb {
  return WITHOUT_VALUE;
}

/** The scale as a CSS image, its lower end at the left. */
export function colourGradient(choice: Choice, isDark: boolean): string {
  const stops: string[] = [];
  const count = choice.names?.length ?? 24;
  for (let place = 0; place < count; place++) {
    if (choice.names) {
      const colour = css(colourAt(choice, isDark, (place + 0.5) / count));
      stops.push(`${colour} ${(100 * place) / count}%`, `${colour} ${(100 * (place + 1)) / count}%`);
    } else {
      stops.push(css(colourAt(choice, isDark, place / (count - 1))));
    }
  }
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

function colourAt(choice: Choice, isDark: boolean, fraction: number): Rgb {
  if (choice.names) {
    const colours = isDark ? NAMES_ON_DARK : NAMES;
    const name = Math.min(choice.names.length - 1, Math.floor(fraction * choice.names.length));
    return parse(colours[name % colours.length]!);
  }
  if (choice.scale === "signed") {
    return between(isDark ? SIGNED_ON_DARK : SIGNED, fraction);
  }
  // Without the yellow end on white and without the violet one on black, which can hardly be seen there.
  return between(VIRIDIS, isDark ? 0.16 + 0.84 * fraction : 0.86 * fraction);
}

function between(stops: readonly Rgb[], fraction: number): Rgb {
  const place = fraction * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const [low, high] = [stops[index]!, stops[index + 1]!];
  return [0, 1, 2].map((part) =>
    Math.round(low[part]! + (high[part]! - low[part]!) * (place - index)),
  ) as unknown as Rgb;
}

function parse(text: string): Rgb {
  const number = parseInt(text.slice(1), 16);
  return [number >> 16, (number >> 8) & 0xff, number & 0xff];
}

function css(colour: Rgb): string {
  return `rgb(${colour.join(" ")})`;
}
