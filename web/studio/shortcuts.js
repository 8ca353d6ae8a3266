// The keyboard: single keys, which work while nobody types. Whoever does not want them switches them off.

import { element } from "../view.js";
import { openDialog } from "./dialog.js";

const setting = "acschat studio: no shortcuts";

/** Follows the keys. actions has { keys, does, run(key) } for each shortcut. Returns a function that opens the list. */
export function followShortcuts(actions) {
  const isOff = () => localStorage.getItem(setting) !== null;
  addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, altKey, metaKey } = event;
    if (ctrlKey || altKey || metaKey || target.closest("input, textarea, select, dialog") || (isOff() && key !== "?")) return;
    const action = actions.find(({ keys }) => keys.includes(key));
    if (!action) return;
    event.preventDefault();
    action.run(key);
  });
  const open = () => {
    const rows = actions.map(({ keys, does }) => element("tr", {}, element("td", {}, ...keys.map((key) => element("kbd", {}, key))), element("td", {}, does)));
    const toggle = element("input", { type: "checkbox", checked: !isOff(), onchange: () => (toggle.checked ? localStorage.removeItem(setting) : localStorage.setItem(setting, "")) });
    openDialog({ title: "Keyboard" },
      element("table", { class: "keys" }, element("tbody", {}, ...rows,
        ...[["Enter", "sends the message"], ["Shift Enter", "begins a new line"], ["Esc", "closes a dialog, or the form of an edit"]].map(([keys, does]) =>
          element("tr", {}, element("td", {}, ...keys.split(" ").map((key) => element("kbd", {}, key))), element("td", {}, does))))),
      element("label", { class: "choice" }, toggle, "Single keys work while no field has the focus"));
  };
  actions.push({ keys: ["?"], does: "shows this list", run: open });
  return open;
}
