/** Brings the page to life. */

import { buildCharts } from "./charts";
import { byId, element } from "./dom";
import { whole } from "./format";
import { listenToKeys, type Command } from "./keyboard";
import { readContents, type Contents } from "./page_data";
import { Player } from "./player";
import { fillConfiguration, fillNotes, fillRun, fillTiming } from "./tables";
import { unpack, type Particles } from "./unpack";

async function start(): Promise<void> {
  const contents = readContents();
  describe(contents);
  let player: Player | undefined;
  const isTime = contents.diagnostics.times.every(
    (time, index, all) => time !== null && (index === 0 || time > all[index - 1]!),
  );
  const charts = buildCharts(contents, byId("charts"), isTime, (place) => player?.seek(placeOf(place)));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.redraw());
  const help = byId<HTMLDialogElement>("help");
  const openHelp: Command = { keys: ["?"], shown: "?", what: "this list", run: () => help.showModal() };
  byId("open-help").addEventListener("click", () => help.showModal());

  /** What the charts' axis calls a place, as the clock has it: both are times, or both are frames of the file. */
  function placeOf(place: number): number {
    if (isTime && player?.clock.isEven) {
      return place;
    }
    return Math.max(0, contents.frames.numbers.filter((number) => number <= place).length - 1);
  }

  function mark(place: number): void {
    charts.mark(isTime && player?.clock.isEven ? place : (contents.frames.numbers[Math.round(place)] ?? 0));
  }

  player = await startPlayer(contents, mark);
  listenToKeys([...(player?.commands() ?? []), openHelp], help);
  if (!player) {
    charts.mark(isTime ? (contents.frames.times[0] ?? 0) : 0);
  }
  document.documentElement.dataset["state"] = "ready";
}

function describe(contents: Contents): void {
  document.title = `${contents.file} – Orrery`;
  byId("title").textContent = contents.file;
  const { particles, frames } = contents;
  const made = new Map(contents.made);
  const law = ["law", "method"]
    .map((name) => made.get(name))
    .filter(Boolean)
    .join(", ");
  byId("summary").textContent = [
    law,
    `${whole(particles.total)} particle${particles.total === 1 ? "" : "s"}`,
    `${whole(frames.total)} frame${frames.total === 1 ? "" : "s"}`,
  ]
    .filter(Boolean)
    .join(" · ");
  fillNotes(contents, byId("notes"));
  fillTiming(contents, byId("timing"));
  fillRun(contents, byId("run"));
  fillConfiguration(contents, byId("configuration"));
}

/** The player, or nothing and a message in its place where this browser or the run has nothing to show. */
async function startPlayer(contents: Contents, changed: (place: number) => void): Promise<Player | undefined> {
  const message = byId("message");
  const refuse = (text: string): undefined => {
    message.textContent = text;
    message.hidden = false;
    byId("controls").hidden = true;
    byId("legend").hidden = true;
    return undefined;
  };
  if (contents.particles.total === 0) {
    return refuse("The run has no particles.");
  }
  if (!("DecompressionStream" in window)) {
    return refuse(
      "This browser is too old to unpack the particles (Chrome 80, Firefox 113 and Safari 16.4 can). The rest of the page works.",
    );
  }
  if (!hasWebGl()) {
    return refuse(
      "This browser has no WebGL 2, or it is switched off, so the particles cannot be drawn. The rest of the page works.",
    );
  }
  let particles: Particles;
  try {
    particles = await unpack(contents, (done) => {
      message.textContent = `Unpacking the particles: ${Math.round(100 * done)} %`;
    });
  } catch (error) {
    return refuse(`The particles cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
  }
  let player: Player;
  try {
    player = new Player(contents, particles, changed);
  } catch {
    return refuse("WebGL could not be started, so the particles cannot be drawn. The rest of the page works.");
  }
  message.hidden = true;
  byId("particles").addEventListener("webglcontextlost", () => {
    message.hidden = false;
    message.textContent = "The graphics card gave up. Reload the page to see the particles again.";
  });
  player.schedule();
  return player;
}

function hasWebGl(): boolean {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}

start().catch((error: unknown) => {
  byId("summary").append(
    element("p", `This page cannot be shown: ${error instanceof Error ? error.message : String(error)}`, "problem"),
  );
});
