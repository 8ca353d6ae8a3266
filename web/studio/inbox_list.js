// The list of a person's threads.

import { button, element, setText, update } from "../view.js";
import { summaryOf } from "./message_text.js";

/** Fills root with the list. open(threadId) is called for the chosen thread. */
export function mountInbox(root, studio, person, open) {
  const { inbox, displayName } = person;
  const status = element("p", { class: "hint", role: "status" });
  const list = element("ul");
  root.append(status, list);
  const items = new WeakMap(); // a thread that has not changed keeps its item
  const buttons = new Map(); // by thread
  inbox.subscribe(render);
  studio.addEventListener("shown", mark);
  render();

  function render() {
    const snapshot = inbox.getSnapshot();
    const focused = document.activeElement?.dataset.thread;
    const hadFocus = root.contains(document.activeElement);
    update(list, snapshot.threads.map(itemOf));
    mark();
    if (hadFocus && !root.contains(document.activeElement)) buttons.get(focused)?.focus();
    setText(status, statusOf(snapshot));
    status.hidden = status.textContent === "";
  }

  function mark() {
    for (const [id, each] of buttons) each.setAttribute("aria-current", id === studio.shownOf(person)?.threadId);
  }

  function itemOf(thread) {
    if (!items.has(thread)) items.set(thread, newItem(thread));
    return items.get(thread);
  }

  function newItem({ id, topic, lastMessage, unreadCount, unreadIsCapped, left }) {
    const parts = [element("strong", { dir: "auto" }, topic)];
    if (left) parts.push(element("span", { class: "left" }, "left"));
    else if (unreadCount > 0) parts.push(element("span", { class: "count", title: "Unread. Use this column to mark them as read" }, `${unreadCount}${unreadIsCapped ? "+" : ""}`, element("span", { class: "unseen" }, " unread")));
    if (lastMessage) parts.push(element("span", { class: "last" }, ...summaryOf(lastMessage)));
    const thread = button("", () => open(id), { class: "thread", "data-thread": id });
    thread.append(...parts);
    buttons.set(id, thread);
    return element("li", {}, thread);
  }

  function statusOf({ status, error, threads }) {
    if (status === "live") return threads.length === 0 ? `${displayName} is in no thread yet.` : "";
    return [{ loading: "Loading…", waiting: "Connecting…", ended: "The client has failed." }[status], navigator.onLine && error?.message].filter(Boolean).join(" ");
  }
}
