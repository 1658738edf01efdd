/** The diagnostics of the run against time, a chart each. Drag zooms in all of them, a click goes to that time. */

import uPlot from "uplot";
import { element } from "./dom";
import { inBrackets, scaledUnit, short, tickTexts, whole } from "./format";
import type { Contents, Num, Series } from "./page_data";

const HEIGHT = 190;
const MOST_MARKED = 60;
/** Numbers that vary less than this, compared with their size, are shown as differences from the first. */
const SMALL_CHANGE = 1e-3;
const MOST_ROWS = 1000;

export interface Charts {
  /** Moves the mark to a time, or to a frame where times do not ascend. */
  mark(place: number): void;
  /** Draws anew, in other colours or another width. */
  redraw(): void;
}

/** Builds the charts and their table. isTime: whether their common axis is time; else it is the number of the frame. */
export function buildCharts(
  contents: Contents,
  into: HTMLElement,
  isTime: boolean,
  seek: (place: number) => void,
): Charts {
  const { series, times, frames } = contents.diagnostics;
  if (series.length === 0) {
    into.append(element("p", "The file has no diagnostics."));
    return { mark: () => undefined, redraw: () => undefined };
  }
  const across = isTime ? (times as number[]) : frames;
  const scaled = inPowerOfTen(across);
  const label = isTime ? `time${scaledUnit(contents.units.time, scaled.exponent)}` : "frame";
  const group = uPlot.sync("time");
  const grid = element("div", "", "charts");
  into.append(grid);
  const charts = series.map(
    (one) =>
      new Chart(one, scaled.values as number[], label, grid, group.key, (place) => seek(place * 10 ** scaled.exponent)),
  );
  into.append(tableOf(contents));
  const observer = new ResizeObserver(() => charts.forEach((chart) => chart.fit()));
  observer.observe(grid);
  return {
    mark: (place) => charts.forEach((chart) => chart.mark(place / 10 ** scaled.exponent)),
    redraw: () => charts.forEach((chart) => chart.redraw()),
  };
}

class Chart {
  private readonly plot: uPlot;
  private readonly holder: HTMLElement;
  private readonly marker = element("div", "", "marker");
  private marked = 0;

  constructor(
    series: Series,
    across: number[],
    acrossLabel: string,
    parent: HTMLElement,
    group: string,
    seek: (place: number) => void,
  ) {
    const { values, label } = readable(series);
    this.holder = element("figure", "", "chart");
    const caption = element("figcaption", label);
    parent.append(this.holder);
    this.holder.append(caption);
    const finite = series.values.filter((value): value is number => value !== null);
    this.plot = new uPlot(
      {
        width: this.width,
        height: HEIGHT,
        scales: { x: { time: false, range: rangeOf(across) } },
        cursor: { y: false, sync: { key: group }, drag: { x: true, y: false, dist: 5 }, points: { size: 7 } },
        legend: { show: true, live: true },
        hooks: {
          draw: [() => this.mark(this.marked)],
          setCursor: [() => this.showNumbers()],
          ready: [(plot) => this.listen(plot, seek)],
        },
        axes: [
          { ...axis(acrossLabel, 18), size: 32 },
          { ...axis("", 0), size: widthOf },
        ],
        series: [
          { label: acrossLabel, value: (_, value) => short(value, 6) },
          {
            label: "value",
            stroke: () => cssValue("--chart"),
            width: 1.6,
            spanGaps: false,
            points: { show: across.length <= MOST_MARKED, size: 5 },
            value: (_, value) => short(value, 7),
          },
        ],
      },
      [across, values],
      this.holder,
    );
    this.plot.over.append(this.marker);
    this.plot.root.setAttribute("role", "img");
    this.plot.root.setAttribute(
      "aria-label",
      finite.length === 0
        ? `${label}: no finite numbers`
        : `${label}: from ${short(finite[0])} to ${short(finite.at(-1))}, ${rangeText(finite)}`,
    );
  }

  mark(place: number): void {
    this.marked = place;
    const { min, max } = this.plot.scales["x"]!;
    this.marker.hidden = min == null || max == null || place < min || place > max;
    if (!this.marker.hidden) {
      this.marker.style.transform = `translateX(${this.plot.valToPos(place, "x")}px)`;
    }
    this.showNumbers();
  }

  /** Shows the numbers at the mark below the chart, unless the mouse points at others. */
  private showNumbers(): void {
    const index = this.plot.valToIdx(this.marked);
    if ((this.plot.cursor.left ?? -1) < 0 && this.plot.legend.idx !== index) {
      this.plot.setLegend({ idx: index }, false);
    }
  }

  fit(): void {
    if (this.plot.width !== this.width) {
      this.plot.setSize({ width: this.width, height: HEIGHT });
    }
  }

  redraw(): void {
    this.plot.redraw(true, true);
  }

