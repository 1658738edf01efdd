/** Elements of the page: found by id, or made. */

/** The element with this id; throws where there is none. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`the page has no #${id}`);
  }
  return found as Kind;
}

/** A new element with a text in it, which is never taken for HTML. */
export function element<Kind extends keyof HTMLElementTagNameMap>(
  kind: Kind,
  text = "",
  className = "",
): HTMLElementTagNameMap[Kind] {
  const found = document.createElement(kind);
  found.textContent = text;
  if (className) {
    found.className = className;
  }
  return found;
}
