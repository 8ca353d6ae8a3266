// The dialog about who is in a thread.

import { button, element, showingErrors } from "../view.js";
import { confirmed, field, openDialog } from "./dialog.js";

/** Shows who is in the thread, and adds and removes people on behalf of a person. */
export function openParticipants(studio, person, threadId, conversation) {
  const list = element("ul", { class: "participants" });
  const outcome = element("div", { role: "status", class: "outcome" });
  const problem = element("div", { class: "problem", role: "alert" });
  const showErrors = showingErrors(problem);
  const identifier = element("input", { name: "id", required: true, list: "known-people", placeholder: "8:acs:…", autocomplete: "off", spellcheck: "false" });
  const known = element("datalist", { id: "known-people" }, ...studio.people.map(({ id, displayName }) => element("option", { value: id }, displayName)));
  const dialog = openDialog({
    title: `People in “${conversation.getSnapshot().topic}”`,
    action: "Add",
    async submit({ id, displayName }, form) {
      const participant = { communicationIdentifier: id.trim(), ...(displayName && { displayName }) };
      const invalid = await studio.calls.addParticipants(person.client, threadId, [participant]);
      outcome.replaceChildren(...(invalid.length === 0 ? [element("p", {}, `${displayName || "The user"} was added`)] : refusals(invalid)));
      if (invalid.length === 0) form.reset();
      return false;
    },
  }, list, problem, element("p", { class: "hint" }, `Add somebody on behalf of ${person.displayName}:`), field("Raw id of the user", identifier, known), field("Display name", element("input", { name: "displayName", autocomplete: "off" })), outcome);
  identifier.addEventListener("change", () => {
    const match = studio.people.find(({ id }) => id === identifier.value);
    const name = dialog.querySelector("[name=displayName]");
    if (match && name.value === "") name.value = match.displayName;
  });
  const stop = conversation.subscribe(render);
  dialog.addEventListener("close", stop);
  render();

  function render() {
    list.replaceChildren(...conversation.getSnapshot().participants.map(({ communicationIdentifier: { rawId }, displayName }) => {
      const label = displayName ?? "No display name";
      return element("li", {}, element("span", { class: "name", dir: "auto" }, label, element("code", {}, rawId)), button("Remove", () => remove(rawId, label), { class: "quiet", "aria-label": `Remove ${label}` }));
    }));
  }

  function remove(rawId, label) {
    return showErrors(async () => {
      if (studio.service.kind === "live" && !(await confirmed(`Remove ${label}?`, "They cannot take part any more, on a real resource.", "Remove"))) return;
      await person.client.removeParticipant(threadId, rawId);
    });
  }
}

// What the codes mean with which the service refuses participants.
const reasons = {
  403: "The user is of another resource. Users belong to the resource that has created them.",
  404: "The resource has no such user. Create users with the identity API, as your token server does.",
};

/** The service gives 403 for any text that is no raw id of its own users. */
const reasonOf = (code, target = "") => (code === "403" && !/^\d+:/.test(target) ? "This is not a raw id. The raw ids of a resource’s users begin with “8:acs:”. " : (reasons[code] ?? ""));

/** Returns whom the service has refused, and why, as elements. */
export function refusals(invalidParticipants) {
  return [
    element("p", {}, element("strong", {}, `${invalidParticipants.length} not added`)),
    ...invalidParticipants.map(({ code, message, target }) => element("p", {}, `${code} ${message}. `, reasonOf(code, target), element("code", {}, target ?? ""))),
  ];
}
