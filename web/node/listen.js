// The emulator as an HTTP server of a Node program, for tests. Types and reference: listen.d.ts.

import { openEmulator } from "../emulator.js";
import { startServer } from "./http_server.js";
import { serviceOf } from "./service.js";
import { openStateFile } from "./state_file.js";

/** Starts an emulator and serves it on localhost. */
export async function listen(options = {}) {
  const { port = 0, persist, ...others } = checked(options);
  try {
    const { answer, ...emulator } = await serveEmulator(others, { host: "localhost", port }, { file: persist });
    return emulator;
  } catch (error) {
    if (error.syscall === "listen") throw new Error(`listen: port ${port}: ${error.message}. Stop the program that uses it, or choose another port. Port 0 is a free one`, { cause: error });
    error.message = error.message.replace(/^createEmulator: /, "listen: ").replace(". The options are ", ". The options are port, ");
    throw error;
  }
}

/**
 * For acschat.js: does the same at { host, port }. file keeps the state. wrap(handler) returns what handles the requests. answer, in the result, is
 * the handler itself.
 */
export async function serveEmulator(options, address, { file, wrap = (handler) => handler }) {
  const storage = file === undefined ? undefined : await openStateFile(file);
  let server, answer;
  try {
    const publish = async (connection) => {
      answer = serviceOf(connection);
      server = await startServer(address, wrap(answer));
      return server.url;
    };
    const emulator = await openEmulator(options, { publish, storage });
    let closing;
    const close = async () => {
      await server.close();
      emulator.close();
      await storage?.close();
    };
    return { ...emulator, answer, close: () => (closing ??= close()) };
  } catch (error) {
    await server?.close();
    await storage?.close();
    throw error;
  }
}

function checked(options) {
  if (typeof options !== "object" || options === null) throw new TypeError("listen: options must be an object");
  const { port, persist } = options;
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535)) throw new TypeError("listen: port must be a whole number from 0 to 65535");
  if (persist !== undefined && (typeof persist !== "string" || persist === "")) throw new TypeError("listen: persist must be the path of a file");
  for (const name of ["shared", "worker", "workerURL"]) {
    if (options[name] !== undefined) throw new TypeError(`listen: ${name} is for pages. Leave it out`);
  }
  return options;
}
