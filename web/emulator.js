// The emulator of the service in a page, a worker or Node: without a server, and without Go. Types and reference: emulator.d.ts.

import { Error, TypeError, keys } from "./error.js";
import { urlOf } from "./module.js";
import { startWorker } from "./emulator_host.js";
import { problemOf } from "./emulator_program.js";
import { connect } from "./emulator_connection.js";
import { fetchOf } from "./emulator_fetch.js";

// The name under .invalid never resolves, so a request that is not made with emulator.fetch reaches nothing.
const endpoint = "https://emulator.invalid";

// The emulator's access key, as in package emulator. It is not a secret.
const accessKey = "VGhpcyBrZXkgb3BlbnMgbm90aGluZyBidXQgZW11bGF0b3Jz";

/** Starts an emulator. */
export async function createEmulator(options = {}) {
  return openEmulator(options, { publish: () => endpoint });
}

/**
 * For node/: starts an emulator at the endpoint that publish(connection) returns. storage, if there is one, keeps the state, as openRecords
 * describes.
 */
export async function openEmulator(options, { publish, storage }) {
  const settings = settingsOf(options);
  const connection = await connect(settings);
  try {
    const users = await connection.open({ ...settings.open, storage });
    return emulatorOf(connection, users, settings, await publish(connection));
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** For emulator_worker.js. */
export function serveWorker(scope) {
  startWorker(scope);
}

function emulatorOf(connection, users, { onRequest, events }, endpoint) {
  connection.onEvent = events;
  return {
    endpoint,
    connectionString: `endpoint=${endpoint}/;accesskey=${accessKey}`,
    users,
    runsIn: connection.runsIn,
    fetch: fetchOf(connection, endpoint, onRequest),
    createUser: async (name) => (users[name] = await connection.control("createUser", name)),
    issueToken: (id) => connection.control("issueToken", id),
    fail: (rule) => connection.control("fail", rule),
    clearFaults: () => connection.control("clearFaults"),
    advance: (ms) => connection.control("advance", ms),
    reset: () => connection.control("reset"),
    exportState: () => connection.control("exportState"),
    close: () => connection.close(),
  };
}

// What each option must be.
const isName = (value) => typeof value === "string" && value !== "";
const isFunction = (value) => typeof value === "function";
const isBoolean = (value) => typeof value === "boolean";
const kinds = {
  __proto__: null,
  users: ["an array of names", (value) => Array.isArray(value) && value.every(isName)],
  state: ["what exportState returned", (value) => typeof value === "object" && value !== null],
  shared: ["a name", isName],
  persist: ["a name", isName],
  events: ["a function", isFunction],
  onRequest: ["a function", isFunction],
  rateLimits: ["a boolean", isBoolean],
  observedErrors: ["a boolean", isBoolean],
  editsDropMetadata: ["a boolean", isBoolean],
  worker: ["a boolean", isBoolean],
  workerURL: ["a string or a URL", (value) => isName(value) || value instanceof URL],
  wasmURL: ["a string or a URL", (value) => isName(value) || value instanceof URL],
  wasmModule: ["a WebAssembly.Module", (value) => value instanceof WebAssembly.Module],
};

/** Checks the options of createEmulator, and sorts them by who needs them. */
function settingsOf(options) {
  if (typeof options !== "object" || options === null) throw badOption("options", "must be an object");
  for (const name of keys(options)) {
    const kind = kinds[name];
    if (kind === undefined) throw badOption(name, `is not a known option. The options are ${keys(kinds).join(", ")}`);
    if (options[name] !== undefined && !kind[1](options[name])) throw badOption(name, `must be ${kind[0]}`);
  }
  const { users = [], state, shared, persist, events, onRequest, rateLimits, observedErrors, editsDropMetadata, worker, workerURL, wasmURL, wasmModule } = options;
  if (shared !== undefined && worker === false) throw badOption("shared", "needs a worker: leave out worker: false");
  if (shared !== undefined && wasmModule !== undefined) throw badOption("wasmModule", "cannot be given to a shared worker: use wasmURL");
  if (wasmURL !== undefined && wasmModule !== undefined) throw badOption("wasmModule", "and wasmURL exclude each other");
  const source = wasmModule ?? (wasmURL === undefined ? besideThis() : absolute(wasmURL));
  const variants = { rateLimits, observedErrors, editsDropMetadata };
  const hasEvents = events !== undefined || shared !== undefined; // another page may want them later
  return { shared, worker, workerURL, events, onRequest, open: { source, persist, state, users, options: { ...variants, events: hasEvents } } };
}

const badOption = (name, problem) => new TypeError(`createEmulator: ${name} ${problem}`);

function absolute(wasmURL) {
  try {
    return urlOf("wasmURL", wasmURL);
  } catch (error) {
    throw problemOf(error, TypeError);
  }
}

/** Returns the default URL of emulator.wasm. Bundlers recognize exactly this expression, and add the file to their output. */
function besideThis() {
  try {
    return new URL("./emulator.wasm", import.meta.url).href;
  } catch (cause) { // a bundler has made a classic script of this module
    throw new Error("createEmulator: this script does not know its own address. Give the address of emulator.wasm as wasmURL", { cause });
  }
}
