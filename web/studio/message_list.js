// The messages of a conversation.

import { button, element, icon, listed, update } from "../view.js";
import { announce } from "./announcer.js";
import { submitOnEnter } from "./composer.js";
import { confirmed } from "./dialog.js";
import { noteOf, timeOf } from "./message_text.js";

const states = {
  sent: ["check", "Sent"],
  queued: ["clock", "Waiting"],
  sending: ["clock", "Sending…"],
  unknown: ["help", "Perhaps sent: the client is finding out"],
  failed: ["alert", "Not sent"],
};

export class MessageList {
  #studio; #person; #showErrors; #conversation; #threadId;
  #items; // the item of a message that has not changed, by message
  #forms; // the item of a message that is being edited, by key
  #heard; // the keys of the messages that were shown before
  #isAtEnd = true; // the newest message is in view, or was before the list was hidden
  #list = element("ol", { class: "messages" });
  #older = button("Older messages", () => this.#showErrors(() => this.#conversation.loadOlder()), { class: "quiet" });

  constructor(studio, person, showErrors) {
    this.#studio = studio;
    this.#person = person;
    this.#showErrors = showErrors;
    this.root = element("div", { class: "scroll", role: "group", "aria-label": `Messages of ${person.displayName}`, tabindex: "0", onscroll: () => this.#noteEnd() }, this.#older, this.#list);
    new ResizeObserver(() => this.#isAtEnd && this.#showEnd()).observe(this.root); // a narrow page hides the list, which loses its position
  }

  /** Begins with another conversation. */
  begin(conversation, threadId) {
    this.#conversation = conversation;
    this.#threadId = threadId;
    this.#items = new WeakMap();
    this.#forms = new Map();
    this.#heard = undefined;
    this.#isAtEnd = true;
    this.#list.replaceChildren();
  }

  render(snapshot) {
    this.#noteEnd();
    const newest = snapshot.messages.at(-1);
    if (newest?.mine && newest.state !== "sent" && !this.#heard?.has(newest.key)) this.#isAtEnd = true; // the person has just sent it
    const items = snapshot.messages.map((message) => this.#itemOf(message));
    this.#addReceipts(items, snapshot);
    update(this.#list, items);
    this.#older.hidden = !snapshot.hasOlder;
    this.#announceNew(snapshot);
    if (this.#isAtEnd) this.#showEnd();
  }

  #noteEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.root;
    if (clientHeight > 0) this.#isAtEnd = scrollHeight - scrollTop - clientHeight < 40;
  }

  #showEnd() {
    this.root.scrollTop = this.root.scrollHeight;
  }

  #itemOf(message) {
    if (message.deletedOn) this.#forms.delete(message.key);
    else if (this.#forms.has(message.key)) return this.#forms.get(message.key); // whatever changes, what the person has typed stays
    if (!this.#items.has(message)) this.#items.set(message, this.#newItem(message));
    return this.#items.get(message);
  }

  #newItem(message) {
    const note = noteOf(message);
    if (note !== undefined) return element("li", { class: "note", dir: "auto" }, note);
    const { mine, senderDisplayName, deletedOn, content, type, state, error } = message;
    const bubble = element("div", { class: "bubble" }, element("span", { class: mine ? "unseen" : "author" }, mine ? "You" : senderDisplayName || "Somebody"),
      deletedOn ? element("p", { class: "deleted" }, "Deleted") : element("p", { class: "text", dir: "auto" }, content?.message ?? ""));
    const [name, label] = states[state];
    const facts = [timeOf(message), type === "html" && "html", message.editedOn && !deletedOn && "edited"].filter(Boolean).join(" · ");
    const item = element("li", { class: mine ? "message mine" : "message", "data-state": state },
      bubble,
      element("div", { class: "facts" }, element("span", {}, facts), mine && element("span", { class: "state", title: label }, icon(name), element("span", { class: state === "sent" ? "unseen" : "" }, label)),
        element("span", { class: "actions" }, this.#actionsOf(message))),
      (state === "failed" || state === "unknown") && error && element("p", { class: "reason" }, [error.message.replace(/\.?$/, "."), state === "failed" && error.hint].filter(Boolean).join(" ")),
    );
    item.dataset.key = message.key;
    return item;
  }

  #actionsOf(message) {
    const { key, id, mine, state, content, type, deletedOn } = message;
    if (!mine || deletedOn || !["text", "html"].includes(type)) return [];
    const { client } = this.#person;
    const conversation = this.#conversation, threadId = this.#threadId;
    const act = (label, action) => button(label, () => this.#showErrors(action), { class: "quiet" });
    const edit = act("Edit", () => this.#edit(message));
    switch (state) {
      case "sent":
        return [edit, act("Delete", async () => {
          if (this.#studio.service.kind !== "live" || (await confirmed("Delete this message?", "It is deleted for everybody in the thread, on a real resource.", "Delete"))) await client.deleteMessage(threadId, id);
        })];
      case "queued":
        return [edit, act("Cancel", () => conversation.cancel(key))];
      case "failed":
        return [act("Retry", () => conversation.retry(key)), act("Discard", () => conversation.discard(key))];
    }
    return [];
  }

  /** Shows a form in place of a message, until it is saved or left. */
  #edit({ content, key }) {
    const text = element("textarea", { rows: "2", dir: "auto", "aria-label": "Text of the message" });
    text.value = content.message;
    const close = () => {
      this.#forms.delete(key);
      this.render(this.#conversation.getSnapshot());
      this.#list.querySelector(`[data-key="${CSS.escape(key)}"] button`)?.focus();
    };
    const submit = (event) => {
      event.preventDefault();
      close();
      if (text.value && text.value !== content.message) this.#showErrors(() => this.#save(key, text.value));
    };
    const form = element("form", { class: "edit", onsubmit: submit }, text, element("button", {}, "Save"), button("Cancel", close, { class: "quiet" }));
    const item = element("li", { class: "message mine" }, form);
    item.dataset.key = key;
    text.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
    submitOnEnter(text);
    this.#forms.set(key, item);
    this.render(this.#conversation.getSnapshot());
    text.focus();
  }

  /** Changes a message, which may have been sent while the form was open. */
  #save(key, content) {
    const { id, state, type } = this.#conversation.getSnapshot().messages.find((message) => message.key === key);
    return state === "sent" ? this.#person.client.updateMessage(this.#threadId, id, { content }) : this.#conversation.edit(key, { content, type });
  }

  /** Adds who has read up to where, after the own messages. */
  #addReceipts(items, { messages, participants }) {
    const readers = new Map(); // names, by the index of the message
    for (const { displayName, communicationIdentifier, lastReadMessageId } of participants) {
      if (!lastReadMessageId || communicationIdentifier.rawId === this.#person.id) continue;
      const at = messages.findLastIndex(({ id, mine }) => mine && id && Number(id) <= Number(lastReadMessageId));
      if (at >= 0) readers.set(at, [...(readers.get(at) ?? []), displayName ?? "somebody"]);
    }
    for (const [at, names] of [...readers].sort(([a], [b]) => b - a)) {
      items.splice(at + 1, 0, element("li", { class: "read" }, icon("check"), `Read by ${listed(names)}`));
    }
  }

  #announceNew({ messages, status }) {
    if (status === "loading") return;
    const news = this.#heard && messages.filter(({ key, mine, content }) => !this.#heard.has(key) && !mine && content?.message);
    this.#heard = new Set(messages.map(({ key }) => key));
    for (const { senderDisplayName, content } of news ?? []) announce(`${this.#person.displayName} has a message from ${senderDisplayName ?? "somebody"}: ${content.message}`);
  }
}
