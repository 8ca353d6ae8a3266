// The groups of controls for fields that have fields of their own: lists, objects, and names with values.

import { isObject } from "./operation_call.js";
import { models } from "./operation_fields.js";
import { fieldOf } from "./operation_control.js";
import { button, element } from "../view.js";

/** Returns the controls of a field, whatever its type. change gets the new value, or undefined. */
export function controlsOf(field, value, path, change, pickers) {
  const { type } = field;
  if (type.endsWith("[]")) return listGroup(field, value, path, change, pickers);
  if (type === "metadata") return pairGroup(field, value, path, change);
  if (type !== "identifier" && models[type]) return group(field, path, fieldsOf(models[type], value, path, (made) => change(Object.keys(made).length > 0 ? made : undefined), pickers));
  return fieldOf(field, value, path, change, pickers);
}

/** Returns the controls of a model's fields. change gets a new object whenever one of them changes. */
export function fieldsOf({ fields }, given, path, change, pickers) {
  const value = isObject(given) ? given : {};
  let current = value;
  return fields.map((field) => {
    const own = path ? `${path}.${field.name}` : field.name;
    return controlsOf(field, value[field.name], own, (made) => {
      const { [field.name]: _, ...others } = current;
      current = made === undefined ? others : { ...current, [field.name]: made };
      change(current);
    }, pickers);
  });
}

function group({ name, required, limit, versions }, path, children) {
  const hints = [limit, versions && `api-version ${versions.join(" and ")} only`].filter(Boolean).join(". ");
  return element(
    "fieldset",
    { class: "request-field wide", "data-path": path },
    element("legend", {}, name, required && element("span", { class: "required" }, " required")),
    hints !== "" && element("p", { class: "hint" }, hints),
    ...children,
    element("p", { class: "field-error" }),
  );
}

function listGroup(field, value, path, change, pickers) {
  const model = models[field.type.slice(0, -2)];
  const items = Array.isArray(value) ? [...value] : [];
  const rows = element("div", { class: "rows" });
  const tell = () => change(items.length > 0 ? [...items] : undefined);
  const draw = () => {
    rows.replaceChildren(...items.map((item, i) => {
      const own = `${path}[${i}]`;
      const fields = fieldsOf(model, item, own, (made) => ((items[i] = made), tell()), pickers);
      const remove = button("Remove", () => (items.splice(i, 1), tell(), draw()), { class: "quiet", "aria-label": `Remove ${own}` });
      return element("div", { class: "row", "data-path": own }, ...fields, remove);
    }));
  };
  draw();
  const add = button(`Add to ${field.name}`, () => {
    items.push({});
    tell();
    draw();
    rows.lastElementChild.querySelector("input").focus();
  }, { class: "quiet" });
  return group(field, path, [rows, add]);
}

function pairGroup(field, value, path, change) {
  const pairs = isObject(value) ? Object.entries(value) : [];
  const rows = element("div", { class: "rows" });
  const tell = () => {
    const named = pairs.filter(([name]) => name !== "");
    change(named.length > 0 ? Object.fromEntries(named) : undefined);
  };
  const draw = () => {
    rows.replaceChildren(...pairs.map((pair, i) => element(
      "div",
      { class: "pair-row", "data-path": `${path}.${pair[0]}` },
      ...["name", "value"].map((what, j) => element("input", {
        value: String(pair[j]),
        placeholder: what,
        "aria-label": `${path}: ${what}`,
        oninput: ({ target }) => ((pair[j] = target.value), tell()),
      })),
      button("Remove", () => (pairs.splice(i, 1), tell(), draw()), { class: "quiet", "aria-label": `Remove ${path}.${pair[0]}` }),
    )));
  };
  draw();
  const add = button(`Add to ${field.name}`, () => {
    pairs.push(["", ""]);
    draw();
    rows.lastElementChild.querySelector("input").focus();
  }, { class: "quiet" });
  return group(field, path, [rows, add]);
}
