// Loads the program: fetches chat.wasm or uses a compiled module, evaluates Go's support code (wasm_exec.js), and starts the program. Also has
// the built-ins and errors that the other modules use.

// The built-ins are bound when this module is evaluated, because pages replace them later, as zone.js replaces Promise. fetch is looked
// up for each call, because pages replace it on purpose. Go's support code uses some of these names. Object and URL cannot be declared
// here: transpilers put code that uses Object in front of a module, and bundlers look for URL.
export const { Array, DataView, Date, Error, Function, JSON, Map, Math, Number, Promise, RangeError, Reflect, Set, String, Symbol, TypeError } = globalThis;
export const { Uint8Array, Uint8ClampedArray, clearTimeout, isNaN, parseInt, performance, queueMicrotask, setTimeout } = globalThis;
export const { assign, defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf, keys } = Object;
export const PlainObject = Object, PageURL = globalThis.URL;
export const { parse, stringify } = JSON;

/** The error that every promise of this package rejects with, except after an abort: then it is the reason of the signal. */
export class ChatError extends Error {
  constructor(message, options) {
    const { cause, ...fields } = ownOf(options);
    super(message, cause === undefined ? undefined : { cause });
    assign(this, { attempts: 0 }, fields);
  }
}
defineProperty(ChatError.prototype, "name", { __proto__: null, value: "ChatError", writable: true, configurable: true });

/** Returns the own properties of an object, or of undefined. A page may have added properties to Object.prototype. */
const ownOf = (object) => ({ __proto__: null, ...object });

/** Returns the error for all calls after the program has ended. */
export function programEnded(cause) {
  const hint = "Call initialize() and createClient() again. Please report what led to this.";
  return new ChatError("the client's program has ended", { code: "InternalError", hint, cause });
}

/** Returns the error for a message that was given to fetch before the program ended. sentBody is the request body. */
export function deliveryUnknown(sentBody, cause) {
  const { "acschat.idempotencyToken": idempotencyToken } = ownOf(ownOf(parse(sentBody)).metadata);
  const next = idempotencyToken ? "Send it again, unchanged and with the same idempotencyToken, to find out." : "Look at the thread before you send it again.";
  return new ChatError(`sendMessage: the message may or may not have been delivered (${cause.message})`, {
    operation: "sendMessage",
    code: "DeliveryUnknown",
    hint: `The message may have arrived. ${next}`,
    ...(idempotencyToken && { idempotencyToken }),
    cause,
  });
}

/** Returns a rejected promise. */
export async function rejected(reason) {
  throw reason;
}

export const isURL = (source) => typeof source === "string";

/** Returns what to load: a WebAssembly.Module, or an absolute URL as a string. Throws a ChatError for bad options. */
export function sourceOf(options) {
  if (typeof options !== "object" || options === null) throw invalid("options", "must be an object");
  for (const name of keys(options)) {
    if (name !== "wasmURL" && name !== "wasmModule") throw invalid(name, "is not a known option");
  }
  const { wasmURL, wasmModule } = ownOf(options);
  if (wasmModule !== undefined) {
    if (wasmURL !== undefined) throw invalid("wasmModule", "and wasmURL exclude each other");
    if (!(wasmModule instanceof (globalThis.WebAssembly?.Module ?? Array))) throw invalid("wasmModule", "must be a WebAssembly.Module");
    return wasmModule;
  }
  if (wasmURL === undefined) return besideThis();
  if (typeof wasmURL !== "string" && !(wasmURL instanceof PageURL)) throw invalid("wasmURL", "must be a string or a URL");
  try {
    return new PageURL(wasmURL, base()).href;
  } catch (cause) {
    throw invalid("wasmURL", base() === undefined ? "must be absolute where there is no page" : "is not a URL", cause);
  }
}

let defaultURL; // of the chat.wasm beside this module

