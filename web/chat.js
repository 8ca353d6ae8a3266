// Azure Communication Services Chat for web pages. This module loads the client, which is written in Go and compiled to
// WebAssembly, and hands on what it publishes. Types and documentation: chat.d.ts.

/** The version of this client. The build writes it from chatcore.Version. */
export const version = "0.1.0";

// Built-ins as they are when this module is evaluated: pages replace them later, as zone.js replaces Promise. Only fetch is
// looked up when it is called, because pages replace it on purpose. Go's support code needs more built-ins than the rest of
// this file. Object and URL keep their names: transpilers put code that uses Object in front of a module, and bundlers know URL.
const { Array, DataView, Date, Error, JSON, Map, Math, Number, Promise, Reflect, String, Symbol, TypeError, Uint8Array, Uint8ClampedArray } = globalThis;
const { clearTimeout, isNaN, parseInt, performance, queueMicrotask, setTimeout } = globalThis;
const [PlainObject, PageURL] = [Object, globalThis.URL];
const { assign, defineProperty, getOwnPropertyDescriptor, keys, values } = Object;
const { parse, stringify } = JSON;
const { captureStackTrace } = Error; // undefined in some browsers
const { isInteger } = Number;
const { ownKeys } = Reflect;
const { asyncIterator } = Symbol;

/** What every promise of this module rejects with; an abort alone rejects with the signal's own reason. */
export class ChatError extends Error {
  constructor(message, options) {
    const { cause, ...fields } = ownOf(options);
    super(message, cause === undefined ? undefined : { cause });
    assign(this, { attempts: 0 }, fields);
    made = this;
  }
}
defineProperty(ChatError.prototype, "name", { __proto__: null, value: "ChatError", writable: true, configurable: true });

/** Returns the own properties of an object, which may be missing: what every object inherits is none of its options. */
function ownOf(object) {
  return { __proto__: null, ...object };
}

let loading; // { source, promise } of the initialize that is under way or has succeeded
let made; // the last ChatError
let program; // the Go program that runs, see newProgram

/** Loads the client: fetches chat.wasm, or takes a compiled module, and starts it. */
export function initialize(options = {}) {
  let source;
  try {
    source = sourceOf(options);
  } catch (error) {
    return rejected(error instanceof ChatError ? error : invalid("options", "cannot be read", error));
  }
  if (loading === undefined) {
    const attempt = { source, promise: load(source) };
    attempt.promise.catch(() => {
      if (loading === attempt) loading = undefined; // it can be tried again
    });
    loading = attempt;
  } else if (loading.source !== source) {
    return rejected(invalid("options", "differ from those of the first call, which loads from " + (isURL(loading.source) ? loading.source : "a module")));
  }
  return loading.promise;
}

/** Returns the program that runs. */
function loaded(operation) {
  if (program !== undefined) return program;
  throw new ChatError(`${operation}: the client is not loaded yet`, {
    operation,
    code: "NotInitialized",
    hint: loading ? "Wait for the promise of initialize() first." : "Call initialize() first, and wait for its promise.",
  });
}

/** Makes a token for sendMessage, to be kept beside the draft of the message. */
export function newIdempotencyToken() {
  const running = loaded("newIdempotencyToken");
  const token = enter(running, () => running.newIdempotencyToken());
  if (token instanceof ChatError) throw token;
  return token;
}

/** Makes a client of one user. */
export function createClient(options) {
  const running = loaded("createClient");
  const id = enter(running, () => running.create(options));
  if (id instanceof ChatError) throw id;
  const client = {};
  running.methods.split(" ").forEach((name, index) => (client[name] = guardMethod(running, id, index)));
  client.close = () => void enter(running, () => running.closeClient(id));
  return client;
}

/**
 * Returns a method of a client. Plain data goes to the program as texts, other arguments as they are. The promise is one that
 * we keep until the program settles it; a list brings its own.
 */
function guardMethod(running, id, index) {
  return (...args) => {
    let number;
    const promise = new Promise((resolve, reject) => (number = keep(running, resolve, reject)));
    const texts = textsOf(args);
    const result = enter(running, () => (texts && running.call(id, index, number, texts)) || running.callMethod(id, index, number, ...args));
    if (result instanceof ChatError) return rejecting(promise);
    if (typeof result !== "object") return promise;
    take(running, number);
    return outliving(running, result);
  };
}

