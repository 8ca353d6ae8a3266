// Loads the program: fetches chat.wasm and the part with the conversations or uses compiled modules, evaluates Go's support code
// (wasm_exec.js), and starts the program.

import { Date, PageURL, Symbol, assign, defineProperty, getOwnPropertyDescriptor, invalid, keys, loadError, ownOf, tried } from "./error.js";
import { compile, instantiate, isModule, urlOf } from "./module.js";

/**
 * Returns what to load, as { program, conversations }, both sources. conversations is false if the page wants none, and undefined if nobody
 * says where they are. Throws a ChatError for bad options.
 */
export function sourcesOf(options) {
  if (typeof options !== "object" || options === null) throw invalid("options", "must be an object");
  for (const name of keys(options)) {
    if (!["wasmURL", "wasmModule", "conversations"].includes(name)) throw invalid(name, "is not a known option");
  }
  const { wasmURL, wasmModule, conversations } = ownOf(options);
  if (wasmModule !== undefined) {
    if (wasmURL !== undefined) throw invalid("wasmModule", "and wasmURL exclude each other");
    if (!isModule(wasmModule)) throw invalid("wasmModule", "must be a WebAssembly.Module");
  }
  const program = wasmModule ?? (wasmURL === undefined ? programBesideThis() : urlOf("wasmURL", wasmURL));
  if (conversations === false || isModule(conversations)) return { program, conversations };
  if (conversations !== undefined) return { program, conversations: urlOf("conversations", conversations, "false, a string, a URL or a WebAssembly.Module") };
  return { program, conversations: wasmURL === undefined ? tried(conversationsBesideThis) : conversationsBeside(program) };
}

let programURL, conversationsURL; // of the files beside this module

// Bundlers recognize exactly these expressions with URL, and add the files to their output.
function programBesideThis() {
  try {
    return (programURL ??= new URL("./chat.wasm", import.meta.url).href);
  } catch (cause) { // a bundler has made a classic script of this module
    throw loadError("this script does not know its own address", "Give the address of chat.wasm as wasmURL.", { cause });
  }
}

const conversationsBesideThis = () => (conversationsURL ??= new URL("./chat.conversation.wasm", import.meta.url).href);

/** Returns the URL of X.conversation.wasm for that of X.wasm. */
function conversationsBeside(program) {
  const url = new PageURL(program), { pathname } = url;
  if (!pathname.endsWith(".wasm")) return undefined;
  url.pathname = pathname.replace(/wasm$/, "conversation.wasm");
  return url.href;
}

/** Starts the program, and returns its Border, which connect makes from the program's exports. */
export async function load({ program, conversations }, version, connect) {
  if (typeof WebAssembly === "undefined") {
    throw loadError("this browser does not support WebAssembly, or it is turned off", "The client cannot run without WebAssembly.");
  }
  // Both in parallel with Go's support code. They are not awaited if something else fails before.
  const compiled = compile(program, "chat.wasm", "wasmURL");
  compiled.catch(() => {});
  const part = conversations ? compile(conversations, "chat.conversation.wasm", "conversations") : undefined;
  part?.catch(() => {});
  const Go = await goRuntime();
  const go = new Go();
  const instance = await instantiate(program, await compiled, go.importObject);
  const key = Symbol.for("acschat.loader"), exports = { ...instance.exports };
  const border = (globalThis[key] = connect(exports));
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
  if (!keys(exports).some((name) => name.startsWith(partPrefix))) return border; // the module was not split
  try {
    assign(exports, await conversationsOf(conversations, part, instance.exports));
  } catch (error) {
    border.conversationsError = error; // for openConversation: a page that only makes calls works
  }
  return border;
}

// What the name of the program's table begins with if it was split. cmd/postlink writes it, and a hash behind it: the part of another build
// does not find its table.
const partPrefix = "part.";

/** Returns the exports of the part with the conversations, which uses the memory and the table of the main module. */
async function conversationsOf(source, compiled, main) {
  if (source === false) {
    throw loadError("conversations are switched off by the option conversations: false", "Leave out the option, or give the address of chat.conversation.wasm.");
  }
  if (source === undefined) {
    throw loadError("it is not known where chat.conversation.wasm is", "Give its address as conversations.");
  }
  const { exports } = await instantiate(source, await compiled, { __proto__: null, main });
  if (exports["acschat.openConversation"] === undefined) {
    throw loadError("the module has no conversations", "Give the chat.conversation.wasm of this version as conversations.");
  }
  return exports;
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
