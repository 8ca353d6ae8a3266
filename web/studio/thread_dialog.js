// The dialog for a new thread.

import { element } from "../view.js";
import { field, openDialog } from "./dialog.js";
import { refusals } from "./participants.js";

/** Asks for the topic and the participants, and creates the thread. */
export function openThreadDialog(studio, person) {
  const others = studio.people.filter((each) => each !== person);
  const choices = others.map(({ name, displayName }) => element("label", { class: "choice" }, element("input", { type: "checkbox", name: `with-${name}`, checked: true }), displayName));
  const outcome = element("div", { role: "status" });
  openDialog({
    title: `New thread as ${person.displayName}`,
    action: "Create thread",
    async submit(fields) {
      const { invalidParticipants } = await studio.createThread(person, fields.topic, others.filter(({ name }) => fields[`with-${name}`]));
      if (invalidParticipants.length === 0) return true;
      outcome.replaceChildren(...refusals(invalidParticipants));
      return false;
    },
  }, field("Topic", element("input", { name: "topic", value: "Lunch", autocomplete: "off", dir: "auto" })),
  others.length > 0 && element("fieldset", {}, element("legend", {}, "With"), ...choices), outcome);
}