/**
 * Returns arguments as { texts, objects }, strings as they are and plain data as JSON, which has its bit set in objects; or
 * undefined where there are others. For the program texts are much cheaper than values.
 */
function textsOf(args) {
  const texts = [];
  let objects = 0;
  try {
    for (const value of args) {
      let text = value;
      if (typeof value === "object" && value !== null) {
        if (lengthOf(value) > maxLength) return undefined;
        objects |= 1 << texts.length;
        text = stringify(value);
      } else if (typeof value !== "string" || value.length > maxLength) return undefined;
      if (typeof text !== "string") return undefined;
      texts.push(writable(text));
    }
  } catch {
    return undefined; // of a cycle, or a getter that throws: the program says so
  }
  return { texts, objects };
}

const [maxLength, memberLength] = [2 ** 20, 16]; // as in length.go

/**
 * Returns the length of all texts in an object. It is infinite where they are too long, which is found before they are encoded,
 * and where JSON lacks some of the object, except members that are undefined. In both cases the program says what is wrong.
 */
function lengthOf(object) {
  const { constructor } = object; // which tells faster than the prototype, and takes what inherits from a plain object for one
  if ((constructor !== PlainObject && constructor !== Array) || object.length > maxLength) return Infinity;
  let length = 0;
  for (const value of values(object)) {
    length += memberLength;
    switch (typeof value) {
      case "string":
        length += value.length;
        break;
      case "object":
        if (value !== null) length += lengthOf(value);
        break;
      case "number":
        if (value - value !== 0) return Infinity; // NaN and Infinity, of which JSON makes null
        break;
      case "function":
      case "symbol":
      case "bigint":
        return Infinity;
    }
    if (length > maxLength) return Infinity;
  }
  return length;
}

let encoder; // made when the first program starts
const manyUnits = 8192; // of UTF-16, from which on a text is encoded before there is made room for it
const mostUnits = 2 ** 23; // that the program takes, however they are encoded

/** Returns a text as write takes it: as it is, or a longer one as UTF-8. */
function writable(text) {
  return text.length < manyUnits || text.length > mostUnits ? text : encoder.encode(text);
}

/** Keeps a promise's functions, so that the promise is settled even if the program ends before. Returns its number. */
function keep(running, resolve, reject) {
  running.pending.set(++running.kept, { resolve, reject, sent: undefined }); // sent: the message that was handed to fetch
  return running.kept;
}

/** Returns such functions, and keeps them no longer. */
function take(running, number) {
  const promise = running.pending.get(number);
  running.pending.delete(number);
  return promise;
}

/** Returns a promise, a list or an iterator that goes on when the program has ended. */
function outliving(running, result) {
  // Promises have no such property of their own. Their class says nothing: the page may have replaced it.
  return getOwnPropertyDescriptor(result, asyncIterator) ? guard(running, result) : outlive(running, result);
}

/** Returns a list or an iterator whose promises are settled even if the program ends before. */
function guard(running, object) {
  const guarded = {};
  for (const name of ownKeys(object)) {
    guarded[name] = (...args) => {
      const result = enter(running, () => object[name](...args));
      if (result instanceof ChatError) return rejecting(rejected(result));
      return result === object ? guarded : outliving(running, result);
    };
  }
  return guarded;
}

/** Returns a promise that is rejected. */
async function rejected(reason) {
  throw reason;
}

/** Returns a value that works both as a rejected promise and as a list whose iterations reject. */
function rejecting(promise) {
  const iterator = { next: () => promise, return: () => promise, [asyncIterator]: () => iterator };
  return assign(promise, { [asyncIterator]: () => iterator, byPage: () => promise });
}

/**
 * Calls into the program, and returns what it does, or the error of one that has ended. If an exception comes out, the
 * stack has overflowed in its midst and ruined it. Then there may be no room to do more than to note that: a microtask, which
 * was queued before, does the rest. Where a task begins, the stack has room.
 */
