// Azure Communication Services Chat for web pages: what pages call, and how their arguments become text. The client itself is written
// in Go and compiled to WebAssembly: loading.js loads it, and border.js is between it and the page. Types and reference: chat.d.ts.

import { Array, ChatError, Date, Function, Map, PlainObject, RangeError, Reflect, Symbol, TypeError, getPrototypeOf, invalid, isURL, keys, load, parse, rejected, sourceOf, stringify } from "./loading.js";
import { Border } from "./border.js";

export { ChatError };

/** The version of this client. The build writes it from chatcore.Version. */
export const version = "0.1.0";

const { asyncIterator } = Symbol;
const { isArray } = Array;
const { apply } = Reflect;
const { prototype: plainPrototype } = PlainObject;
const { hasOwnProperty } = plainPrototype;
const { toISOString } = Date.prototype;
const { toString: toSource } = Function.prototype;

let loading; // { source, promise } of the initialize that is under way or has succeeded
let program; // the border of the program that runs

/** Loads the client: fetches chat.wasm, or takes a compiled module, and starts it. */
export function initialize(options = {}) {
  let source;
  try {
    source = sourceOf(options);
  } catch (error) {
    return rejected(error instanceof ChatError ? error : invalid("options", "cannot be read", error));
  }
  if (program?.ruin) loading = program = undefined;
  if (loading === undefined) {
    const attempt = { source, promise: start(source) };
    attempt.promise.catch(() => {
      if (loading === attempt) loading = undefined; // it can be tried again
    });
    loading = attempt;
  } else if (loading.source !== source) {
    return rejected(invalid("options", "differ from those of the first call, which loads from " + (isURL(loading.source) ? loading.source : "a module")));
  }
  return loading.promise;
}

const start = async (source) => {
  program = await load(source, version, (exports) => new Border(exports));
};

/** Returns the border of the program that runs. */
function running(operation) {
  if (program !== undefined && !program.ruin) return program;
  throw new ChatError(`${operation}: the client is not loaded yet`, {
    operation,
    code: "NotInitialized",
    hint: loading && !program ? "Wait for the promise of initialize() first." : "Call initialize() first, and wait for its promise.",
  });
}

/** Makes a token for sendMessage, to be kept beside the draft of the message. */
export function newIdempotencyToken() {
  const border = running("newIdempotencyToken");
  const token = border.enter(() => border.newIdempotencyToken());
  if (token instanceof ChatError) throw token;
  return token;
}

/** Makes a client of one user. */
export function createClient(options) {
  const border = running("createClient");
  const number = border.create(new Arguments([options], 0));
  const client = {};
  parse(border.methods).forEach(({ name, options, isList, isLive }, method) => {
    client[name] = (...values) => {
      const args = new Arguments(values, options);
      return isList ? newList(border, number, method, args, isLive) : border.call(number, method, args);
    };
  });
  return { ...client, close: () => border.close(number) };
}

/** Returns a list, over which any number of iterations can go, item by item or page by page. */
function newList(border, client, method, args, isLive) {
  const iterate = ({ text, thrown }, isByPage) => {
    const list = border.iterate(client, method, args, text, isByPage);
    const iterator = {
      next: () => border.next(client, list, iterator, args, thrown ?? args.thrown),
      return: async (value) => (border.leave(list), { value, done: true }),
      [asyncIterator]: () => iterator,
    };
    border.forgotten?.register(iterator, list);
    return iterator;
  };
  const list = { [asyncIterator]: () => iterate({ text: "", thrown: undefined }, false) };
  const byPage = (settings) => ((given) => ({ [asyncIterator]: () => iterate(given, true) }))(new Arguments([settings], -1));
  return isLive ? list : { ...list, byPage };
}

const maxLength = 2 ** 20, memberLength = 16, maxDepth = 20; // as in wasm/bare_argument.go

/** Puts a name before the path of a fault, which is "!", the kind of what JSON does not have, a space, and the path. */
function below(fault, name) {
  const at = fault.indexOf(" ") + 1;
  const isLast = at === fault.length || fault[at] === "[";
  return fault.slice(0, at) + name + (isLast ? "" : ".") + fault.slice(at);
}