/** Returns the default URL of chat.wasm. Bundlers recognize exactly this expression, and add the file to their output. */
function besideThis() {
  try {
    return (defaultURL ??= new URL("./chat.wasm", import.meta.url).href);
  } catch (cause) { // a bundler has made a classic script of this module
    throw loadError("this script does not know its own address", "Give the address of chat.wasm as wasmURL.", { cause });
  }
}

/** Returns the URL that relative URLs are relative to: of the page or of the worker's script, or the origin of a script from a blob. */
function base() {
  const href = globalThis.document?.baseURI ?? globalThis.location?.href;
  return href?.startsWith("blob:") ? new PageURL(href).origin : href;
}

export function invalid(name, problem, cause) {
  return new ChatError(`initialize: ${name} ${problem}`, { operation: "initialize", code: "InvalidArgument", target: name, cause });
}

function loadError(problem, hint, fields) {
  return new ChatError(`initialize: ${problem}`, { operation: "initialize", code: "LoadError", hint, ...fields });
}

/** Starts the program, and returns its Border, which connect makes from the program's exports. */
export async function load(source, version, connect) {
  if (typeof WebAssembly === "undefined") {
    throw loadError("this browser does not support WebAssembly, or it is turned off", "The client cannot run without WebAssembly.");
  }
  const retrieval = retrieve(source); // in parallel with Go's support code
  retrieval.catch(() => {}); // not awaited if the support code cannot be loaded
  const Go = await goRuntime();
  const go = new Go();
  const instance = await instantiate(source, await retrieval, go.importObject);
  const key = Symbol.for("acschat.loader");
  const border = (globalThis[key] = connect(instance.exports));
  border.stopGoCallbacks = () => (go._resume = () => {});
  const ran = go.run(instance); // the program has started when run returns; the promise settles when it ends
  delete globalThis[key];
  ran.then(() => border.end(), (cause) => border.end(cause));
  if (border.version === undefined) {
    throw loadError("the module is not this client", "Give the chat.wasm of this version as wasmURL or wasmModule.");
  }
  if (border.version !== version) {
    throw loadError(`the module is of version ${border.version}, and chat.js of ${version}`, "Serve the files of one build together, and check that none of them is an old one from a cache.");
  }
  return border;
}

let runtime; // the class Go of wasm_exec.js, which is evaluated once

// <wasm_exec.js> In the package, cmd/dist replaces the text between these marks with the file itself.
/** Returns the class Go. */
async function goRuntime() {
  const url = new URL("wasm_exec.js", import.meta.url);
  try {
    runtime ??= await borrowGo(() => import("./wasm_exec.js"));
    // A module is evaluated once for each URL. If the page, or another copy of this module, has imported it before, another URL is needed.
    runtime ??= await borrowGo(() => import(/* @vite-ignore */ `${url}?${Date.now()}`));
  } catch (cause) {
    throw loadError(`${url} cannot be loaded: ${cause.message}`, "Serve wasm_exec.js beside chat.js, from the same build, with the MIME type text/javascript.", { cause });
  }
  if (runtime === undefined) throw loadError(`${url} is not Go's wasm_exec.js`, "Serve the one that the build put beside chat.js.");
  return runtime;
}
// </wasm_exec.js>

/**
 * Evaluates wasm_exec.js, and returns the class Go that it sets. Restores the globals that it sets, except fs. If the page loads another Go
 * program in the meantime, with its own wasm_exec.js, the globals of that program stay.
 */
