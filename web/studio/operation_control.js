// The controls of a form, one for each type of field. A control shows a value, and calls change with the new one. undefined means no value.

import { rawIdOf } from "./copy_literal.js";
import { isObject } from "./operation_call.js";
import { element } from "../view.js";
import { newId } from "./operation_text.js";

/** Returns the label, control, limits and place for the error of a field. path is what an error's target calls the field. */
export function fieldOf(field, value, path, change, pickers) {
  const { name, type, required, versions } = field;
  const id = newId("field"), hintId = `${id}-hint`, errorId = `${id}-error`;
  const hints = [field.limit, versions && `api-version ${versions.join(" and ")} only`].filter(Boolean).join(". ");
  const hint = element("p", { id: hintId, class: "hint" });
  const describe = (value) => (hint.textContent = [hints, pickers?.describe(type, value)].filter(Boolean).join(". "));
  describe(value);
  const control = controlOf(field, value, (made) => (describe(made), change(made)), pickers);
  control.id = id;
  control.setAttribute("aria-describedby", `${hintId} ${errorId}`);
  if (required) control.setAttribute("aria-required", "true");
  return element(
    "div",
    { class: `request-field${type === "longText" ? " wide" : ""}`, "data-path": path },
    element("label", { for: id }, name, required && element("span", { class: "required" }, " required")),
    control,
    hint,
    element("p", { id: errorId, class: "field-error" }),
  );
}

function controlOf(field, value, change, pickers) {
  const { type, choices } = field;
  if (type === "identifier") return identifierControl(value, change, pickers);
  if (choices) return choiceControl(choices, value, change);
  if (type === "boolean") return choiceControl(["true", "false"], value === undefined ? undefined : String(value), (text) => change(text && text === "true"));
  if (type === "longText") return element("textarea", { rows: 3, dir: "auto", oninput: ({ target }) => change(target.value || undefined) }, textOf(value));
  return inputControl(type, value, change, pickers);
}

const textOf = (value) => (value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value));

function inputControl(type, value, change, pickers) {
  const read = type === "number" ? numberOf : (text) => text || undefined;
  return element("input", {
    value: textOf(value),
    autocomplete: "off",
    spellcheck: "false",
    dir: type === "text" ? "auto" : "ltr",
    inputmode: type === "number" ? "numeric" : "text",
    class: pickers?.listOf(type) && "id",
    list: pickers?.listOf(type),
    placeholder: type === "time" && "2026-01-31T12:00:00Z",
    onfocus: () => pickers?.fill(type),
    oninput: ({ target }) => change(read(target.value)),
  });
}

/** Leaves it to the client to refuse what is not a number. */
const numberOf = (text) => (/^-?\d+$/.test(text.trim()) ? Number(text) : text || undefined);

function choiceControl(choices, value, change) {
  const all = value === undefined || choices.includes(value) ? choices : [...choices, value];
  const options = ["", ...all].map((choice) => new Option(choice, choice, false, choice === (value ?? "")));
  return element("select", { onchange: ({ target }) => change(target.value || undefined) }, ...options);
}

/** Shows a raw id. Identifiers of other forms are left to the JSON. */
function identifierControl(value, change, pickers) {
  const text = isObject(value) ? (rawIdOf(value) ?? (Object.keys(value).join() === "rawId" ? value.rawId : undefined)) : typeof value === "string" || value === undefined ? (value ?? "") : undefined;
  if (text !== undefined) return inputControl("user", text, (rawId) => change(identifierOf(rawId)), pickers);
  return element("input", { value: JSON.stringify(value), readonly: true, class: "id", title: "Edit this identifier in the JSON" });
}

/** Returns an identifier in the form of the REST documentation. For other kinds of users the client makes it from the raw id. */
export function identifierOf(rawId) {
  if (rawId === undefined) return undefined;
  const identifier = { rawId, communicationUser: { id: rawId } };
  return rawIdOf(identifier) === undefined ? rawId : identifier;
}
