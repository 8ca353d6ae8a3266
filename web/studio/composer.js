// The form in which a person writes.

import { element, icon } from "../view.js";

const typingPauseMs = 8000; // the service allows 15 typing notifications a minute per user in a thread

/** Fills root, a form. shown returns { threadId, conversation }, or undefined. */
export function mountComposer(root, studio, { client, displayName, index }, shown, showErrors) {
  const id = `message-${index}`;
  const text = element("textarea", { id, rows: "1", dir: "auto", placeholder: `Message as ${displayName}`, autocomplete: "off" });
  root.append(element("label", { class: "unseen", for: id }, `Message as ${displayName}`), text,
    element("button", { class: "send", "aria-label": `Send as ${displayName}`, title: "Send" }, icon("send"), element("span", {}, "Send")));
  const lastTyping = new Map(); // milliseconds, by thread

  text.addEventListener("input", () => {
    fit();
    const { threadId } = shown();
    if (text.value === "" || Date.now() - (lastTyping.get(threadId) ?? 0) < typingPauseMs) return;
    lastTyping.set(threadId, Date.now());
    client.sendTypingNotification(threadId, { senderDisplayName: displayName }).catch(() => {}); // it is in the log
  });
  submitOnEnter(text);
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value.trim() === "") return text.focus();
    showErrors(() => {
      shown().conversation.send({ content: text.value });
      lastTyping.delete(shown().threadId);
      text.value = "";
      fit();
    });
    text.focus();
  });

  function fit() {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, 160)}px`;
  }
}

/** Lets Enter submit the form of a text area. Shift and Enter begin a new line, and Enter that ends the input of an input method does nothing else. */
export function submitOnEnter(text) {
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      text.form.requestSubmit();
    }
  });
}
