// The emulator's state as a file: to keep it, to show it to somebody, and to begin a test with it.

import { button, element } from "../view.js";
import { download } from "./download.js";
import { importState } from "./service.js";

const fileName = "acschat-state.json";

/** Returns the elements that export and import the state of the emulator in the page. */
export function stateOf({ service, calls }, showErrors) {
  const file = element("input", { type: "file", accept: ".json,application/json", hidden: true, "aria-label": "File with a state", onchange: () => showErrors(importFile) });
  return [
    element("header", {}, element("h2", {}, "Threads and messages as a file")),
    element("p", {}, "createEmulator takes the content as its option state. Importing a file gives this tab an emulator of its own."),
    element("div", { class: "choices" }, button("Export the state", () => showErrors(exportFile)), button("Import a state", () => file.click()), file),
  ];

  async function exportFile() {
    download(fileName, JSON.stringify(await service.emulator.exportState()));
  }

  async function importFile() {
    let state;
    try {
      state = JSON.parse(await file.files[0].text());
    } catch {
      throw new Error(`${file.files[0].name} is not JSON: choose a file that “Export the state” has saved`);
    }
    await calls.begin(await importState(state));
  }
}
