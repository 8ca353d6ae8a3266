// Azure Communication Services Chat for web pages. This module loads the client, which is written in Go and compiled to
// WebAssembly, and hands on what it publishes. Types and documentation: chat.d.ts.

/** The version of this client. The build writes it from chatcore.Version. */
export const version = "0.1.0";

/** What every promise of this module rejects with; an abort alone rejects with the signal's own reason. */
export class ChatError extends Error {
  constructor(message, { cause, ...fields } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, fields);
  }
}
Object.defineProperty(ChatError.prototype, "name", { value: "ChatError", writable: true, configurable: true });

let loading; // { source, promise } of the initialize that is under way or has succeeded
let program; // the Go program that runs: { createClient, pending }

/** Loads the client: fetches chat.wasm, or takes a compiled module, and starts it. */
export function initialize(options = {}) {
  let source;
  try {
    source = sourceOf(options);
  } catch (error) {
    return Promise.reject(error instanceof ChatError ? error : invalid("options", "cannot be read", error));
  }
  if (loading === undefined) {
    const attempt = { source, promise: load(source) };
    attempt.promise.catch(() => {
      if (loading === attempt) loading = undefined; // it can be tried again
    });
    loading = attempt;
  } else if (loading.source !== source && (source.href ?? NaN) !== loading.source.href) {
    return Promise.reject(invalid("options", "differ from those of the first call, which loads from " + (loading.source.href ?? "a module")));
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
  const client = enter(running, () => running.createClient(options));
  if (client instanceof ChatError) throw client;
  const { close, ...methods } = client;
  return { ...guard(running, methods), close: () => void enter(running, close) };
}

/**
 * Returns an object with the same methods, which give promises or further such objects (lists and iterators), and go on
 * giving them when the program has ended.
 */
function guard(running, object) {
  const guarded = {};
  for (const name of Reflect.ownKeys(object)) {
    guarded[name] = (...args) => {
      const result = enter(running, () => object[name](...args));
      if (result instanceof ChatError) return rejecting(result);
      if (result === object) return guarded;
      return result instanceof Promise ? outlive(running, result) : guard(running, result);
    };
  }
  return guarded;
}

/** Returns a promise that is rejected, and a list whose iterations reject, in one. */
function rejecting(error) {
  const rejected = Promise.reject(error);
  const iterator = { next: () => rejected, return: () => rejected, [Symbol.asyncIterator]: () => iterator };
  return Object.assign(rejected, { [Symbol.asyncIterator]: () => iterator, byPage: () => rejected });
}

/**
 * Calls into the program, and returns what it does, or the error of one that has ended. If an exception comes out, the
 * stack has overflowed in its midst and ruined it; and then there may be no room to do more than to note that.
 */
function enter(running, call) {
  if (running.ruin === undefined) {
    try {
      return call();
    } catch (cause) {
      running.ruin = { cause };
    }
  }
  return end(running, running.ruin.cause);
}

/** Returns a promise that is settled as the given one is, or rejected if the program ends before. */
function outlive(running, promise) {
  return new Promise((resolve, reject) => {
    const settle = (how) => (value) => {
      running.pending.delete(reject);
      how(value);
    };
    running.pending.add(reject);
    promise.then(settle(resolve), settle(reject));
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
  for (const reject of running.pending) reject(running.ended);
  running.pending.clear();
  return running.ended;
}

/** Returns what to load: a WebAssembly.Module, or a URL. */
function sourceOf(options) {
  if (typeof options !== "object" || options === null) throw invalid("options", "must be an object");
  for (const name of Object.keys(options)) {
    if (name !== "wasmURL" && name !== "wasmModule") throw invalid(name, "is not a known option");
  }
  const { wasmURL, wasmModule } = options;
  if (wasmModule !== undefined) {
    if (wasmURL !== undefined) throw invalid("wasmModule", "and wasmURL exclude each other");
    if (!(wasmModule instanceof (globalThis.WebAssembly?.Module ?? Array))) throw invalid("wasmModule", "must be a WebAssembly.Module");
    return wasmModule;
  }
  if (wasmURL === undefined) return new URL("chat.wasm", import.meta.url);
  if (typeof wasmURL !== "string" && !(wasmURL instanceof URL)) throw invalid("wasmURL", "must be a string or a URL");
  try {
    return new URL(wasmURL, globalThis.document?.baseURI ?? globalThis.location?.href);
  } catch (cause) {
    throw invalid("wasmURL", "is not a URL", cause);
  }
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
  const Go = await goRuntime();
  const go = new Go();
  start(go, await instantiate(source, go.importObject));
}

let runtime; // the class Go of wasm_exec.js, which sets it when it is evaluated, and that is once

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

/**
 * Evaluates wasm_exec.js, returns the class Go that it sets, and leaves globalThis as it would be without, but for fs.
 * While the file is on its way the page may load another Go program, with its own wasm_exec.js: that keeps what it set.
 */
async function borrowGo(evaluate) {
  const [go, ...others] = ["Go", "process", "path"].map((name) => {
    const earlier = Object.getOwnPropertyDescriptor(globalThis, name);
    const values = [globalThis[name]];
    Object.defineProperty(globalThis, name, { configurable: true, enumerable: true, get: () => values.at(-1), set: (value) => values.push(value) });
    return { name, earlier, values };
  });
  let isSet = false;
  try {
    await evaluate();
    isSet = go.values.length > 1; // and last by wasm_exec.js, which was evaluated just now
    return isSet ? go.values.at(-1) : undefined;
  } finally {
    const isAlone = go.values.length === 2;
    restore(go, isSet);
    for (const other of others) restore(other, isSet && isAlone);
  }
}

/** Makes a global what it was before, or what others have set it to since. */
function restore({ name, earlier, values }, isOurs) {
  if (isOurs && values.length > 1) values.pop();
  if (values.length > 1) Object.defineProperty(globalThis, name, { configurable: true, enumerable: true, writable: true, value: values.at(-1) });
  else if (earlier) Object.defineProperty(globalThis, name, earlier);
  else delete globalThis[name];
}

async function instantiate(source, imports) {
  if (source instanceof WebAssembly.Module) {
    return WebAssembly.instantiate(source, imports).catch((cause) => {
      throw loadError(`the module cannot be started: ${cause.message}`, "Compile it from the chat.wasm of this version.", { cause });
    });
  }
  const response = await fetch(source).catch((cause) => {
    throw loadError(`${source} cannot be fetched: ${cause.message}`, "Check the address, and that connect-src of the page's Content-Security-Policy and CORS allow it.", { cause });
  });
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
      throw loadError(`${source} is no WebAssembly but ${type}`, "The server answers with something else, perhaps a page for unknown addresses. Serve chat.wasm there, as application/wasm.", { status: response.status });
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
  const running = { ChatError, pending: new Set() };
  globalThis[key] = running;
  const ran = go.run(instance);
  delete globalThis[key];
  ran.then(() => end(running), (cause) => end(running, cause));
  if (typeof running.createClient !== "function") {
    throw loadError("the module is not this client", "Give the chat.wasm of this version as wasmURL or wasmModule.");
  }
  program = running;
}
