/** Keys of the player, and the list of them that `?` shows. */

import { element } from "./dom";

export interface Command {
  /** Values of KeyboardEvent.key that mean it. */
  keys: string[];
  /** What the list calls the keys. */
  shown: string;
  what: string;
  run: (event: KeyboardEvent) => void;
}

/** Listens to keys wherever the focus is, but leaves to fields and sliders the keys that they understand themselves. */
export function listenToKeys(commands: Command[], help: HTMLDialogElement): void {
  fillHelp(commands, help);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open || isTakenBy(event.target, event.key)) {
      return;
    }
    const command = commands.find(({ keys }) => keys.includes(event.key));
    if (command) {
      event.preventDefault();
      command.run(event);
    }
  });
}

function isTakenBy(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) {
    return false;
  }
  const isMove = key.startsWith("Arrow") || ["Home", "End", "PageUp", "PageDown"].includes(key);
  switch (target.tagName) {
    case "INPUT":
      return (target as HTMLInputElement).type === "range" ? isMove : key === " ";
    case "SELECT":
      return true;
    case "BUTTON":
    case "SUMMARY":
      return key === " " || key === "Enter";
    default:
      return isMove && target.matches("pre, .scrolled");
  }
}

function fillHelp(commands: Command[], help: HTMLDialogElement): void {
  const table = element("table");
  for (const { shown, what } of commands) {
    const line = element("tr");
    const keys = element("th");
    keys.setAttribute("scope", "row");
    keys.append(...shown.split(" ").map((key) => element("kbd", key)));
    line.append(keys, element("td", what));
    table.append(line);
  }
  help.querySelector(".keys")!.append(table);
}
