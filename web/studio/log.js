// The panel "Requests": the attempts of all clients.

import { element } from "../view.js";

/** Fills root with the list of attempts, the newest first. */
export function mountLog(root, studio) {
  const list = element("ol", { class: "log", "aria-label": "Requests, the newest first" });
  root.append(list);
  studio.exchanges.addEventListener("exchange", ({ detail: { person, operation, outcome, status, durationMs } }) => {
    list.prepend(element("li", {}, element("strong", {}, operation), ` ${person.displayName} ${status ?? outcome} ${Math.round(durationMs)} ms`));
    if (list.children.length > 200) list.lastChild.remove();
  });
}
