/** What scripts/report wrote into the page (scripts/orrery/page/contents.py). */

/** A number, or null for one that is not finite. */
export type Num = number | null;

export interface Choice {
  name: string;
  label: string;
  /** `1` for pure numbers, empty where nobody knows. */
  unit: string;
  carried: "column" | "series" | "radius";
  scale: "signed" | "rising" | "names";
  /** Numbers at both ends of the scale of colours. */
  low: number;
  high: number;
  /** The numbers that have a colour each, ascending. */
  names: number[] | null;
}

export interface Series {
  name: string;
  unit: string;
  values: Num[];
}

export interface Phase {
  name: string;
  least: Num;
  mean: Num;
  most: Num;
}

export interface Space {
  axes: 2 | 3;
  /** Corners of the box around all shown particles [axes]. */
  low: number[];
  high: number[];
  /**
   * What turns a displacement into parts of the periodic edges of the box [3 rows of 3]: for each frame, once where it
   * is always the same, and nothing where no axis is periodic.
   */
  boxes: number[][];
  /** Whether the frames say who went through a periodic face; then `boxes` is empty. */
  hasImages: boolean;
  /** What radii are measured from [2 or 3]. */
  centre: number[];
  /** Whether a straight line between two frames is close to the motion. */
  isSmallStride: boolean;
}

export interface Contents {
  format: number;
  file: string;
  units: { length: string; time: string };
  particles: { total: number; groups: number[] };
  frames: { total: number; planned: number | null; numbers: number[]; times: Num[]; steps: number[] };
  space: Space;
  choices: Choice[];
  diagnostics: { times: Num[]; frames: number[]; series: Series[] };
  timing: { ranks: number; wall: Num; phases: Phase[] } | null;
  made: [string, string][];
  configuration: string;
  notes: string[];
}

const FORMAT = 2;

/** Reads the contents; throws where the page has none or they are cut off. */
export function readContents(): Contents {
  const contents = JSON.parse(textOf("contents")) as Contents;
  if (contents.format !== FORMAT) {
    throw new Error(`the contents have format ${contents.format}, this page reads ${FORMAT}`);
  }
  return contents;
}

/** The zlib stream of a group of particles. The text it was in is given up, as nobody needs it again. */
export function takeGroup(number: number): Uint8Array<ArrayBuffer> {
  const name = `group-${number}`;
  const text = atob(textOf(name));
  document.getElementById(name)?.remove();
  const bytes = new Uint8Array(text.length);
  for (let place = 0; place < text.length; place++) {
    bytes[place] = text.charCodeAt(place);
  }
  return bytes;
}

function textOf(name: string): string {
  const text = document.getElementById(name)?.textContent;
  if (!text) {
    throw new Error("the page is incomplete; make it again with scripts/report");
  }
  return text;
}
