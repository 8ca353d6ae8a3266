// The list of the calls that were made before, below the operations.

import { button, element } from "../view.js";

/** Returns an element that lists the calls. Choosing one fills in its form, and runs nothing. */
export function historyList(studio) {
  const list = element("ul", { class: "operation-list" });
  const root = element("details", { class: "earlier", ontoggle: () => root.open && draw() }, element("summary", {}, "Run before"), list);
  return root;

  function draw() {
    const calls = studio.history.list();
    list.replaceChildren(...(calls.length > 0 ? calls.map(itemOf) : [element("li", { class: "hint" }, "Nothing yet in this browser.")]));
  }

  function itemOf({ operation, arguments: { person, ...given } }) {
    const fill = () => studio.dispatchEvent(new CustomEvent("edit", { detail: { call: { ...given, operation }, person } }));
    return element("li", {}, button([element("span", {}, operation), element("span", { class: "hint" }, summaryOf(given))], fill, { title: `as ${person}: ${JSON.stringify(given)}` }));
  }
}

/** Returns the first text of the request. */
function summaryOf({ request = {} }) {
  return Object.values(request).find((value) => typeof value === "string") ?? "";
}