async function borrowGo(evaluate) {
  const [go, ...others] = ["Go", "process", "path"].map((name) => {
    const earlier = getOwnPropertyDescriptor(globalThis, name);
    // The value before, and all values that were set since.
    const values = [earlier?.get ? tried(() => globalThis[name]) : globalThis[name]];
    const isFixed = earlier?.configurable === false; // such as a "var path" of the page: its value is compared afterwards
    if (!isFixed) defineProperty(globalThis, name, { __proto__: null, configurable: true, enumerable: true, get: () => values.at(-1), set: (value) => values.push(value) });
    return { name, earlier, values, isFixed };
  });
  let isSet = false;
  try {
    const evaluation = evaluate();
    if (evaluation !== undefined) await evaluation; // in the package it is done at once, and no other script can run in between
    for (const { name, earlier, values, isFixed } of [go, ...others]) {
      // A getter may return a new value each time, although nobody has set one.
      if (isFixed && !earlier.get && globalThis[name] !== values[0]) values.push(globalThis[name]);
    }
    isSet = go.values.length > 1; // the last value comes from wasm_exec.js, which was evaluated just now
    return isSet ? go.values.at(-1) : undefined;
  } finally {
    const isOnlyOurs = go.values.length === 2;
    restore(go, isSet);
    for (const other of others) restore(other, isSet && isOnlyOurs);
  }
}

/** Returns what f returns, or undefined if it throws. */
export function tried(f) {
  try {
    return f();
  } catch {
    return undefined;
  }
}

/** Restores a global to its earlier value, or to the value that the page has set since. isOurs says that the last value is from wasm_exec.js. */
function restore({ name, earlier, values, isFixed }, isOurs) {
  const isChanged = values.length > 1;
  if (isOurs && isChanged) values.pop();
  if (isFixed) {
    if (isChanged) tried(() => (globalThis[name] = values.at(-1)));
  } else if (values.length > 1) defineProperty(globalThis, name, { __proto__: null, configurable: true, enumerable: true, writable: true, value: values.at(-1) });
  else if (earlier) defineProperty(globalThis, name, ownOf(earlier));
  else delete globalThis[name];
}

/** Returns the module, or the response that contains it. */
async function retrieve(source) {
  if (!isURL(source)) return source;
  const isFile = source.startsWith("file:");
  const files = isFile && globalThis.process?.getBuiltinModule?.("node:fs/promises"); // fetch in Node does not read files
  try {
    if (files) return new Response(await files.readFile(new PageURL(source)), { __proto__: null, headers: { "Content-Type": "application/wasm" } });
    return await fetch(source);
  } catch (cause) {
    const hint = isFile
      ? "Check the address, or pass another as wasmURL. Pages must come from a server, and Node must be 20.16 or newer."
      : "Check the address, and that connect-src of the page's Content-Security-Policy and CORS allow it.";
    throw loadError(`${source} cannot be fetched: ${cause.message}`, hint, { cause });
  }
}

async function instantiate(source, retrieved, imports) {
  if (retrieved === source) {
    return WebAssembly.instantiate(source, imports).catch((cause) => {
      throw loadError(`the module cannot be started: ${cause.message}`, "Compile it from the chat.wasm of this version.", { cause });
    });
  }
  const response = retrieved;
  if (!response.ok) {
    throw loadError(`${source} answered HTTP ${response.status}`, "Serve chat.wasm beside chat.js, or give its address as wasmURL.", { status: response.status });
  }
  const type = response.headers.get("Content-Type") ?? "no MIME type";
  try {
    if (/^application\/wasm\b/i.test(type)) {
      return (await WebAssembly.instantiateStreaming(response, imports)).instance;
    }
    // With another Content-Type the module still works, but it cannot be compiled while it is downloaded.
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (String.fromCharCode(...bytes.subarray(0, 4)) !== "\0asm") {
      throw loadError(`${source} is no WebAssembly but ${type}`, "The server sent something else, perhaps its page for unknown addresses. Serve chat.wasm there, as application/wasm, or give its address as wasmURL.", { status: response.status });
    }
    return (await WebAssembly.instantiate(bytes, imports)).instance;
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    const blocked = /content security policy|unsafe-eval|\bCSP\b/i.test(cause.message);
    throw loadError(
      blocked ? `the page's Content-Security-Policy forbids WebAssembly: script-src lacks 'wasm-unsafe-eval'` : `${source} (${type}) cannot be started: ${cause.message}`,
      blocked ? "Add 'wasm-unsafe-eval' to script-src." : "The file may be damaged or of another version than chat.js and wasm_exec.js.",
      { cause, status: response.status },
    );
  }
}
