// Azure Communication Services Chat for web pages: the functions that pages call, and how their arguments become text. The client is written
// in Go and compiled to WebAssembly. loading.js loads it, and border.js connects it to the page. Types and reference: chat.d.ts.

import { Array, ChatError, Date, Function, Map, PlainObject, RangeError, Reflect, Symbol, TypeError, getPrototypeOf, invalid, isURL, keys, load, parse, rejected, sourceOf, stringify } from "./loading.js";
import { Border } from "./border.js";

export { ChatError };

/** The version of this client. The build writes it from chatcore.Version. */
export const version = "0.1.0";

const { asyncIterator } = Symbol;
const { isArray } = Array;
const { apply } = Reflect;
const { prototype: objectPrototype } = PlainObject;
const { hasOwnProperty } = objectPrototype;
const { toISOString } = Date.prototype;
const { toString: functionToString } = Function.prototype;

let loading; // { source, promise } of the initialize that is in flight or has succeeded
let program; // the Border of the running program

/** Loads the client: fetches chat.wasm, or uses a compiled module, and starts it. Later calls return the same promise. */
export function initialize(options = {}) {
  let source;
  try {
    source = sourceOf(options);
  } catch (error) {
    return rejected(error instanceof ChatError ? error : invalid("options", "cannot be read", error));
  }
  if (program?.crash) loading = program = undefined;
  if (loading === undefined) {
    const attempt = { source, promise: start(source) };
    attempt.promise.catch(() => {
      if (loading === attempt) loading = undefined; // initialize can be called again
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

/** Returns the Border of the running program. Throws NotInitialized if there is none. */
function running(operation) {
  if (program !== undefined && !program.crash) return program;
  throw new ChatError(`${operation}: the client is not loaded yet`, {
    operation,
    code: "NotInitialized",
    hint: loading && !program ? "Wait for the promise of initialize() first." : "Call initialize() first, and wait for its promise.",
  });
}

/** Returns an idempotency token for sendMessage. Store it with the draft of the message. */
export function newIdempotencyToken() {
  const border = running("newIdempotencyToken");
  const token = border.enter(() => border.newIdempotencyToken());
  if (token instanceof ChatError) throw token;
  return token;
}

/** Creates a client for one user. */
export function createClient(options) {
  const border = running("createClient");
  const id = border.create(new Arguments([options], 0));
  const client = {};
  parse(border.methods).forEach(({ name, options, isList, isLive }, method) => {
    client[name] = (...values) => {
      const args = new Arguments(values, options);
      return isList ? newList(border, id, method, args, isLive) : border.call(id, method, args);
    };
  });
  return { ...client, close: () => border.close(id) };
}

/** Returns a list: an async iterable of items, with byPage for an async iterable of pages. It can be iterated any number of times. */
function newList(border, client, method, args, isLive) {
  const iterable = ({ text, thrown }, isByPage) => ({
    [asyncIterator]: () => {
      const iteration = border.iterate(client, method, args, text, isByPage);
      const iterator = {
        next: () => border.next(client, iteration, iterator, args, thrown ?? args.thrown),
        return: async (value) => (border.leave(iteration), { value, done: true }),
        [asyncIterator]: () => iterator,
      };
      border.iteratorRegistry?.register(iterator, iteration);
      return iterator;
    },
  });
  const list = iterable({ text: "", thrown: undefined }, false);
  return isLive ? list : { ...list, byPage: (settings) => iterable(new Arguments([settings], -1), true) };
}

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
class Arguments {
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
