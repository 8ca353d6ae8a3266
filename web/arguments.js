// Writes the arguments of the page's calls as text. Nothing here knows what an argument means: the program judges it.

import { Array, Date, Function, Map, PlainObject, RangeError, Reflect, TypeError, getPrototypeOf, keys, stringify } from "./error.js";

const { isArray } = Array;
const { apply } = Reflect;
const { prototype: objectPrototype } = PlainObject;
const { hasOwnProperty } = objectPrototype;
const { toISOString } = Date.prototype;
const { toString: functionToString } = Function.prototype;

// Limits of an argument, explained in wasm/bare_argument.go. A fault is text for a value that JSON cannot represent: "!", the kind of the
// value, a space, and its path, such as "!function metadata.a". The program makes an error of it.
const maxLength = 2 ** 20, memberLength = 16, maxDepth = 20;

/** Puts a name before the path of a fault. */
function prefixPath(fault, name) {
  const pathStart = fault.indexOf(" ") + 1;
  const isLast = pathStart === fault.length || fault[pathStart] === "[";
  return fault.slice(0, pathStart) + name + (isLast ? "" : ".") + fault.slice(pathStart);
}

const isFunction = (value) => typeof value === "function";

/** The options that are not data: the bit that tells the program of one, and what it must be. */
const nonDataOptions = {
  __proto__: null,
  signal: { bit: 1, fits: isSignal },
  fetch: { bit: 2, fits: isFunction },
  onExchange: { bit: 4, fits: isFunction },
  token: { bit: 8, fits: isFunction },
};
const abortedBit = 16;

/** Accepts signals from other frames and from polyfills, too. */
function isSignal(value) {
  if (typeof value !== "object" || value === null) return false;
  const { aborted, addEventListener, removeEventListener } = value;
  return typeof aborted === "boolean" && isFunction(addEventListener) && isFunction(removeEventListener);
}

/** The arguments of a call: the data as text, and the options that are not data. */
export class Arguments {
  text = ""; // a line for each argument: JSON, nothing for undefined, or a fault
  attached = 0; // the bits of the options that are not data
  signal;
  fetch;
  onExchange;
  token;
  thrown; // what reading the arguments threw first, such as a getter of the page
  #remaining; // how much of maxLength is left for the argument

  constructor(values, optionsIndex) {
    for (let i = 0; i < values.length && (i <= optionsIndex || optionsIndex < 0); i++) {
      this.#remaining = maxLength;
      let text;
      try {
        text = this.#write(values[i], i === optionsIndex ? 0 : 1) ?? "";
        if (this.signal?.aborted) this.attached |= abortedBit;
      } catch (error) {
        this.thrown ??= error;
        text = "!unreadable ";
      }
      if (text[0] === "!") text = stringify(text).slice(1, -1); // escapes line breaks in the path
      this.text += i === 0 ? text : `\n${text}`;
    }
  }

  /** Returns a value as JSON, undefined for undefined, or a fault. The options are at depth 0, where signals and functions are allowed. */
  #write(value, depth) {
    switch (typeof value) {
      case "string":
        return (this.#remaining -= value.length) < 0 ? "!long " : stringify(value);
      case "number":
        return value - value === 0 ? `${value}` : `!${value} `;
      case "boolean":
        return `${value}`;
      case "undefined":
        return undefined;
      case "object":
        if (value === null) return "null";
        if (depth > maxDepth) throw new TypeError("circular structure, or one more than 20 levels deep");
        if (value.toJSON !== undefined) return this.#writeConverted(value, depth);
        return isArray(value) ? this.#writeItems(value, depth) : this.#writeMembers(value, depth);
    }
    return `!${typeof value} `;
  }

  #writeMembers(object, depth) {
    const { length } = object; // a typed array, for example, would make millions of names
    if (typeof length === "number" && length > this.#remaining && length !== objectPrototype.length) return "!long ";
    const names = keys(object);
    let text = "";
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      const member = object[name];
      const option = depth === 0 ? nonDataOptions[name] : undefined;
      if (option?.fits(member)) {
        this[name] = member;
        this.attached |= option.bit;
        continue;
      }
      const isData = option === undefined || member === undefined || (name === "token" && typeof member === "string");
      if (name.length > maxLength) return "!long ";
      const json = (this.#remaining -= name.length > memberLength ? name.length : memberLength) < 0 ? "!long " : isData ? this.#write(member, depth + 1) : `!${member === null ? null : typeof member} `;
      if (json === undefined) continue;
      if (json[0] === "!") return prefixPath(json, name);
      text += `${text && ","}${quoted(name)}:${json}`;
    }
    return `{${text}}`;
  }

  #writeItems(array, depth) {
    if (array.length > this.#remaining) return "!long ";
    let text = "";
    for (let i = 0; i < array.length; i++) {
      const json = ((this.#remaining -= memberLength) < 0 ? "!long " : this.#write(array[i], depth + 1)) ?? "null";
      if (json[0] === "!") return prefixPath(json, `[${i}]`);
      text += i === 0 ? json : `,${json}`;
    }
    const last = keys(array).at(-1); // members that are not items come last, and JSON drops them
    return last !== undefined && `${last >>> 0}` !== last ? `!${typeof array[last]} [${last}]` : `[${text}]`;
  }

  /** Writes what toJSON returns, as JSON.stringify does, or the members. Ignores a toJSON that the page has added to a built-in prototype. */
  #writeConverted(object, depth) {
    const { toJSON } = object;
    let holder = object;
    while (holder !== null && !apply(hasOwnProperty, holder, ["toJSON"])) holder = getPrototypeOf(holder);
    let data = object;
    if (isFunction(toJSON)) {
      if (!isBuiltIn(holder) || isNative(toJSON)) data = apply(toJSON, object, [""]);
      else if (object instanceof URL) data = `${object}`;
      else {
        try {
          data = apply(toISOString, object, []);
        } catch (error) {
          if (error instanceof RangeError) data = null; // an invalid Date; other objects cause a TypeError
        }
      }
    }
    if (data === null && isFunction(object.getTime)) return "!Date ";
    if (typeof data !== "object" || data === null) return this.#write(data, depth) ?? "!object ";
    return isArray(data) ? this.#writeItems(data, depth) : this.#writeMembers(data, depth);
  }
}

const quotedNames = new Map(); // JSON of the names of members, which are few

function quoted(name) {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  const text = stringify(name);
  if (quotedNames.size < 100) quotedNames.set(name, text);
  return text;
}

/** Reports whether an object is the prototype of a built-in class. */
const isBuiltIn = (object) => isNative(object?.constructor) && object.constructor.prototype === object;

const isNative = (f) => isFunction(f) && /^function \w+\(\) \{\s+\[native code\]\s+\}$/.test(apply(functionToString, f, []));
