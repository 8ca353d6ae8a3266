// The column of a person: inbox, conversation and composer.

import { button, element, iconButton, setText, showingErrors } from "../view.js";
import { mountComposer } from "./composer.js";
import { mountInbox } from "./inbox_list.js";
import { MessageList } from "./message_list.js";
import { openParticipants } from "./participants.js";
import { mountTyping } from "./typing.js";
import { openThreadDialog } from "./thread_dialog.js";

const pauses = { offline: "You are offline. Messages wait.", token: "Messages wait for a token." };

/** Fills root with the column of a person. */
export function mountColumn(root, studio, person) {
  const { client, displayName: name } = person;
  const status = element("p", { class: "status", role: "status" });
  const people = iconButton("people", `People in ${name}’s conversation`, () => openParticipants(studio, person, shown.threadId, shown.conversation));
  const inbox = element("nav", { class: "inbox", "aria-label": `Threads of ${name}` });
  const topic = element("h3", { class: "topic", dir: "auto" });
  const heading = element("div", { class: "heading" }, topic, people);
  const typing = element("p", { class: "typing" });
  const problem = element("div", { class: "problem", role: "alert" });
  const composer = element("form", { class: "composer" });
  const showErrors = showingErrors(problem);
  const messages = new MessageList(studio, person, showErrors);
  const invitation = element("div", { class: "empty" }, element("p", {}, "Open a thread, or start one."), button("New thread", () => openThreadDialog(studio, person), { class: "main" }));
  root.append(
    element("header", { class: "person" }, element("span", { class: "avatar", "aria-hidden": "true" }, name[0]), element("div", { class: "who" }, element("h2", {}, name), status),
      iconButton("plus", `New thread as ${name}`, () => openThreadDialog(studio, person))),
    inbox,
    heading,
    invitation, messages.root, typing, problem, composer,
  );

  let shown; // { threadId, conversation }
  mountInbox(inbox, studio, person, show);
  mountTyping(typing, studio, person, () => shown?.threadId);
  mountComposer(composer, studio, person, () => shown, showErrors);
  studio.addEventListener("open", ({ detail }) => {
    if (detail.people.includes(person)) show(detail.threadId);
  });
  for (const event of ["focusin", "pointerenter", "pointerdown"]) root.addEventListener(event, readIfWatched);
  document.addEventListener("visibilitychange", readIfWatched, { signal: studio.signal });
  const renderAgain = () => shown && render(shown.conversation.getSnapshot());
  for (const event of ["online", "offline"]) addEventListener(event, renderAgain, { signal: studio.signal });
  studio.faults.addEventListener("change", renderAgain);
  setShown(false);
  setText(status, "No conversation is open");

  function setShown(isShown) {
    invitation.hidden = isShown;
    heading.hidden = messages.root.hidden = composer.hidden = !isShown;
  }

  function show(threadId) {
    if (shown?.threadId === threadId) return;
    shown?.conversation.close();
    problem.replaceChildren();
    const conversation = studio.calls.openConversation(client, threadId, name, (snapshot) => shown?.conversation === conversation && render(snapshot));
    shown = { threadId, conversation };
    messages.begin(conversation, threadId);
    setShown(true);
    render(conversation.getSnapshot());
    studio.shows(person, shown);
  }

  function render(snapshot) {
    setText(topic, snapshot.topic || "…");
    setText(status, statusOf(snapshot, studio.faults.isOffline(person)));
    status.dataset.status = studio.faults.isOffline(person) ? "waiting" : snapshot.status;
    composer.hidden = snapshot.status === "ended";
    messages.render(snapshot);
    readIfWatched();
  }

  /** Marks the conversation as read while somebody uses the column, as a page does that shows one conversation. */
  function readIfWatched() {
    if (!shown || document.hidden || !root.matches(":hover, :focus-within")) return;
    const { unreadCount } = shown.conversation.getSnapshot();
    if (unreadCount > 0) shown.conversation.markRead().catch(() => {}); // the next change tries again
  }
}

/** Says how a conversation is. */
function statusOf({ status, error, paused, participants }, isCutOff) {
  if (isCutOff) return "Offline, by a fault";
  const words = { loading: "Loading…", live: "Connected", waiting: "Connecting…", ended: "Cannot take part any more" }[status];
  const problem = navigator.onLine && error ? `${error.message} ${error.hint ?? ""}` : undefined;
  const count = participants.length === 1 ? "1 person" : `${participants.length} people`;
  return [words, problem, pauses[paused], participants.length > 0 && count].filter(Boolean).join(" · ");
}
