// The client with the smaller modules, which lack the names in a traceback. Everything else is as in chat.js.

import { initialize as initializeFrom } from "./chat.js";

export * from "./chat.js"; // except initialize, because this module has its own

/** Does what initialize of chat.js does, with chat.slim.wasm and its part as the defaults. */
export function initialize(options = {}) {
  if (typeof options !== "object" || options === null || options.wasmURL !== undefined || options.wasmModule !== undefined) return initializeFrom(options);
  // Bundlers recognize exactly these expressions, and add the files to their output.
  const wasmURL = new URL("./chat.slim.wasm", import.meta.url);
  const conversations = options.conversations === undefined ? new URL("./chat.slim.conversation.wasm", import.meta.url) : options.conversations;
  return initializeFrom({ ...options, wasmURL, conversations });
}