function enter(running, call, isTask = false) {
  if (!isTask && !running.isWatched) {
    running.watch();
    running.isWatched = true;
  }
  if (running.ruin === undefined) {
    made = undefined;
    try {
      const result = call();
      if (made !== undefined) captureStackTrace?.(made, enter); // the page's own lines, and not the program's functions
      made = undefined;
      return result;
    } catch (cause) {
      running.ruin = { cause };
    }
  }
  return end(running, running.ruin.cause);
}

/** Returns a promise that is settled as the given one is, or rejected if the program ends before. */
function outlive(running, promise) {
  return new Promise(async (resolve, reject) => {
    const number = keep(running, resolve, reject);
    try {
      const value = await promise;
      take(running, number)?.resolve(value);
    } catch (reason) {
      take(running, number)?.reject(reason);
    }
  });
}

/** Ends a program, which never does so by itself. Another can be started with initialize. */
function end(running, cause) {
  running.ruin ??= { cause };
  running.ended ??= new ChatError("the client's program has ended", {
    code: "InternalError",
    hint: "Call initialize() and createClient() again, and please report what led to it.",
    cause,
  });
  if (program === running) program = loading = undefined;
  for (const promise of running.pending.values()) fail(promise, running.ended);
  running.pending.clear();
  for (const release of running.heldLocks) release();
  running.leave?.();
  return running.ended;
}

/** Rejects a promise because of an error of ours. If it is that of a message that was handed to fetch, the message may have arrived. */
function fail({ reject, sent }, cause) {
  if (sent === undefined) return reject(cause);
  const { metadata } = ownOf(parse(sent));
  const { "acschat.idempotencyToken": idempotencyToken } = ownOf(metadata);
  const next = idempotencyToken ? "Send it again with the same idempotencyToken, unchanged: that finds out." : "Look at the thread before you send it again.";
  reject(
    new ChatError(`sendMessage: the message may or may not have been delivered (${cause.message})`, {
      operation: "sendMessage",
      code: "DeliveryUnknown",
      hint: `The message may have arrived. ${next}`,
      ...(idempotencyToken && { idempotencyToken }),
      cause,
    }),
  );
}

/** Returns what a program is handed when it starts: to the rest of this module it is the program. */
function newProgram(exports) {
  const running = { __proto__: null, ChatError, pending: new Map(), kept: 0, heldLocks: new Set(), isWatched: false };
  const controllers = new Map(); // of the fetches under way, by their keys
  const { AbortController } = globalThis;
  const decoder = new TextDecoder();
  encoder ??= new TextEncoder();
  let entries = 0;
  let response; // the one that the program is being told of

  /** Reads a text in the program's memory. */
  const read = (at, length) => decoder.decode(new Uint8Array(exports.mem.buffer, at, length));

  /** Writes texts where the program takes them, and returns their lengths; undefined if they are too long. */
  const write = (texts) => {
    let size = 0;
    for (const text of texts) size += (typeof text === "string" ? 3 : 1) * text.length;
    const room = exports["acschat.room"](size);
    if (room === 0) return undefined;
    const lengths = [];
    let at = room;
    for (const text of texts) {
      const bytes = new Uint8Array(exports.mem.buffer, at, room + size - at);
      const length = typeof text === "string" ? encoder.encodeInto(text, bytes).written : (bytes.set(text), text.length);
      lengths.push(length);
      at += length;
    }
    return lengths;
  };

  /** Ends the program where it was ruined while the stack had no room for that. */
  running.watch = async () => {
    await undefined; // a tenth of what queueMicrotask costs
    running.isWatched = false;
    if (running.ruin !== undefined) end(running, running.ruin.cause);
  };

  /** Has the program rest now and then, when it is not in the midst of something. */
  const rest = () => {
    if (++entries % 16 === 0) queueMicrotask(() => enter(running, exports["acschat.yield"], true));
  };

  running.create = (options) => {
    const data = textsOf([options]);
    const lengths = data?.objects === 1 && write(data.texts);
    return (lengths && exports["acschat.create"](...lengths)) || running.createClient(options);
  };

  running.call = (id, index, number, { texts, objects }) => {
    const lengths = texts.length <= 4 && write(texts);
    if (!lengths) return false;
    rest();
    while (lengths.length < 4) lengths.push(-1);
    return exports["acschat.call"](id, index, number, objects, ...lengths) !== 0;
  };

  running.resolvePromise = (number, at, length) => {
    const promise = running.pending.get(number);
    if (promise === undefined) return;
    try {
      promise.resolve(length > 0 ? parse(read(at, length)) : undefined);
    } catch (cause) {
      fail(promise, new ChatError("internal error: the result cannot be read", { code: "InternalError", hint: "Please report it.", cause }));
    }
    running.pending.delete(number);
  };
  running.rejectPromise = (number, reason) => take(running, number)?.reject(reason);

  /** Carries out an exchange, and tells the program how it ended. That of a send has the number of the send's promise. */
  running.beginExchange = async (key, number, fetch, urlAt, urlLength, initAt, initLength, bodyAt, bodyLength) => {
    let answer, status, text, reason;
    try {
      const url = read(urlAt, urlLength);
      const body = bodyLength > 0 ? read(bodyAt, bodyLength) : undefined;
      const controller = new AbortController();
      const init = { ...parse(read(initAt, initLength)), body, signal: controller.signal };
      controllers.set(key, controller);
      await undefined; // the page's own functions do not run inside the program
      if (running.ruin !== undefined || !controllers.has(key)) return; // its promise was rejected: nothing is sent any more
      const promise = running.pending.get(number);
      if (promise !== undefined) promise.sent = body;
      answer = await (fetch ?? globalThis.fetch)(url, init);
      status = isInteger(answer.status) && answer.status < 1000 ? answer.status : 0;
      const whole = await answer.text();
      if (typeof whole !== "string") throw new TypeError("the response's text is not a string");
      text = writable(whole);
    } catch (error) {
      reason = error;
      await undefined; // perhaps nothing was awaited yet
    }
    controllers.delete(key);
    response = answer;
    enter(running, () => {
      if (status === undefined) running.unanswered(key, reason);
      else if (text === undefined) running.unread(key, status, reason);
      else exports["acschat.answer"](key, status, write([text])?.[0] ?? -1);
    }, true);
    response = undefined;
    rest();
  };

  running.abortExchange = (key) => {
    const controller = controllers.get(key);
    controllers.delete(key);
    if (controller) queueMicrotask(() => controller.abort()); // the page may listen
  };

  running.headerField = (name) => response.headers.get(name);
  return running;
}

