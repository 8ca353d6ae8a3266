// What the client needs of a browser. From it support.test.mjs derives the least versions that the README names: the newest of
// these features, and of the syntax of chat.js and wasm_exec.js, which esbuild tells, decides.
//
// Features have the names of MDN's browser-compat-data, which has the first version of each browser with a feature.

/** Instructions in chat.wasm, by wabt's names for them. Everything else in it is of the first WebAssembly. */
export const instructions = {
  sign_extension: "webassembly.sign-extension-operations",
  sat_float_to_int: "webassembly.non-trapping-float-to-int-conversions",
  bulk_memory: "webassembly.bulk-memory-operations",
};

/** What chat.js, wasm_exec.js and the Go program call. What every browser with WebAssembly has is left out. */
export const features = [
  "api.AbortController",
  "api.Response.text",
  "api.TextEncoder.encodeInto",
  "api.queueMicrotask",
  "javascript.builtins.Array.at",
  "javascript.builtins.Error.Error.options_cause_parameter",
  "javascript.builtins.Symbol.asyncIterator",
  "javascript.builtins.globalThis",
  "webassembly.api.instantiateStreaming_static",
];

/** What a page with a Content-Security-Policy needs besides. */
export const policy = "http.headers.Content-Security-Policy.script-src.wasm-unsafe-eval";

/** Newer names. The client does without them in a browser that lacks them. */
export const optional = ["captureStackTrace", "locks", "structuredClone", "withResolvers"];

/** Words and members of the client's own that are also names of something newer. */
export const own = ["last", "number", "path", "run", "token", "truncate", "try", "watch", "writable"];