  private get width(): number {
    return Math.max(200, this.holder.clientWidth);
  }

  private listen(plot: uPlot, seek: (place: number) => void): void {
    let pressedAt = 0;
    plot.over.addEventListener("mousedown", (event) => {
      pressedAt = event.clientX;
    });
    plot.over.addEventListener("click", (event) => {
      if (Math.abs(event.clientX - pressedAt) < 4) {
        seek(plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, "x"));
      }
    });
  }
}

// ---------------------------------------------------------------- numbers

/** Numbers fit for an axis, and what to call them: without a power of ten, as a change where they hardly change. */
function readable({ name, unit, values }: Series): { values: Num[]; label: string } {
  const first = values.find((value) => value !== null) ?? 0;
  const changes = values.map((value) => (value === null ? null : value - first));
  const most = Math.max(0, largest(changes));
  const isChange = first !== 0 && most > 0 && most < SMALL_CHANGE * Math.abs(first);
  const scaled = inPowerOfTen(isChange ? changes : values);
  const less = isChange ? `, less ${short(first, 10)}` : "";
  return { values: scaled.values, label: name + less + scaledUnit(unit, scaled.exponent) };
}

function inPowerOfTen(values: Num[]): { values: Num[]; exponent: number } {
  const most = largest(values);
  const exponent = most === 0 || (most >= 1e-2 && most < 1e4) ? 0 : Math.max(-300, Math.floor(Math.log10(most)));
  return {
    values: exponent === 0 ? values : values.map((value) => (value === null ? null : value / 10 ** exponent)),
    exponent,
  };
}

function largest(values: Num[]): number {
  return values.reduce<number>((most, value) => (value === null ? most : Math.max(most, Math.abs(value))), 0);
}

function rangeText(values: number[]): string {
  const [low, high] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)] as const, [
    Infinity,
    -Infinity,
  ] as const);
  return `at least ${short(low)}, at most ${short(high)}`;
}

/** A single frame gets room at both sides. */
function rangeOf(across: number[]): (plot: uPlot, low: number, high: number) => [number, number] {
  const half = across.length === 1 ? Math.abs(across[0]!) || 1 : 0;
  return (_, low, high) => (half > 0 ? [across[0]! - half, across[0]! + half] : [low, high]);
}

// ---------------------------------------------------------------- looks

function axis(label: string, labelSize: number): uPlot.Axis {
  const font = "12px system-ui, sans-serif";
  return {
    font,
    labelFont: font,
    labelSize,
    labelGap: 0,
    ...(label ? { label } : {}),
    stroke: () => cssValue("--muted"),
    grid: { stroke: () => cssValue("--grid"), width: 1 },
    ticks: { stroke: () => cssValue("--grid"), width: 1, size: 5 },
    space: label ? 70 : 30,
    values: (_, splits) => tickTexts(splits).texts.map((text, index) => fullText(text, splits, index)),
  };
}

/** Axes keep their own power of ten in each number: zooming may change it. */
function fullText(text: string, splits: number[], index: number): string {
  const { exponent } = tickTexts(splits);
  return exponent === 0 || splits[index] === 0 ? text : `${text}e${exponent}`.replace("e-", "e−");
}

function widthOf(plot: uPlot, values: string[] | null, _axis: number, cycle: number): number {
  if (cycle > 1) {
    return (plot.axes[1] as unknown as { _size: number })._size;
  }
  const longest = (values ?? []).reduce((most, text) => Math.max(most, text.length), 3);
  return 18 + 7.2 * longest;
}

function cssValue(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// ---------------------------------------------------------------- the same numbers as a table

function tableOf(contents: Contents): HTMLElement {
  const { series, times, frames } = contents.diagnostics;
  const details = element("details", "", "numbers");
  details.append(element("summary", "The numbers as a table"));
  details.addEventListener(
    "toggle",
    () => {
      if (details.open && details.childElementCount === 1) {
        const stride = Math.max(1, Math.ceil(frames.length / MOST_ROWS));
        if (stride > 1) {
          details.append(element("p", `One row in ${whole(stride)} is shown.`));
        }
        const holder = element("div", "", "scrolled");
        holder.tabIndex = 0;
        const table = element("table");
        table.append(
          row("th", [
            "frame",
            `time${inBrackets(contents.units.time)}`,
            ...series.map((one) => one.name + inBrackets(one.unit)),
          ]),
        );
        for (let index = 0; index < frames.length; index += stride) {
          table.append(
            row("td", [
              whole(frames[index]!),
              short(times[index], 8),
              ...series.map((one) => short(one.values[index], 10)),
            ]),
          );
        }
        holder.append(table);
        details.append(holder);
      }
    },
    { passive: true },
  );
  return details;
}

function row(kind: "th" | "td", texts: string[]): HTMLElement {
  const found = element("tr");
  found.append(...texts.map((text) => element(kind, text)));
  return found;
}
