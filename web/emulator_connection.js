// The page's side of an emulator that runs elsewhere: in a worker, in a shared worker, or beside the page's own code. Messages go to
// emulator_host.js.

import { Error, Map, Promise, TypeError, assign, clearTimeout, queueMicrotask, rejected, setTimeout } from "./error.js";
import { Host } from "./emulator_host.js";

const startMs = 15000; // a worker that has not started then is taken for blocked

/** Starts what the settings ask for, and returns a connection to it. */
export async function connect({ shared, worker, workerURL }) {
  if (shared !== undefined) return connectShared(shared, workerURL);
  const isPage = globalThis.document !== undefined && globalThis.Worker !== undefined;
  if (worker === false || !isPage) return connectHere();
  try {
    return await connectWorker(workerURL);
  } catch (problem) {
    console.warn(`acschat/emulator: the emulator runs in the page's own thread, because its worker does not start: ${problem.message}. worker: false silences this warning.`);
    return connectHere();
  }
}

function connectHere() {
  const mine = new LocalPort(), theirs = new LocalPort();
  [mine.other, theirs.other] = [theirs, mine];
  new Host().connect(theirs);
  return new Connection("here", mine, () => {});
}

/** A MessagePort within one thread. Unlike a real one, it does not keep a Node process from ending or end while it is needed. */
class LocalPort {
  other;
  onmessage;
  postMessage(data) {
    queueMicrotask(() => this.other.onmessage?.({ data }));
  }
}

async function connectWorker(workerURL) {
  const { worker, forget } = newWorker(workerURL);
  try {
    await started(worker, worker);
  } catch (problem) {
    worker.terminate();
    throw problem;
  } finally {
    forget();
  }
  return new Connection("worker", worker, () => worker.terminate());
}

/** Creates a worker. Its script may be on another origin: a blob that imports the script is of the page's own. */
function newWorker(workerURL) {
  if (workerURL === undefined && isOwn(workerBesideThis())) {
    return { worker: new Worker(new URL("./emulator_worker.js", import.meta.url), { type: "module" }), forget: () => {} }; // bundlers recognize exactly this
  }
  const url = new URL(workerURL ?? workerBesideThis(), document.baseURI).href;
  if (isOwn(url)) return { worker: new Worker(url, { type: "module" }), forget: () => {} };
  // worker-src would have to allow a static import. A failure becomes an error event.
  const script = `import(${JSON.stringify(url)}).catch((error) => setTimeout(() => { throw error; }));`;
  const blobURL = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return { worker: new Worker(blobURL, { type: "module" }), forget: () => URL.revokeObjectURL(blobURL) };
}

const workerBesideThis = () => new URL("./emulator_worker.js", import.meta.url).href;
const isOwn = (url) => new URL(url).origin === location.origin;

async function connectShared(name, workerURL) {
  if (globalThis.SharedWorker === undefined) throw new Error("createEmulator: shared needs a SharedWorker, which is not available here. Leave it out: each page then has an emulator of its own");
  const url = new URL(workerURL ?? workerBesideThis(), globalThis.document?.baseURI).href;
  if (!isOwn(url)) throw new Error(`createEmulator: shared needs emulator_worker.js on the page's own origin, not at ${url}. Serve it there, and give its address as workerURL`);
  const worker = workerURL === undefined ? new SharedWorker(new URL("./emulator_worker.js", import.meta.url), { type: "module" }) : new SharedWorker(url, { type: "module" });
  try {
    await started(worker, worker.port);
  } catch (problem) {
    throw new Error(`createEmulator: shared: the shared worker does not start: ${problem.message}`);
  }
  const { lock, release } = await holdLock();
  worker.port.postMessage({ name, lock });
  return new Connection("sharedWorker", worker.port, () => {
    worker.port.close();
    release();
  });
}

/**
 * Holds a Web Lock by which the shared worker notices that this page has ended, as by a crash or in the middle of a request. Returns its name and a
 * function that releases it.
 */
async function holdLock() {
  const { locks } = navigator;
  if (locks === undefined) return { lock: undefined, release: () => {} }; // a page without https
  const lock = `acschat.emulator.page.${crypto.randomUUID()}`;
  return new Promise((resolve) => {
    locks.request(lock, () => new Promise((release) => resolve({ lock, release }))).catch(() => resolve({ lock: undefined, release: () => {} }));
  });
}

/** Waits for the first message of a worker. */
function started(worker, port) {
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(() => reject(new Error(`it has not answered within ${startMs / 1000} s`)), startMs);
    const settle = (how, value) => {
      clearTimeout(timeout);
      port.onmessage = worker.onerror = null;
      how(value);
    };
    port.onmessage = () => settle(resolve);
    worker.onerror = (event) => {
      event.preventDefault(); // the caller says it
      settle(reject, new Error(event.message || "its script cannot be loaded. Perhaps worker-src of the page's Content-Security-Policy lacks 'self' or blob:"));
    };
  });
}

/** Passes messages, and finds who waits for the answer. */
class Connection {
  runsIn;
  isClosed = false;
  onEvent; // called with the emulator's events
  #port; #stop; #lastID = 0;
  #pending = new Map(); // { promise, resolve, reject } of a control, or { answer, broken } of a request, by ID
  #keepsAlive; // a timer that keeps a Node process from ending, as the socket of a fetch does

  constructor(runsIn, port, stop) {
    this.runsIn = runsIn;
    this.#port = port;
    this.#stop = stop;
    port.onmessage = ({ data }) => this.#receive(data);
  }

  #receive({ kind, id, ...message }) {
    if (kind === "event") return this.onEvent?.(message.event);
    const pending = this.#pending.get(id);
    if (kind !== "answer" || message.isLast) this.#forget(id);
    if (pending === undefined) return; // aborted
    if (kind === "result") pending.resolve(message.value);
    else if (kind === "failure") pending.reject(message.error);
    else if (kind === "broken") pending.broken(new TypeError("Failed to fetch: the connection was closed"), message.isReset);
    else pending.answer(message);
  }

  #ask(message) {
    if (this.isClosed) return rejected(closed());
    const pending = {};
    this.#pending.set(++this.#lastID, pending);
    this.#port.postMessage({ ...message, id: this.#lastID });
    return (pending.promise = new Promise((resolve, reject) => assign(pending, { resolve, reject })));
  }

  open = (settings) => this.#ask({ kind: "open", settings });
  control = (name, argument) => this.#ask({ kind: "control", name, argument });

  /** Sends a request. sink takes the pieces of the answer, or the error of a broken connection. Returns a function that aborts it. */
  fetch(head, body, sink) {
    if (this.isClosed) {
      sink.broken(closed());
      return () => {};
    }
    const id = ++this.#lastID;
    this.#pending.set(id, sink);
    if (this.runsIn === "here") this.#keepsAlive ??= setInterval(() => {}, 2 ** 30);
    this.#port.postMessage({ kind: "fetch", id, head, body });
    return () => {
      if (this.#forget(id)) this.#port.postMessage({ kind: "abort", id });
    };
  }

  #forget(id) {
    const wasPending = this.#pending.delete(id);
    if (this.#pending.size === 0) {
      clearInterval(this.#keepsAlive);
      this.#keepsAlive = undefined;
    }
    return wasPending;
  }

  close() {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#port.postMessage({ kind: "close" });
    this.#stop();
    for (const [id, { promise, reject, broken }] of this.#pending) {
      this.#forget(id);
      promise?.catch(() => {}); // a control that nobody awaits
      (reject ?? broken)(closed());
    }
  }
}

const closed = () => new TypeError("Failed to fetch: the emulator is closed");
