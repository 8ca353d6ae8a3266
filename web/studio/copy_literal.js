// Writes values as literals: of JavaScript, of Go, and as words of a POSIX shell. Any text survives, whatever characters it has.

import { models } from "./operation_fields.js";

const width = 100; // of a line, from which on a literal is broken

// Characters that are invisible, change the direction of text, end lines in some languages, or are half of a surrogate pair. Emoji and some
// scripts need the two joiners.
const unsafe = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Cn}]/gu;
const hex = (character, length) => character.codePointAt(0).toString(16).padStart(length, "0");

/** Returns a string as a literal of JavaScript, also inside a script element of HTML. */
export function jsString(text) {
  const escaped = JSON.stringify(text).replace(unsafe, (c) => (c.codePointAt(0) > 0xffff ? `\\u{${hex(c, 1)}}` : `\\u${hex(c, 4)}`));
  return escaped.replace(/<(?=[!/]|script)/gi, "\\x3c");
}

/** Returns a string as a literal of Go. Requests contain no halves of surrogate pairs, and Go has no literal for them. */
export function goString(text) {
  const escaped = JSON.stringify(text.replace(/\p{Cs}/gu, "\ufffd"));
  return escaped.replace(unsafe, (c) => (c.codePointAt(0) > 0xffff ? `\\U${hex(c, 8)}` : `\\u${hex(c, 4)}`));
}

/** Returns a string as one word of a POSIX shell. */
export const shellWord = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** Returns JSON with the unsafe characters of its strings escaped, so that it can be pasted anywhere. */
export const safeJSON = (json) => json.replace(unsafe, (c) => [...Array(c.length)].map((_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, "0")}`).join(""));

const isName = (name) => /^[A-Za-z_$][\w$]*$/.test(name);
const jsName = (name) => (name === "__proto__" ? '["__proto__"]' : isName(name) ? name : jsString(name));

/** Returns the field types of a model, by name. */
const typesOf = (type) => Object.fromEntries((models[type]?.fields ?? []).map((field) => [field.name, field.type]));

/** Returns the raw id if it is all that an identifier says. */
export function rawIdOf(identifier) {
  const { rawId, communicationUser, ...others } = identifier;
  if (Object.keys(others).length > 0 || !/^8:(dod-|gcch-)?acs:[^_]*_[^_]*$/.test(rawId)) return undefined;
  return communicationUser?.id === rawId && Object.keys(communicationUser).length === 1 ? rawId : undefined;
}

/** Returns a value as an expression of JavaScript. expressionOf(type, text) may give an expression for an id, in place of a literal. */
export function jsValue(value, { type, types = typesOf(type), expressionOf = () => undefined, indent = "" } = {}) {
  if (typeof value === "string") return expressionOf(type, value) ?? jsString(value);
  if (typeof value !== "object" || value === null) return String(value);
  const rawId = type === "identifier" && rawIdOf(value);
  if (rawId) return expressionOf("user", rawId) ?? jsString(rawId);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const write = (item, type, indent) => jsValue(item, { type, expressionOf, indent });
  const itemType = type?.replace("[]", "");
  const items = isList
    ? value.map((item) => write(item, itemType, inner))
    : Object.entries(value).map(([name, item]) => `${jsName(name)}: ${write(item, types[name], inner)}`);
  const [open, close] = isList ? ["[", "]"] : ["{ ", " }"];
  const line = items.length === 0 ? (open + close).replace(/ +/, "") : open + items.join(", ") + close;
  if (line.length + indent.length <= width && !line.includes("\n")) return line;
  return `${open.trim()}\n${items.map((item) => `${inner}${item},\n`).join("")}${indent}${close.trim()}`;
}

const goName = (name) => (name[0].toUpperCase() + name.slice(1)).replace(/(Id|Url)$/, (end) => end.toUpperCase());

/** Returns a request as a composite literal of package chatcore. */
export function goRequest(request, { go, fields }, indent) {
  return `chatcore.${go}{${goMembers(request, fields, indent)}}`;
}

function goMembers(value, fields, indent) {
  return fields.filter(({ name }) => value[name] !== undefined).map((field) => `${goName(field.name)}: ${goValue(value[field.name], field, indent)}`).join(", ");
}

function goValue(value, { type }, indent) {
  if (type.endsWith("[]")) return goList(value, models[type.slice(0, -2)], indent);
  if (type === "metadata") return `chatcore.Metadata{${Object.entries(value).map(([name, text]) => `${goString(name)}: ${goString(text)}`).join(", ")}}`;
  if (type === "identifier") return goIdentifier(value, indent);
  if (type === "boolean") return `new(${value})`;
  if (type === "number") return String(value);
  const model = models[type];
  if (model) return (model.isPointer ? "&" : "") + goRequest(value, model, indent);
  return goString(value);
}

/** Writes each item on a line of its own. gofmt leaves such lists alone. */
function goList(items, { go, fields }, indent) {
  const inner = `${indent}\t`;
  return `[]chatcore.${go}{\n${items.map((item) => `${inner}{${goMembers(item, fields, inner)}},\n`).join("")}${indent}}`;
}

/** Returns an identifier as an expression of Go. */
export function goIdentifier(identifier, indent) {
  const rawId = typeof identifier === "string" ? identifier : rawIdOf(identifier);
  return rawId ? `chatcore.RawIdentifier(${goString(rawId)})` : goRequest(identifier, models.identifier, indent);
}
