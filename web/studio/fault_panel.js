// The panel "Faults and time".

import { button, element, listed, setText, showingErrors } from "../view.js";
import { advances, catalog } from "./fault_catalog.js";
import { confirmed } from "./dialog.js";
import { mountGuide } from "./guide.js";
import { stateOf } from "./state.js";

/** Fills root with the guided run, the faults, and the emulator's clock. */
export function mountFaults(root, studio) {
  const { emulator, kind } = studio.service;
  if (kind === "live") {
    root.append(element("div", { class: "empty" }, element("h2", {}, "There is an emulator for this"), element("p", {}, "Faults and the clock need one: this page is on a real resource. Start make run or npx acschat, and break things there.")));
    return;
  }
  const guide = element("section", { class: "guide" });
  const problem = element("div", { class: "problem", role: "alert" });
  root.append(guide, element("section", { class: "faults" }, faultsOf(studio)), problem);
  mountGuide(guide, studio);
  if (emulator) root.append(element("section", { class: "time" }, clockOf(emulator, showingErrors(problem))));
  if (emulator?.exportState) root.append(element("section", { class: "time" }, stateOf(studio, showingErrors(problem))));
}

function faultsOf(studio) {
  const { faults } = studio;
  const who = element("select", { id: "fault-person" });
  const addPerson = ({ index, displayName }) => who.append(element("option", { value: index }, displayName));
  studio.people.forEach(addPerson);
  studio.addEventListener("people", ({ detail }) => addPerson(detail));
  const chosen = () => studio.people[Number(who.value)];

  const planted = element("ul", { class: "planted", "aria-label": "Planted faults" });
  const notes = new Map(catalog.map(({ title }) => [title, element("p", { class: "waits", role: "status" })])); // beside the button: the list may be out of view
  const offline = button("Cut off", () => faults.setOffline(chosen(), !faults.isOffline(chosen())));
  const render = () => {
    const isOffline = chosen() && faults.isOffline(chosen());
    offline.textContent = isOffline ? "Reconnect" : "Cut off";
    offline.classList.toggle("on", Boolean(isOffline));
    for (const [title, note] of notes) setText(note, noteOf(faults.planted.filter((fault) => fault.title === title)));
    planted.replaceChildren(...faults.planted.map((fault) => element("li", {}, `${fault.title}: ${targetOf(fault)}`, button("Remove", () => faults.remove(fault), { class: "quiet", "aria-label": `Remove ${fault.title}` }))));
  };
  faults.addEventListener("change", render);
  who.addEventListener("change", render);
  render();

  const card = (title, effect, ...controls) => element("li", { class: "fault" }, element("h3", {}, title), element("p", {}, effect), ...controls);
  return [
    element("header", {}, element("h2", {}, "Faults"), element("label", { for: "fault-person" }, "for the next request of"), who),
    planted,
    element("ul", { class: "cards" },
      ...catalog.map(({ effect, ...fault }) => card(fault.title, effect, button("Plant", () => faults.plant({ ...fault, person: chosen() }), { "aria-label": `Plant: ${fault.title}` }), notes.get(fault.title))),
      card("Offline", "No request gets through. Messages wait in the queue, in their order. When the network is back, each is sent once. A reload discards them: this page does not use the option durable.", offline)),
  ];
}

/** Says what the planted faults of one kind wait for. */
function noteOf(planted) {
  if (planted.length === 0) return "";
  return `Planted for ${listed([...new Set(planted.map(targetOf))])}`;
}

/** Says which request a fault meets. */
const targetOf = ({ person, operation }) => `${person.displayName}’s next ${operation ?? "write"}`;

function clockOf(emulator, showErrors) {
  const outcome = element("p", { class: "hint", role: "status" });
  let aheadMs = 0;
  const advance = (label, ms) => showErrors(async () => {
    await emulator.advance(ms);
    aheadMs += ms;
    outcome.textContent = `The service’s clock is ${durationOf(aheadMs)} ahead of yours. New messages have its time.`;
  });
  const reset = () => showErrors(async () => {
    if (!(await confirmed("Reset the emulator?", "All its threads and messages are removed, for all tabs and programs that use it.", "Reset"))) return;
    await emulator.reset();
    location.reload();
  });
  return [
    element("header", {}, element("h2", {}, "Another clock")),
    element("p", {}, "The service’s clock is not yours, and tokens expire: the emulator’s are valid for 24 hours. Beyond that the service refuses the token. The client gets a new one, and repeats the refused call."),
    element("div", { class: "choices" }, ...advances.map(([label, ms]) => button(`Advance by ${label}`, () => advance(label, ms))), button("Reset the emulator", reset, { class: "danger" })),
    outcome,
  ];
}

function durationOf(ms) {
  const hours = Math.floor(ms / 3_600_000), minutes = Math.round((ms % 3_600_000) / 60_000);
  return listed([hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`].filter(Boolean));
}
