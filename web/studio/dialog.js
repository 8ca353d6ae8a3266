// Dialogs of the page.

import { button, element, iconButton, showingErrors } from "../view.js";

/**
 * Opens a dialog with a form. submit is called with the form's fields by name, and its error is shown. The dialog closes after it, unless it
 * returns false. Returns the dialog.
 */
export function openDialog({ title, action, isDangerous, submit }, ...content) {
  const problem = element("div", { class: "problem", role: "alert" });
  const showErrors = showingErrors(problem);
  const close = () => dialog.close();
  const form = element("form", {
    async onsubmit(event) {
      event.preventDefault();
      await showErrors(async () => {
        if ((await submit(Object.fromEntries(new FormData(form)), form)) !== false) close();
      });
    },
  }, ...content, problem, action && element("div", { class: "choices" }, button("Cancel", close, { class: "quiet" }), element("button", { class: isDangerous ? "danger" : "" }, action)));
  const dialog = element("dialog", { "aria-label": title }, element("header", {}, element("h2", {}, title), iconButton("close", "Close", close)), form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  (form.querySelector("input, select, textarea") ?? form.querySelector(".choices button"))?.focus(); // rather than the button that closes
  return dialog;
}

/** Asks whether to do what cannot be undone. */
export function confirmed(title, text, action) {
  return new Promise((resolve) => {
    const dialog = openDialog({ title, action, isDangerous: true, submit: () => resolve(true) }, element("p", {}, text));
    dialog.addEventListener("close", () => resolve(false));
  });
}

/** Returns a field with its label. */
export function field(label, input, hint) {
  return element("label", { class: "field" }, element("span", {}, label), input, hint && element("span", { class: "hint" }, hint));
}
