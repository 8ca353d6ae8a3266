// The browser features that the client needs. support.test.mjs derives the minimum browser versions in the README from these features and from
// the syntax of chat.js and wasm_exec.js.
//
// Features have their names from MDN's browser-compat-data, which knows the first version of each browser with a feature.

/** Newer instructions in chat.wasm, by wabt's names. All other instructions are in WebAssembly 1.0. */
export const instructions = {
  sign_extension: "webassembly.sign-extension-operations",
  sat_float_to_int: "webassembly.non-trapping-float-to-int-conversions",
  bulk_memory: "webassembly.bulk-memory-operations",
};

/** What chat.js, wasm_exec.js and the Go program use, except what every browser with WebAssembly has. */
export const features = [
  "api.AbortController",
  "api.Response.text",
  "api.TextEncoder.encodeInto",
  "api.queueMicrotask",
  "javascript.builtins.Array.at",
  "javascript.builtins.Error.Error.options_cause_parameter",
  "javascript.builtins.Symbol.asyncIterator",
  "javascript.builtins.globalThis",
  "webassembly.api.Global", // for the variables that chat.conversation.wasm imports
  "webassembly.api.compileStreaming_static",
];

/** What pages with a Content-Security-Policy also need. */
export const cspFeature = "http.headers.Content-Security-Policy.script-src.wasm-unsafe-eval";

/** Newer names that the client uses only if the browser has them. */
export const optional = ["captureStackTrace", "locks", "structuredClone", "withResolvers"];

/** Names of the client's own that newer features happen to have, too. */
export const ownNames = [
  "address", "changed", "durability", "first", "forget", "last", "messages", "number", "path", "queue", "retry", "run", "sources", "subscribe", "token", "truncate",
  "try", "watch", "writable",
];
