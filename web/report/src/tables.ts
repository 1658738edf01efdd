/** Tables and texts of the page: what is left out, time per phase, how the run was made, its settings. */

import { element } from "./dom";
import { seconds, short, whole } from "./format";
import type { Contents } from "./page_data";

const MEANING: Record<string, string> = {
  read: "settings, files, and drawing particles",
  scatter: "sending particles to their ranks",
  evolve: "moving particles",
  gather: "measuring and sending frames",
  wait: "waiting for other ranks and the writer",
  write: "writing, beside the other phases",
};

export function fillNotes(contents: Contents, into: HTMLElement): void {
  const list = element("ul");
  list.append(...contents.notes.map((note) => element("li", note)));
  into.append(list);
}

export function fillTiming(contents: Contents, into: HTMLElement): void {
  const { timing } = contents;
  if (!timing) {
    into.append(element("p", "The file does not say where the time went, as a run does that comes to its end."));
    return;
  }
  const isSplit = timing.ranks > 1;
  const ranks = isSplit ? `, least, mean and most over ${timing.ranks} ranks` : " on its only rank";
  into.append(element("p", `The run took ${seconds(timing.wall)} of wall time. Seconds of each phase${ranks}:`));
  const table = element("table", "", "timing");
  const head = [
    "phase",
    ...(isSplit ? ["least [s]", "mean [s]", "most [s]"] : ["time [s]"]),
    "of the wall time",
    "what it is",
  ];
  table.append(line(head.map((text) => element("th", text))));
  for (const phase of timing.phases) {
    const share = timing.wall && phase.mean !== null ? phase.mean / timing.wall : null;
    const times = isSplit ? [phase.least, phase.mean, phase.most] : [phase.mean];
    table.append(
      line([
        element("td", phase.name),
        ...times.map((time) => element("td", short(time, 4), "number")),
        bar(share),
        element("td", MEANING[phase.name] ?? "", "meaning"),
      ]),
    );
  }
  into.append(scrolled(table));
}

export function fillRun(contents: Contents, into: HTMLElement): void {
  const facts: [string, string][] = [
    ["file", contents.file],
    ["particles", whole(contents.particles.total)],
    [
      "frames",
      contents.frames.planned === null || contents.frames.planned === contents.frames.total
        ? whole(contents.frames.total)
        : `${whole(contents.frames.total)} of ${whole(contents.frames.planned)} planned`,
    ],
    ...contents.made,
  ];
  const table = element("table", "", "facts");
  for (const [name, value] of facts) {
    const head = element("th", name);
    head.setAttribute("scope", "row");
    table.append(line([head, element("td", value)]));
  }
  into.append(scrolled(table));
}

export function fillConfiguration(contents: Contents, into: HTMLElement): void {
  if (!contents.configuration) {
    into.append(element("p", "The file has no configuration."));
    return;
  }
  const text = element("pre", contents.configuration);
  text.tabIndex = 0;
  text.setAttribute("aria-label", "configuration of the run");
  into.append(text);
}

function bar(share: number | null): HTMLElement {
  const cell = element("td", share === null ? "–" : `${(100 * share).toFixed(1)} %`, "share");
  const fill = element("span", "", "bar");
  fill.style.width = `${Math.min(100, 100 * (share ?? 0))}%`;
  const track = element("span", "", "track");
  track.append(fill);
  cell.append(track);
  return cell;
}

function line(cells: HTMLElement[]): HTMLElement {
  const found = element("tr");
  found.append(...cells);
  return found;
}

function scrolled(table: HTMLElement): HTMLElement {
  const holder = element("div", "", "scrolled");
  holder.append(table);
  return holder;
}
