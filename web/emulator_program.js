// Runs emulator.wasm, and answers what it asks of its host. emulator/wasm/main.go is the other side, and describes the functions of both.

import { Error, Map, Promise, Symbol, parse, stringify } from "./error.js";
import { goRuntime, silence } from "./go_runtime.js";
import { compile, instantiate } from "./module.js";

/** Starts the program. records keeps the emulator's state. */
export async function startProgram(source, records) {
  const { go, instance } = await load(source).catch((error) => {
    throw problemOf(error);
  });
  const key = Symbol.for("acschat.emulator");
  const program = new Program(go, records);
  globalThis[key] = program;
  const ran = go.run(instance); // the program has started when run returns; the promise settles when it ends
  delete globalThis[key];
  if (!program.isStarted) throw new Error("createEmulator: the module is not the emulator. Give the emulator.wasm of this version as wasmURL or wasmModule");
  ran.then(() => program.end(), (cause) => program.end(cause));
  return program;
}

let compiled = { source: undefined, module: undefined }; // the latest, for the next program of this page

async function load(source) {
  if (typeof WebAssembly === "undefined") throw new Error("initialize: this browser does not support WebAssembly, or it is turned off");
  const compiling = compiled.source === source ? compiled.module : compile(source, "emulator.wasm", "wasmURL");
  compiling.catch(() => {}); // not awaited if Go's support code cannot be loaded
  const Go = await goRuntime();
  const go = new Go();
  const module = await compiling;
  compiled = { source, module: compiling };
  return { go, instance: await instantiate(source, module, go.importObject) };
}

/** Returns an error of the client's loading as one of createEmulator. */
export function problemOf({ message, hint, cause }, Class = Error) {
  return new Class(`${message.replace("initialize: ", "createEmulator: ")}${hint ? `. ${hint}` : ""}`, { cause });
}

class Program {
  isStarted = false;
  onEvent; // called with the emulator's events
  #go; #records; #functions; #lastID = 0; #endError;
  #sinks = new Map(); // who takes the answer to a request, by ID
  #controls = new Map(); // the resolve and reject of a control, by ID

  constructor(go, records) {
    this.#go = go;
    this.#records = records;
  }

  /**
   * Answers a request: { method, scheme, host, target, headers, remoteAddr, isPage } and a body. Calls sink.answer(status, headers, body, isLast), more
   * than once if the answer comes in pieces, or sink.broken(isReset). Returns a function that tells the program that nobody waits any more.
   */
  serve(head, body, sink) {
    if (this.#endError) {
      sink.broken(false);
      return () => {};
    }
    const id = ++this.#lastID;
    this.#sinks.set(id, sink);
    this.#functions.serve(id, stringify(head), body);
    return () => {
      if (this.#sinks.delete(id) && !this.#endError) this.#functions.abort(id);
    };
  }

  /** Does what main.go calls a control. */
  control(name, argument) {
    return new Promise((resolve, reject) => {
      if (this.#endError) throw this.#endError;
      this.#controls.set(++this.#lastID, { resolve, reject });
      this.#functions.control(this.#lastID, name, stringify(argument ?? null));
    });
  }

  /** Ends the program: breaks off its answers, rejects its controls, and lets its memory go. */
  end(cause) {
    if (this.#endError) return;
    for (const id of this.#sinks.keys()) this.#functions.abort(id); // stops their timers
    this.#endError = new Error(cause ? `the emulator's program has ended: ${cause.message}` : "the emulator is closed", { cause });
    for (const sink of this.#sinks.values()) sink.broken(false);
    for (const { reject } of this.#controls.values()) reject(this.#endError);
    this.#sinks.clear();
    this.#controls.clear();
    silence(this.#go);
    this.#go = this.#functions = undefined;
  }

  // The functions that the program calls.

  started = (functions) => {
    this.#functions = functions;
    this.isStarted = true;
  };

  answer = (id, status, headers, body, isLast) => {
    const sink = this.#sinks.get(id);
    if (isLast) this.#sinks.delete(id);
    sink?.answer(status, status === 0 ? undefined : parse(headers), body, isLast);
  };

  broken = (id, isReset) => {
    const sink = this.#sinks.get(id);
    this.#sinks.delete(id);
    sink?.broken(isReset);
  };

  settled = (id, problem, result) => {
    const { resolve, reject } = this.#controls.get(id);
    this.#controls.delete(id);
    if (problem) reject(new Error(problem));
    else resolve(result ? parse(result) : undefined);
  };

  event = (event) => this.onEvent(parse(event));
  save = (changes) => this.#records.save(parse(changes));
  clear = () => this.#records.clear();
}
