// Loads the program: fetches chat.wasm and the part with the conversations or uses compiled modules, and starts the program.

import { PageURL, Symbol, assign, invalid, keys, loadError, ownOf, tried } from "./error.js";
import { goRuntime, silence } from "./go_runtime.js";
import { strongestHashes } from "./integrity.js";
import { compile, instantiate, isModule, urlOf } from "./module.js";

/**
 * Returns what to load, as { program, conversations, integrity }: two sources and the hashes that they may have. conversations is false if the page
 * wants none, and undefined if nobody says where they are. Throws a ChatError for bad options.
 */
export function sourcesOf(options) {
  if (typeof options !== "object" || options === null) throw invalid("options", "must be an object");
  for (const name of keys(options)) {
    if (!["wasmURL", "wasmModule", "conversations", "integrity"].includes(name)) throw invalid(name, "is not a known option");
  }
  const { wasmURL, wasmModule, conversations, integrity: hashes } = ownOf(options);
  if (wasmModule !== undefined) {
    if (wasmURL !== undefined) throw invalid("wasmModule", "and wasmURL exclude each other");
    if (!isModule(wasmModule)) throw invalid("wasmModule", "must be a WebAssembly.Module");
  }
  const program = wasmModule ?? (wasmURL === undefined ? programBesideThis() : urlOf("wasmURL", wasmURL));
  const integrity = strongestHashes(hashes);
  if (integrity !== undefined && (wasmModule !== undefined || isModule(conversations))) {
    throw invalid("integrity", "cannot check a compiled module: pass its address as wasmURL or conversations, or leave out integrity");
  }
  if (conversations === false || isModule(conversations)) return { program, conversations, integrity };
  if (conversations !== undefined) return { program, conversations: urlOf("conversations", conversations, "false, a string, a URL or a WebAssembly.Module"), integrity };
  return { program, conversations: wasmURL === undefined ? tried(conversationsBesideThis) : conversationsBeside(program), integrity };
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
export async function load({ program, conversations, integrity }, version, connect) {
  if (typeof WebAssembly === "undefined") {
    throw loadError("this browser does not support WebAssembly, or it is turned off", "The client cannot run without WebAssembly.");
  }
  // Both in parallel with Go's support code. They are not awaited if something else fails before.
  const compiled = compile(program, "chat.wasm", "wasmURL", integrity);
  compiled.catch(() => {});
  const part = conversations ? compile(conversations, "chat.conversation.wasm", "conversations", integrity) : undefined;
  part?.catch(() => {});
  const Go = await goRuntime();
  const go = new Go();
  const instance = await instantiate(program, await compiled, go.importObject);
  const key = Symbol.for("acschat.loader"), exports = { ...instance.exports };
  const border = (globalThis[key] = connect(exports));
  border.stopGoCallbacks = () => silence(go);
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
