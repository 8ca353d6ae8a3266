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
let bridge; // what the Go program published, once it runs

/** Loads the client: fetches chat.wasm, or takes a compiled module, and starts it. */
export function initialize(options = {}) {
  let source;
  try {
    source = sourceOf(options);
  } catch (error) {
    return Promise.reject(error);
  }
  if (loading === undefined) {
    const attempt = { source, promise: load(source) };
    attempt.promise.catch(() => {
      if (loading === attempt) loading = undefined; // it can be tried again
    });
    loading = attempt;
  } else if (loading.source !== source && loading.source.href !== source.href) {
    return Promise.reject(invalid("options", "differ from those of the first call, which loads from " + (loading.source.href ?? "a module")));
  }
  return loading.promise;
}

/** Makes a client of one user. */
export function createClient(options) {
  if (bridge === undefined) {
    throw new ChatError("createClient: the client is not loaded yet", {
      operation: "createClient",
      code: "NotInitialized",
      hint: loading ? "Wait for the promise of initialize() first." : "Call initialize() first, and wait for its promise.",
    });
  }
  const client = bridge.createClient(options);
  if (client instanceof ChatError) throw client;
  return client;
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
    if (!(wasmModule instanceof WebAssembly.Module)) throw invalid("wasmModule", "must be a WebAssembly.Module");
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
  const Go = await goRuntime();
  const go = new Go();
  const instance = await instantiate(source, go.importObject);
  start(go, instance);
}

let runtime; // the class Go of wasm_exec.js, which sets it when it is evaluated, and that is once

/** Returns the class that connects a Go program to JavaScript, and leaves globalThis as it was. */
async function goRuntime() {
  if (runtime === undefined) {
    const names = ["Go", "process", "path"];
    const earlier = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
    try {
      await import("./wasm_exec.js");
      runtime = globalThis.Go;
    } catch (cause) {
      throw loadError(`${new URL("wasm_exec.js", import.meta.url)} cannot be loaded: ${cause.message}`, "Serve wasm_exec.js beside chat.js, from the same build, with the MIME type text/javascript.", { cause });
    } finally {
      names.forEach((name, i) => {
        if (earlier[i]) Object.defineProperty(globalThis, name, earlier[i]);
        else delete globalThis[name];
      });
    }
  }
  return runtime;
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
  const published = { ChatError };
  globalThis[key] = published;
  go.run(instance).then(() => {
    bridge = loading = undefined; // it does not end by itself; if it has, initialize can start another
  });
  delete globalThis[key];
  bridge = published;
}
