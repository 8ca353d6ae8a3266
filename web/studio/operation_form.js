// The form of one operation, and the same request as JSON. Both show one call, which either of them changes.

import { apiVersions } from "./operation_fields.js";
import { isObject, requestLine } from "./operation_call.js";
import { fieldOf } from "./operation_control.js";
import { fieldsOf } from "./operation_group.js";
import { element } from "../view.js";
import { newId, shortAddress } from "./operation_text.js";

export class OperationForm {
  /** The call that the form shows. */
  call;
  #operation; #pickers; #changed; #fields; #line; #json; #jsonError;

  /** changed is called after each change of the call. */
  constructor(operation, call, pickers, changed) {
    this.#operation = operation;
    this.#pickers = pickers;
    this.#changed = changed;
    this.call = { operation: operation.name, ids: {}, request: operation.argument ? {} : undefined, apiVersion: apiVersions[0], ...call };
    this.#line = element("code", { class: "request-line" });
    this.#fields = element("div", { class: "request-fields" });
    this.element = element("div", { class: "operation-form" }, this.#line, this.#ids(), this.#fields, this.#options(), ...this.#jsonEditor());
    this.#drawFields();
    this.#showCall();
  }

  /** Shows an error beside the field that its target names. Returns whether there is such a field. */
  showError(error) {
    this.clearErrors();
    const field = fieldAt(this.element, error?.target);
    if (!field) return false;
    const place = [...field.children].findLast(({ className }) => className === "field-error") ?? field.querySelector(".field-error");
    place.replaceChildren(element("strong", {}, error.message), error.hint ? ` ${error.hint}` : "");
    const control = field.querySelector("input, select, textarea");
    control?.setAttribute("aria-invalid", "true");
    control?.focus();
    return true;
  }

  clearErrors() {
    for (const place of this.element.querySelectorAll(".field-error")) if (place !== this.#jsonError) place.replaceChildren();
    for (const control of this.element.querySelectorAll("[aria-invalid]")) if (control !== this.#json) control.removeAttribute("aria-invalid");
  }

  /** Why the call cannot be made: the JSON is none. undefined if it can. */
  get problem() {
    return this.#jsonError?.textContent || undefined;
  }

  #ids() {
    const fields = this.#operation.ids.map((id) => {
      const field = { name: id, type: id.replace("Id", ""), required: true };
      return fieldOf(field, this.call.ids[id], id, (value) => this.#change({ ids: { ...this.call.ids, [id]: value } }), this.#pickers);
    });
    return element("div", { class: "request-fields" }, ...fields);
  }

  #options() {
    const version = { name: "api-version", type: "text", choices: apiVersions, limit: `Empty: ${this.#operation.version}, the client's default` };
    const token = { name: "idempotencyToken", type: "text", limit: "true, or a token of your own: sends exactly once" };
    const fields = [fieldOf(version, this.call.apiVersion, "options.apiVersion", (apiVersion) => this.#change({ apiVersion }))];
    if (this.#operation.takesIdempotencyToken) {
      const value = this.call.idempotencyToken === true ? "true" : this.call.idempotencyToken;
      fields.push(fieldOf(token, value, "options.idempotencyToken", (text) => this.#change({ idempotencyToken: text === "true" ? true : text })));
    }
    return element("div", { class: "request-fields" }, ...fields);
  }

  #jsonEditor() {
    if (!this.#operation.argument) return [];
    const id = newId("json");
    this.#jsonError = element("p", { class: "field-error", id: `${id}-error` });
    this.#json = element("textarea", { id, class: "json", rows: 6, spellcheck: "false", dir: "ltr", "aria-describedby": `${id}-error`, oninput: () => this.#readJSON() });
    const what = this.#operation.isList ? "Query as JSON" : "Body as JSON";
    return [element("div", { class: "request-field wide" }, element("label", { for: id }, what), this.#json, this.#jsonError)];
  }

  #drawFields() {
    if (!this.#operation.argument) return;
    const model = this.#operation.request;
    const change = (request) => this.#change({ request });
    const fields = this.#operation.argument === "identifier"
      ? [fieldOf({ name: "identifier", type: "identifier", required: true }, this.#identifier(), "identifier", (identifier) => change(identifier ?? {}), this.#pickers)]
      : fieldsOf(model, this.call.request, "", change, this.#pickers);
    this.#fields.replaceChildren(...fields);
  }

  #identifier() {
    return Object.keys(this.call.request).length > 0 ? this.call.request : undefined;
  }

  #change(part) {
    this.call = { ...this.call, nextLink: undefined, ...part };
    this.#showCall();
    this.#changed();
  }

  #showLine() {
    const line = requestLine(this.call);
    this.#line.title = line;
    this.#line.textContent = shortAddress(line);
  }

  /** Shows what the controls have changed. */
  #showCall() {
    this.#showLine();
    if (!this.#json) return;
    this.#json.value = JSON.stringify(this.call.request, null, 2);
    this.#showJSONProblem("");
  }

  #readJSON() {
    let request;
    try {
      request = JSON.parse(this.#json.value);
      if (!isObject(request)) throw new Error("it must be an object");
    } catch (error) {
      this.#showJSONProblem(`The JSON cannot be read: ${error.message}`);
      return;
    }
    this.#showJSONProblem("");
    this.call = { ...this.call, nextLink: undefined, request };
    this.#showLine();
    this.#drawFields();
    this.#changed();
  }

  #showJSONProblem(text) {
    this.#jsonError.textContent = text;
    if (text) this.#json.setAttribute("aria-invalid", "true");
    else this.#json.removeAttribute("aria-invalid");
  }
}

/** Returns the field with this path, or the nearest one around it. */
export function fieldAt(root, target) {
  for (let path = (target ?? "").replace(/^(request|options)\.(?!apiVersion|idempotencyToken)/, ""); path !== ""; path = path.replace(/(\.[^.[]*|\[\d+\]|^[^.[]+)$/, "")) {
    const found = root.querySelector(`[data-path="${CSS.escape(path)}"]`);
    if (found) return found;
  }
  return undefined;
}
