// The dialog for another person.

import { element } from "../view.js";
import { field, openDialog } from "./dialog.js";
import { participantOf } from "./studio.js";

const names = ["Jane", "Alex", "Bob", "Carol", "Dave", "Erin", "Frank", "Grace"];

const form = "Letters (a to z), digits, dots, hyphens or underscores";

/** Asks who is to come, and lets the first person add them to the open thread. */
export function openPersonDialog(studio) {
  const [first] = studio.people;
  const shown = first && studio.shownOf(first);
  const taken = studio.people.map(({ displayName }) => displayName);
  const token = studio.service.fixedTokens && field("User access token", element("input", { name: "token", type: "password", autocomplete: "off" }));
  const choice = shown && element("label", { class: "choice" }, element("input", { type: "checkbox", name: "joins", checked: true }), `${first.displayName} adds them to “${shown.conversation.getSnapshot().topic}”`);
  openDialog({
    title: "Add a person",
    action: "Add",
    async submit({ name, token, joins }) {
      const trimmed = name.trim();
      if (studio.people.some((person) => person.name === trimmed.toLowerCase())) throw new Error(`${trimmed} is here already: choose another name`);
      if (token) studio.service.tokens[trimmed.toLowerCase()] = token;
      const person = await studio.addPerson(trimmed.toLowerCase());
      if (!joins) return;
      const [refused] = await studio.calls.addParticipants(first.client, shown.threadId, [participantOf(person)]);
      if (refused) throw new Error(`${trimmed} was not added to the thread: ${refused.message}`);
      studio.open(shown.threadId, [person]);
    },
  }, field("Name", element("input", { name: "name", required: true, maxlength: "64", pattern: "[A-Za-z0-9_.\\-]+", title: form, value: names.find((name) => !taken.includes(name)) ?? "", autocomplete: "off" }), `${form}. No spaces`), token, choice);
}
