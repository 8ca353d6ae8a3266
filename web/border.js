// The border between a page and the program, which is written in Go. Data crosses as text in the program's memory. Signals, functions and
// promises stay here, and the program knows them by the ID of a promise or of a client. wasm/loader.go is the other side.

import { ChatError, Error, Map, Number, Promise, Set, TypeError, Uint8Array, clearTimeout, deliveryUnknown, parse, programEnded, queueMicrotask, setTimeout, tried } from "./error.js";
import { Conversations } from "./conversation.js";

const { AbortController, DOMException, FinalizationRegistry, TextDecoder, TextEncoder, WeakMap } = globalThis;
const { captureStackTrace } = Error; // undefined in some browsers
const { isInteger } = Number;
const decoder = new TextDecoder(), encoder = new TextEncoder();

// Short texts are encoded directly into the program's memory, in 3 bytes of room for each UTF-16 code unit. Texts from longUnits on are
// encoded first, so that they take no more room than they need. The program refuses texts of more than mostUnits without reading them.
const longUnits = 8192, mostUnits = 2 ** 23;

/** The page's side of a running program. The program calls the functions that are public fields. */
export class Border {
  version; methods; newIdempotencyToken; ChatError = ChatError; // the program sets the first three; methods are a client's, as JSON
  heldLocks = new Set(); // functions that release a Web Lock
  passedValue; // what the page threw or its token callback returned, for the exported function that is called next
  crash; // { cause } once the program has crashed or ended
  stopGoCallbacks; // makes Go's own timers and listeners do nothing
  #exports; #lastID = 0;
  #pending = new Map(); // promises that are not settled, by ID: { client, args, resolve, reject, iterator, controller, sentBody }
  #clients = new Map(); // by ID: { args, controller }; the controller aborts the token callback in flight
  #signals = new WeakMap(); // { ids, listener } of each signal: the promises that it aborts
  #response; // the response that header reads
  #newError; // the error that the program has just rejected a promise with
  #endError; // rejects all calls after the end of the program
  #isCheckQueued = false; #entries = 0; #timer;
  conversations = new Conversations(this); conversationsError; // why there are none, if that is known
  iteratorRegistry = FinalizationRegistry && new FinalizationRegistry((iteration) => this.leave(iteration));

