// What the demo page shows: elements, errors, participants, and the messages of a conversation. It is about this page only.

import { ChatError } from "./chat.js";

export const $ = (id) => document.getElementById(id);

/** Returns an element. Strings become text, so that nothing from the service is parsed as HTML. */
export function element(tag, ...children) {
  const node = document.createElement(tag);
  node.append(...children);
  return node;
}

/** Returns an error as paragraphs: the code, the message and the hint. */
export function describe(error) {
  const code = error instanceof ChatError ? error.code : error.name;
  const title = element("p", element("strong", code), error.status ? ` HTTP ${error.status}` : "");
  return [title, element("p", error.message), ...(error.hint ? [element("p", error.hint)] : [])];
}

/** Reads one participant per line: a raw id and, after a comma, an optional display name. */
export function parseParticipants(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const [id, ...name] = line.split(",");
    const displayName = name.join(",").trim();
    return { communicationIdentifier: id.trim(), ...(displayName && { displayName }) };
  });
}

/** Says how many participants were added, and why others were not. */
export function addedSummary(participants, invalid) {
  const count = element("p", `${participants.length - invalid.length} added`);
  if (invalid.length === 0) return [count];
  const items = invalid.map(({ code, message, target }) =>
    element("li", element("strong", code), ` ${message}`, target ? element("code", target) : ""));
  return [count, element("p", `${invalid.length} not added:`), element("ul", ...items)];
}

const pauses = {
  offline: "You are offline. Messages are sent when you are back.",
  token: "Messages wait for a token.",
};

/** Says how the conversation is. */
export function statusOf({ status, error, paused, participants, unreadCount, unreadIsCapped }) {
  const words = { loading: "Loading…", live: "Live.", waiting: "Connecting…", ended: "You cannot take part any more." }[status];
  const people = participants.length === 1 ? "1 participant" : `${participants.length} participants`;
  const unread = unreadCount > 0 ? `${unreadCount}${unreadIsCapped ? "+" : ""} unread.` : "";
  const problem = navigator.onLine ? error : undefined;
  return [words, problem?.message, problem?.hint, pauses[paused], participants.length > 0 && `${people}.`, unread].filter(Boolean).join(" ");
}

/** Makes the items the children of a list. It leaves those alone that are there already, so that focus and selection stay. */
export function update(list, items) {
  const wanted = new Set(items);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  items.forEach((item, i) => item !== list.children[i] && list.insertBefore(item, list.children[i] ?? null));
}

/** Returns a function that returns the item of a message. A message that has not changed has the same item. */
export function itemsOf(client, threadId, conversation) {
  const items = new WeakMap();
  return (message) => {
    if (!items.has(message)) items.set(message, element("li", ...partsOf(message), ...buttonsOf(message)));
    return items.get(message);
  };

  function buttonsOf({ key, id, mine, state, content, type, deletedOn }) {
    if (!mine || deletedOn || !["text", "html"].includes(type)) return [];
    const edit = async (change) => {
      const text = prompt("The message", content.message);
      if (text) await change({ content: text });
    };
    switch (state) {
      case "sent":
        return [
          button("Edit", () => edit((request) => client.updateMessage(threadId, id, request))),
          button("Delete", () => client.deleteMessage(threadId, id)),
        ];
      case "queued":
        return [button("Edit", () => edit((request) => conversation.edit(key, { ...request, type }))), button("Cancel", () => conversation.cancel(key))];
      case "failed":
        return [button("Retry", () => conversation.retry(key)), button("Discard", () => conversation.discard(key))];
    }
    return [];
  }
}

/** Returns a function that returns the item of a thread of the inbox, which opens the thread. */
export function threadItemsOf(open) {
  const items = new WeakMap();
  return (thread) => {
    if (!items.has(thread)) items.set(thread, newThreadItem(thread, open));
    return items.get(thread);
  };
}

function newThreadItem({ id, topic, lastMessage, unreadCount, unreadIsCapped, left }, open) {
  const button = element("button", element("strong", topic));
  button.type = "button";
  button.className = "thread";
  button.dataset.thread = id;
  button.addEventListener("click", () => open(id));
  const part = (className, text) => {
    const span = element("span", text);
    span.className = className;
    button.append(span);
    return span;
  };
  if (left) part("hint", "left");
  else if (unreadCount > 0) part("count", `${unreadCount}${unreadIsCapped ? "+" : ""}`).title = "unread";
  if (lastMessage) part("last", partsOf(lastMessage).map(({ textContent }) => textContent).join(" "));
  return element("li", button);
}

/** Says how the inbox is. */
export function inboxStatusOf({ status, error, threads }) {
  if (status === "live") return threads.length === 0 ? "No threads yet." : "";
  return [{ loading: "Loading…", waiting: "Connecting…", ended: "The client has failed." }[status], navigator.onLine && error?.message].filter(Boolean).join(" ");
}

function partsOf({ type, content = {}, senderDisplayName, editedOn, deletedOn, state, error }) {
  const names = () => (content.participants ?? []).map((p) => p.displayName ?? p.communicationIdentifier.rawId).join(", ");
  if (type === "topicUpdated") return [element("em", `The topic is ${content.topic}.`)];
  if (type === "participantAdded") return [element("em", `Added: ${names()}.`)];
  if (type === "participantRemoved") return [element("em", `Removed: ${names()}.`)];
  const text = deletedOn ? element("em", "deleted") : element("span", content.message);
  const notes = [editedOn && "edited", state !== "sent" && state, state === "failed" && error?.hint].filter(Boolean);
  return [element("strong", senderDisplayName || "Somebody"), text, ...notes.map((note) => element("em", note))];
}

/** Returns a button that runs an action, and shows its error. */
function button(name, action) {
  const button = element("button", name);
  button.type = "button";
  button.className = "quiet";
  button.addEventListener("click", () => showErrors(action));
  return button;
}

/** Runs an action of the conversation, and shows its error. */
export async function showErrors(action) {
  $("conversation-error").replaceChildren();
  try {
    await action();
  } catch (error) {
    $("conversation-error").replaceChildren(...describe(error));
  }
}
