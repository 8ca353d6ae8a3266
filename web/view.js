// How the page makes elements: the parts that its panels share. They are about this page only.

import { ChatError } from "./chat.js";

/**
 * Returns an element. Attributes whose names begin with "on" are event listeners. undefined and false leave an attribute out. Strings become
 * text, so that nothing from the service is parsed as HTML.
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== false));
  return node;
}

/** Returns a button that runs an action when it is clicked. The attributes come after the action. */
export function button(label, action, attributes = {}) {
  return element("button", { type: "button", onclick: action, ...attributes }, ...[label].flat());
}

/** Returns a button that shows an icon only. Its label is its name and its tooltip. */
export function iconButton(name, label, action, attributes = {}) {
  return button(icon(name), action, { class: "icon", "aria-label": label, title: label, ...attributes });
}

const paths = {
  alert: "M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 12v.01",
  check: "M3 8.5l3.2 3.2L13 5",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 5v3.2l2 1.3",
  close: "M4 4l8 8M12 4l-8 8",
  help: "M6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.7v.01M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8z",
  people: "M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM1.8 13c.3-2.3 2-3.6 4.2-3.6s3.9 1.3 4.2 3.6M10.5 3.2a2.2 2.2 0 0 1 0 4.2M12 9.7c1.4.5 2.2 1.7 2.4 3.3",
  link: "M6.5 9.5l3-3M7 4.5l1.2-1.2a2.7 2.7 0 0 1 3.9 3.9L10.8 8.5M9 11.5l-1.2 1.2a2.7 2.7 0 0 1-3.9-3.9L5.2 7.5",
  plus: "M8 3v10M3 8h10",
  send: "M2.5 8 13.5 2.8 10.3 13.5 7.7 9z",
};

/** Returns an icon, which screen readers skip. */
export function icon(name) {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}

/** Makes the items the children of a list. It leaves those alone that are there already, so that focus and selection stay. */
export function update(list, items) {
  const wanted = new Set(items);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  items.forEach((item, i) => item !== list.children[i] && list.insertBefore(item, list.children[i] ?? null));
}

/** Sets the text of an element, unless it has it already: a live region would repeat it. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Returns an error as elements: the code, the message and the hint. */
export function describe(error) {
  const code = error instanceof ChatError ? error.code : error.name;
  const title = element("p", {}, element("strong", {}, code), error.status ? ` HTTP ${error.status}` : "");
  return [title, element("p", {}, error.message), error.hint && element("p", {}, error.hint)].filter(Boolean);
}

/** Returns a function that runs an action, and shows its error in place, which is a region with the role alert. */
export function showingErrors(place) {
  return async (action) => {
    place.replaceChildren();
    try {
      return await action();
    } catch (error) {
      place.replaceChildren(...describe(error));
    }
  };
}

/** Returns the words of a list: "Jane, Alex and Bob". */
export function listed(names) {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