const isURL = (source) => typeof source === "string";

/** Returns what to load: a WebAssembly.Module, or a URL as a string. */
function sourceOf(options) {
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

let ownAddress; // of the chat.wasm beside this module

/** Returns where chat.wasm is by default. Bundlers know this very expression, and bring the file along. */
function besideThis() {
  try {
    return (ownAddress ??= new URL("./chat.wasm", import.meta.url).href);
  } catch (cause) { // a bundler has made a classic script of this
    throw loadError("this script does not know its own address", "Give the address of chat.wasm as wasmURL.", { cause });
  }
}

/** Returns what relative addresses are relative to: the page or the worker's script; for one made of a blob, its origin. */
function base() {
  const href = globalThis.document?.baseURI ?? globalThis.location?.href;
  return href?.startsWith("blob:") ? new PageURL(href).origin : href;
}

function invalid(name, problem, cause) {
  return new ChatError(`initialize: ${name} ${problem}`, { operation: "initialize", code: "InvalidArgument", target: name, cause });
}

function loadError(problem, hint, fields) {
  return new ChatError(`initialize: ${problem}`, { operation: "initialize", code: "LoadError", hint, ...fields });
}

async function load(source) {
  if (typeof WebAssembly === "undefined") {
    throw loadError("this browser has no WebAssembly, or has it turned off", "The client cannot run here.");
  }
  const retrieval = retrieve(source); // on its way while Go's support code is
  retrieval.catch(() => {}); // nobody waits for it if that does not come
  const Go = await goRuntime();
  const go = new Go();
  start(go, await instantiate(source, await retrieval, go.importObject));
}

let runtime; // the class Go of wasm_exec.js, which sets it when it is evaluated, and that is once

// <wasm_exec.js> For the package, cmd/dist puts the file itself in place of what is between these marks.
/** Returns the class that connects a Go program to JavaScript. */
async function goRuntime() {
  const url = new URL("wasm_exec.js", import.meta.url);
  try {
    runtime ??= await borrowGo(() => import("./wasm_exec.js"));
    // Another copy of this module, or the page, had it evaluated before: under another address it is evaluated again.
    runtime ??= await borrowGo(() => import(/* @vite-ignore */ `${url}?${Date.now()}`));
  } catch (cause) {
    throw loadError(`${url} cannot be loaded: ${cause.message}`, "Serve wasm_exec.js beside chat.js, from the same build, with the MIME type text/javascript.", { cause });
  }
  if (runtime === undefined) throw loadError(`${url} is not Go's wasm_exec.js`, "Serve the one that the build put beside chat.js.");
  return runtime;
}
// </wasm_exec.js>

/**
 * Evaluates wasm_exec.js, returns the class Go that it sets, and leaves globalThis as it would be without, but for fs.
 * While the file is on its way the page may load another Go program, with its own wasm_exec.js: that keeps what it set.
 */
async function borrowGo(evaluate) {
  const [go, ...others] = ["Go", "process", "path"].map((name) => {
    const earlier = getOwnPropertyDescriptor(globalThis, name);
    const values = [globalThis[name]];
    const isFixed = earlier?.configurable === false; // such as the page's own var path, which can only be looked at afterwards
    if (!isFixed) defineProperty(globalThis, name, { __proto__: null, configurable: true, enumerable: true, get: () => values.at(-1), set: (value) => values.push(value) });
    return { name, earlier, values, isFixed };
  });
  let isSet = false;
  try {
    const evaluation = evaluate();
    if (evaluation !== undefined) await evaluation; // in the package it is done, and nobody comes in between
    for (const { name, values, isFixed } of [go, ...others]) if (isFixed && globalThis[name] !== values[0]) values.push(globalThis[name]);
    isSet = go.values.length > 1; // and last by wasm_exec.js, which was evaluated just now
    return isSet ? go.values.at(-1) : undefined;
  } finally {
    const isAlone = go.values.length === 2;
    restore(go, isSet);
    for (const other of others) restore(other, isSet && isAlone);
  }
}

/** Makes a global what it was before, or what others have set it to since. */
function restore({ name, earlier, values, isFixed }, isOurs) {
  const isChanged = values.length > 1;
  if (isOurs && isChanged) values.pop();
  if (isFixed) {
    if (isChanged) globalThis[name] = values.at(-1);
  } else if (values.length > 1) defineProperty(globalThis, name, { __proto__: null, configurable: true, enumerable: true, writable: true, value: values.at(-1) });
  else if (earlier) defineProperty(globalThis, name, ownOf(earlier));
  else delete globalThis[name];
}

/** Returns the module, or a response that has it. */
async function retrieve(source) {
  if (!isURL(source)) return source;
  const isFile = source.startsWith("file:");
  const files = isFile && globalThis.process?.getBuiltinModule?.("node:fs/promises"); // Node does not fetch files
  try {
    if (files) return new Response(await files.readFile(new PageURL(source)), { __proto__: null, headers: { "Content-Type": "application/wasm" } });
    return await fetch(source);
  } catch (cause) {
    const hint = isFile
      ? "Check the address, or give another as wasmURL. Pages have to come from a server, and Node has to be 20.16 or newer."
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
    // A server that does not know the type costs the streaming, no more.
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (String.fromCharCode(...bytes.subarray(0, 4)) !== "\0asm") {
      throw loadError(`${source} is no WebAssembly but ${type}`, "The server answers with something else, perhaps a page for unknown addresses. Serve chat.wasm there, as application/wasm, or give its address as wasmURL.", { status: response.status });
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

/** Runs the Go program, which publishes createClient before run returns to us, and then stays. */
function start(go, instance) {
  const key = Symbol.for("acschat.loader");
  const running = newProgram(instance.exports);
  globalThis[key] = running;
  running.leave = () => (go._resume = () => {}); // timers and listeners do not call an ended program
  const ran = go.run(instance);
  delete globalThis[key];
  ran.then(() => end(running), (cause) => end(running, cause));
  if (typeof running.createClient !== "function") {
    throw loadError("the module is not this client", "Give the chat.wasm of this version as wasmURL or wasmModule.");
  }
  if (running.version !== version) {
    throw loadError(`the module is of version ${running.version}, and chat.js of ${version}`, "Serve the files of one build together, and see that no old one is cached.");
  }
  program = running;
}