/** The options that are not data: the bit that each has for the program, and what it has to be. */
const pageOptions = {
  __proto__: null,
  signal: { bit: 1, fits: isSignal },
  fetch: { bit: 2, fits: isFunction },
  onExchange: { bit: 4, fits: isFunction },
  token: { bit: 8, fits: isFunction },
};
const abortedBit = 16;

function isFunction(value) {
  return typeof value === "function";
}

/** Accepts signals of other frames and of polyfills, too. */
function isSignal(value) {
  if (typeof value !== "object" || value === null) return false;
  const { aborted, addEventListener, removeEventListener } = value;
  return typeof aborted === "boolean" && isFunction(addEventListener) && isFunction(removeEventListener);
}

/** The arguments of a call: data as text, and the options that are not data. */
class Arguments {
  text = ""; // a line for each argument: JSON, nothing for undefined, or a fault, which the program words
  has = 0; // the bits of these options
  signal;
  fetch;
  onExchange;
  token;
  thrown; // by a getter of the page's
  #left; // of the length that an argument may have

  constructor(values, optionsAt) {
    for (let i = 0; i < values.length && (i <= optionsAt || optionsAt < 0); i++) {
      this.#left = maxLength;
      let text;
      try {
        text = this.#write(values[i], i === optionsAt ? 0 : 1) ?? "";
        if (this.signal?.aborted) this.has |= abortedBit;
      } catch (error) {
        this.thrown ??= error;
        text = "!unreadable ";
      }
      if (text[0] === "!") text = stringify(text).slice(1, -1); // no line breaks
      this.text += i === 0 ? text : `\n${text}`;
    }
  }

  /** Returns a value as JSON, undefined where JSON has nothing for it, or a fault. Depth 0 is that of the options. */
  #write(value, depth) {
    switch (typeof value) {
      case "string":
        return (this.#left -= value.length) < 0 ? "!long " : stringify(value);
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
    const { length } = object; // of what has the names of its members made on demand
    if (typeof length === "number" && length > this.#left && length !== plainPrototype.length) return "!long ";
    const names = keys(object);
    let text = "";
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      const member = object[name];
      const option = depth === 0 ? pageOptions[name] : undefined;
      if (option?.fits(member)) {
        this[name] = member;
        this.has |= option.bit;
        continue;
      }
      const isData = option === undefined || member === undefined || (name === "token" && typeof member === "string");
      if (name.length > maxLength) return "!long ";
      const json = (this.#left -= name.length > memberLength ? name.length : memberLength) < 0 ? "!long " : isData ? this.#write(member, depth + 1) : `!${member === null ? null : typeof member} `;
      if (json === undefined) continue;
      if (json[0] === "!") return below(json, name);
      text += `${text && ","}${quoted(name)}:${json}`;
    }
    return `{${text}}`;
  }

  #writeItems(array, depth) {
    if (array.length > this.#left) return "!long ";
    let text = "";
    for (let i = 0; i < array.length; i++) {
      const json = ((this.#left -= memberLength) < 0 ? "!long " : this.#write(array[i], depth + 1)) ?? "null";
      if (json[0] === "!") return below(json, `[${i}]`);
      text += i === 0 ? json : `,${json}`;
    }
    const last = keys(array).at(-1); // other members come after the items, and JSON drops them
    return last !== undefined && `${last >>> 0}` !== last ? `!${typeof array[last]} [${last}]` : `[${text}]`;
  }

  /**
   * Writes what the class of an object makes of it by toJSON, as JSON does; else its members. A toJSON that the page has set on a
   * built-in prototype counts for nothing.
   */
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
          if (error instanceof RangeError) data = null; // an invalid Date; what is no Date has a TypeError
        }
      }
    }
    if (data === null && isFunction(object.getTime)) return "!Date ";
    if (typeof data !== "object" || data === null) return this.#write(data, depth) ?? "!object ";
    return isArray(data) ? this.#writeItems(data, depth) : this.#writeMembers(data, depth);
  }
}

const quotedNames = new Map(); // of members, which are few

function quoted(name) {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  const text = stringify(name);
  if (quotedNames.size < 100) quotedNames.set(name, text);
  return text;
}

/** Tells whether an object is the prototype of one of the browser's own classes. */
const isBuiltIn = (object) => isNative(object?.constructor) && object.constructor.prototype === object;

const isNative = (f) => isFunction(f) && /^function \w+\(\) \{\s+\[native code\]\s+\}$/.test(apply(toSource, f, []));
