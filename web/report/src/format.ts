/** Numbers as people read them. */

/** A number with at most so many digits, and a power of ten where it is very large or small. */
export function short(value: number | null | undefined, digits = 5): string {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return "–";
  }
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e") as [string, string];
    return `${mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa}e${Number(exponent)}`.replaceAll(
      "-",
      "−",
    );
  }
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

/** A whole number with commas. */
export function whole(value: number): string {
  return value.toLocaleString("en-US");
}

/** A unit in brackets after a name; nothing for pure and unknown numbers. */
export function inBrackets(unit: string): string {
  return unit === "" || unit === "1" ? "" : ` [${unit}]`;
}

/** Seconds with three digits and the unit that fits. */
export function seconds(value: number | null): string {
  if (value === null) {
    return "–";
  }
  const scales: [number, string][] = [
    [1, "s"],
    [1e-3, "ms"],
    [1e-6, "µs"],
  ];
  const [scale, unit] = value === 0 ? scales[0]! : (scales.find(([least]) => value >= least) ?? scales[2]!);
  return `${short(value / scale, 3)} ${unit}`;
}

/** Round numbers between two numbers, about as many as asked for. */
export function ticks(low: number, high: number, about: number): number[] {
  const rough = (high - low) / Math.max(1, about);
  if (!(rough > 0) || !Number.isFinite(rough)) {
    return [];
  }
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((part) => part * power).find((candidate) => candidate >= rough) ?? 10 * power;
  const found: number[] = [];
  for (let index = Math.ceil(low / step); index * step <= high && found.length < 50; index++) {
    found.push(index * step);
  }
  return found;
}

/** Numbers of an axis as texts, with as many decimals as tell them apart, and the power of ten taken out of all. */
export function tickTexts(values: number[]): { texts: string[]; exponent: number } {
  const largest = Math.max(0, ...values.map(Math.abs));
  const exponent = largest === 0 || (largest >= 1e-2 && largest < 1e4) ? 0 : Math.floor(Math.log10(largest));
  const scaled = values.map((value) => value / 10 ** exponent);
  const isExact = (value: number, decimals: number) =>
    Math.abs(value * 10 ** decimals - Math.round(value * 10 ** decimals)) < 1e-6;
  let decimals = 0;
  while (decimals < 12 && !scaled.every((value) => isExact(value, decimals))) {
    decimals++;
  }
  return {
    texts: scaled.map((value) => (Object.is(value, -0) ? 0 : value).toFixed(decimals).replace("-", "−")),
    exponent,
  };
}

/** A power of ten in front of a unit, in brackets. */
export function scaledUnit(unit: string, exponent: number): string {
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const power = String(exponent)
    .replace("-", "⁻")
    .replace(/\d/g, (digit) => digits[Number(digit)]!);
  return inBrackets([exponent === 0 ? "" : `10${power}`, unit === "1" ? "" : unit].filter(Boolean).join(" "));
}