  constructor(exports) { this.#exports = exports; }

  has = (name) => this.#exports[name] !== undefined;

  // An exception from the program means that the stack overflowed inside it. Then its memory is damaged, and the stack may have no room for
  // more than noting the cause. The microtask that was queued before the call ends the program. At the start of a task the stack has room.
  /** Calls the program. isTask says that nothing of the page is on the stack. */
  enter(call, isTask = false) {
    if (!isTask && !this.#isCheckQueued) this.#checkSoon();
    if (this.crash === undefined) {
      try {
        const result = call(this.#exports);
        if (this.#newError !== undefined) captureStackTrace?.(this.#newError, this.enter); // the stack of the page's call, without the program's
        this.#newError = undefined;
        return result;
      } catch (cause) {
        this.crash = { cause };
      }
    }
    return this.end(this.crash.cause);
  }

  async #checkSoon() {
    this.#isCheckQueued = true;
    await undefined; // a tenth of the cost of queueMicrotask
    this.#isCheckQueued = false;
    if (this.crash !== undefined) this.end(this.crash.cause);
    else if (++this.#entries % 16 === 0) this.enter((exports) => exports["acschat.yield"](), true);
  }

  /** Rejects all calls after the program has ended, and returns the error. The program never ends by itself. initialize starts another. */
  end(cause) {
    this.crash ??= { cause };
    this.#endError ??= programEnded(cause);
    this.#pending.forEach(({ sentBody }, id) => this.#settle(id, "reject", sentBody === undefined ? this.#endError : deliveryUnknown(sentBody, this.#endError)));
    for (const release of this.heldLocks) release();
    this.conversations.end(this.#endError);
    clearTimeout(this.#timer);
    this.stopGoCallbacks?.();
    return this.#endError;
  }

  /** Creates a client, and returns its ID. Throws a ChatError if the options are bad. */
  create(args) {
    let client, failure;
    const id = this.addPromise(0, args, (value) => (client = value), (reason) => (failure = reason));
    this.enter((exports) => exports["acschat.create"](id, args.attached, this.write(args.text, args.thrown)));
    if (failure !== undefined) throw failure;
    this.#clients.set(client, { args, controller: undefined });
    return client;
  }

  close(client) {
    this.enter((exports) => exports["acschat.close"](client));
    this.#clients.delete(client);
  }

  /** Calls a client's method that does not return a list. */
  call(client, method, args) {
    return this.promise(client, args, undefined, (exports, id) => exports["acschat.call"](client, method, id, args.attached, this.write(args.text, args.thrown)));
  }

  /** Begins an iteration over a list, and returns its ID. */
  iterate(client, method, args, settings, isByPage) {
    const text = `${settings}\n${args.text}`;
    return this.enter((exports) => exports["acschat.iterate"](client, method, isByPage, args.attached, this.write(text)));
  }

  /** Returns the promise of an iteration's next item or page. */
  next(client, iteration, iterator, args, thrown) {
    const isAborted = tried(() => args.signal?.aborted) === true;
    this.passedValue = thrown;
    return this.promise(client, args, iterator, (exports, id) => exports["acschat.next"](iteration, id, isAborted));
  }

  /** Ends an iteration, for the iterator's return. */
  leave = (iteration) => this.enter((exports) => exports["acschat.leave"](iteration));
  wake = (client, hint) => this.enter((exports) => exports["acschat.wake"](client, this.write(hint)));

  promise(client, args, iterator, call) {
    let id;
    const promise = new Promise((resolve, reject) => (id = this.addPromise(client, args, resolve, reject, iterator)));
    this.enter((exports) => call(exports, id));
    return promise;
  }

  addPromise(client, args, resolve, reject, iterator) { // the iterator must not be collected while its promise is pending
    this.#pending.set(++this.#lastID, { client, args, resolve, reject, iterator, controller: undefined, sentBody: undefined });
    return this.#lastID;
  }

  /** Settles a promise, and then forgets it: if settling throws, it can be settled in another way. */
  #settle(id, how, value) {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    pending[how](value);
    this.#pending.delete(id);
    const { signal } = pending.args; // its class may be the page's
    const listening = signal && this.#signals.get(signal);
    if (listening?.ids.delete(id) && listening.ids.size === 0) tried(() => signal.removeEventListener("abort", listening.listener));
    abortSoon(pending);
  }

  read = (at, length) => decoder.decode(new Uint8Array(this.#exports.mem.buffer, at, length));

  /** Writes a text for the exported function that is called next. Returns its length in bytes, -1 if it is too long, -2 if it is undefined. */
  write(text, thrown) {
    this.passedValue = thrown;
    if (text === undefined) return -2;
    const isDirect = text.length < longUnits || text.length > mostUnits;
    const bytes = isDirect ? undefined : encoder.encode(text);
    const size = isDirect ? 3 * text.length : bytes.length;
    const at = this.#exports["acschat.room"](size);
    if (at === 0) return -1;
    const room = new Uint8Array(this.#exports.mem.buffer, at, size);
    return isDirect ? encoder.encodeInto(text, room).written : (room.set(bytes), size);
  }

  resolve = (id, at, length) => this.#settle(id, "resolve", length > 0 ? parse(this.read(at, length)) : undefined);

  reject = (id, reason) => {
    this.#newError = reason;
    this.#settle(id, "reject", reason);
  };

  rejectAborted = (id) => {
    const { reason } = this.#pending.get(id).args.signal; // undefined in old browsers
    this.#settle(id, "reject", reason === undefined ? new DOMException("signal is aborted without reason", "AbortError") : reason);
  };

  listenForAbort = (id) => {
    const { signal } = this.#pending.get(id).args;
    let listening = this.#signals.get(signal);
    if (listening === undefined) {
      const ids = new Set();
      listening = { ids, listener: () => ids.forEach((each) => this.enter((exports) => exports["acschat.abort"](each))) };
      this.#signals.set(signal, listening);
    }
    if (listening.ids.size === 0) signal.addEventListener("abort", listening.listener); // one for all calls: Node warns about more than ten
    listening.ids.add(id);
  };

  #option = ({ client, args }, name) => args[name] ?? this.#clients.get(client)?.args[name];

  reportExchange = (id, at, length) => {
    const exchange = parse(this.read(at, length)), onExchange = this.#option(this.#pending.get(id), "onExchange");
    queueMicrotask(() => onExchange(exchange));
  };

  /** Starts a fetch. The text at that address is fetch's init as JSON, then the URL, then the body. */
  startFetch = (id, step, isSend, at, urlStart, bodyStart, length) => void this.#fetch(id, step, isSend, at, urlStart, bodyStart, length);

  async #fetch(id, step, isSend, at, urlStart, bodyStart, length) {
    const pending = this.#pending.get(id);
    let controller, response, body, reason;
    let status = -1;
    try {
      const text = this.read(at, length);
      controller = pending.controller = new AbortController();
      const init = { ...parse(text.slice(0, urlStart)), body: text.slice(bodyStart) || undefined, signal: controller.signal };
      await undefined; // the page's functions do not run inside the program
      if (this.crash !== undefined || pending.controller !== controller) return; // aborted before fetch was called
      if (isSend) pending.sentBody = init.body;
      response = await (this.#option(pending, "fetch") ?? globalThis.fetch)(text.slice(urlStart, bodyStart), init);
      status = isInteger(response.status) && response.status > 0 && response.status < 1000 ? response.status : 0;
      body = await response.text();
      if (typeof body !== "string") throw new TypeError("the response's text is not a string");
    } catch (error) {
      reason = error;
      body = undefined;
      await undefined; // the exception may have come before the first await
    }
    if (pending.controller !== controller) return; // aborted meanwhile
    pending.controller = undefined;
    this.#response = response;
    this.enter((exports) => exports["acschat.answer"](id, step, status, this.write(body, reason)), true);
    this.#response = undefined;
  }

  abortFetch = (id) => abortSoon(this.#pending.get(id));
  header = (name) => this.#response.headers.get(name);

  requestToken = (client, flight, forceRefresh) => void this.#callTokenCallback(client, flight, forceRefresh);

  async #callTokenCallback(id, flight, forceRefresh) {
    const client = this.#clients.get(id);
    const { signal } = (client.controller = new AbortController());
    const { token } = client.args;
    let value, failed = false;
    await undefined; // the page's functions do not run inside the program
    try {
      value = await token({ forceRefresh, signal });
    } catch (error) {
      value = error;
      failed = true;
    }
    this.passedValue = value;
    this.enter((exports) => exports["acschat.token"](id, flight, failed), true);
    this.passedValue = undefined; // it may be the token
  }

  abortTokenRequest = (client) => abortSoon(this.#clients.get(client));

  setTimer = (ms) => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.enter((exports) => exports["acschat.elapsed"](), true), ms);
  };
  clearTimer = () => clearTimeout(this.#timer);
}

/** Aborts the fetch of a call or the token callback of a client in a microtask: abort calls the page's listeners. */
function abortSoon(owner) {
  if (owner?.controller === undefined) return;
  const { controller } = owner;
  owner.controller = undefined;
  queueMicrotask(() => controller.abort());
}
