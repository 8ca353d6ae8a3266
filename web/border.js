// The border between a page and the program, which is written in Go. Data crosses as text, in the program's memory. What is not
// data stays here and crosses as a number: a call is the number of its promise. wasm/loader.go is the other side.

import { ChatError, Error, Map, Number, Promise, Set, TypeError, Uint8Array, clearTimeout, deliveryUnknown, parse, queueMicrotask, setTimeout } from "./loading.js";

const { AbortController, DOMException, FinalizationRegistry, TextDecoder, TextEncoder, WeakMap } = globalThis;
const { captureStackTrace } = Error; // undefined in some browsers
const { isInteger } = Number;

const manyUnits = 8192; // of UTF-16, from which on a text is encoded before there is made room for it
const mostUnits = 2 ** 23; // that the program takes, however they are encoded

/** The page's side of a program, which calls the fields that are functions. */
export class Border {
  version; methods; newIdempotencyToken; // set by the program; methods are those of a client, as JSON
  ChatError = ChatError;
  heldLocks = new Set(); // functions that give them back
  thrown; // by the page, where the program is told of it
  ruin; // { cause } of a program that has ended
  silence; // keeps Go's own timers and listeners from calling the program
  #exports;
  #lastCall = 0;
  #calls = new Map(); // that are not settled, by number: { client, args, resolve, reject, iterator, controller, sent }
  #clients = new Map(); // by number: { args, controller }, which is that of the question to the token callback
  #signals = new WeakMap(); // { calls, listener } of each
  #timer;
  #response; // that the program is told of
  #entries = 0;
  #isWatched = false;
  #ended; // its error
  #refused; // the last error that the program made
  #forgotten = FinalizationRegistry && new FinalizationRegistry((list) => this.leave(list));
  #decoder = new TextDecoder();
  #encoder = new TextEncoder();

  constructor(exports) {
    this.#exports = exports;
  }

  /**
   * Enters the program, in a task of its own or within one of the page's. If an exception comes out, the stack has overflowed in the
   * program's midst and ruined it. Then there may be no room to do more than to note that: a microtask, which was queued before,
   * does the rest. Where a task begins, the stack has room.
   */
  enter(call, isTask = false) {
    if (!isTask && !this.#isWatched) this.#watch();
    if (this.ruin === undefined) {
      try {
        const result = call(this.#exports);
        if (this.#refused !== undefined) captureStackTrace?.(this.#refused, this.enter); // the page's own lines, and not the program's
        this.#refused = undefined;
        return result;
      } catch (cause) {
        this.ruin = { cause };
      }
    }
    this.end(this.ruin.cause);
  }

  async #watch() {
    this.#isWatched = true;
    await undefined; // a tenth of what queueMicrotask costs
    this.#isWatched = false;
    if (this.ruin !== undefined) this.end(this.ruin.cause);
    else if (++this.#entries % 8 === 0) this.enter((exports) => exports["acschat.yield"](), true); // it rests when it is not in the midst
  }

  /** Ends a program, which never does so by itself. Another can be started with initialize. */
  end(cause) {
    this.ruin ??= { cause };
    const hint = "Call initialize() and createClient() again, and please report what led to it.";
    this.#ended ??= new ChatError("the client's program has ended", { code: "InternalError", hint, cause });
    for (const { reject, sent } of this.#calls.values()) reject(sent === undefined ? this.#ended : deliveryUnknown(sent, this.#ended));
    this.#calls.clear();
    for (const release of this.heldLocks) release();
    clearTimeout(this.#timer);
    this.silence?.();
  }

  /** Makes a client of its options, and returns its number. */
  create(args) {
    let client, failure;
    const number = this.#keep(0, args, (value) => (client = value), (reason) => (failure = reason));
    this.enter((exports) => exports["acschat.create"](number, args.has, this.#write(args.text, args.thrown)));
    if (failure !== undefined) throw failure;
    this.#clients.set(client, { args, controller: undefined });
    return client;
  }

  close(client) {
    this.enter((exports) => exports["acschat.close"](client));
    this.#clients.delete(client);
  }

  /** Calls a method of a client. */
  call(client, method, args) {
    let number;
    const promise = new Promise((resolve, reject) => (number = this.#keep(client, args, resolve, reject)));
    this.enter((exports) => exports["acschat.call"](client, method, number, args.has, this.#write(args.text, args.thrown)));
    return promise;
  }

  /** Begins an iteration over a list, and returns its number. */
  iterate(client, method, args, settings, isByPage) {
    const text = `${settings}\n${args.text}`;
    return this.enter((exports) => exports["acschat.iterate"](client, method, isByPage, args.has, this.#write(text)));
  }

  /** Returns the promise of an iteration's next item or page. */
  next(client, list, iterator, args, thrown) {
    let number;
    const promise = new Promise((resolve, reject) => (number = this.#keep(client, args, resolve, reject, iterator)));
    this.thrown = thrown;
    this.enter((exports) => exports["acschat.next"](list, number, args.signal?.aborted === true));
    return promise;
  }

  leave(list) {
    this.enter((exports) => exports["acschat.leave"](list));
  }

  #keep(client, args, resolve, reject, iterator) {
    this.#calls.set(++this.#lastCall, { client, args, resolve, reject, iterator, controller: undefined, sent: undefined });
    return this.#lastCall;
  }

  /** Returns a call that is to be settled, and forgets it. */
  #take(number) {
    const call = this.#calls.get(number);
    this.#calls.delete(number);
    const listening = call?.args.signal && this.#signals.get(call.args.signal);
    if (listening?.calls.delete(number) && listening.calls.size === 0) {
      try {
        call.args.signal.removeEventListener("abort", listening.listener);
      } catch {} // the signal may be the page's own
    }
    abortSoon(call);
    return call;
  }

  /** Returns an iterator, and ends its iteration when the page has forgotten it. */
  watch(iterator, list) {
    this.#forgotten?.register(iterator, list);
    return iterator;
  }

  #read(at, length) {
    return this.#decoder.decode(new Uint8Array(this.#exports.mem.buffer, at, length));
  }

  /** Writes a text where the program takes it, beside what was thrown. Returns its length, -1 for one that is too long. */
  #write(text, thrown) {
    this.thrown = thrown;
    const isShort = text.length < manyUnits || text.length > mostUnits;
    const bytes = isShort ? undefined : this.#encoder.encode(text);
    const size = isShort ? 3 * text.length : bytes.length;
    const at = this.#exports["acschat.room"](size);
    if (at === 0) return -1;
    const room = new Uint8Array(this.#exports.mem.buffer, at, size);
    return isShort ? this.#encoder.encodeInto(text, room).written : (room.set(bytes), size);
  }

  /** Says that there is no text for what was thrown. */
  #throw(reason) {
    this.thrown = reason;
    return -2;
  }

  fulfil = (number, at, length) => {
    const result = length > 0 ? parse(this.#read(at, length)) : undefined;
    this.#take(number)?.resolve(result);
  };

  refuse = (number, reason) => {
    this.#refused = reason;
    this.#take(number)?.reject(reason);
  };

  refuseAborted = (number) => {
    const call = this.#take(number);
    call?.reject(call.args.signal && (call.args.signal.reason ?? new DOMException("signal is aborted without reason", "AbortError")));
  };

  listen = (number) => {
    const { signal } = this.#calls.get(number).args;
    let listening = this.#signals.get(signal);
    if (listening === undefined) {
      const calls = new Set();
      listening = { calls, listener: () => calls.forEach((each) => this.enter((exports) => exports["acschat.abort"](each))) };
      this.#signals.set(signal, listening);
    }
    if (listening.calls.size === 0) signal.addEventListener("abort", listening.listener); // one for all: Node warns of more than ten
    listening.calls.add(number);
  };

  #option({ client, args }, name) {
    return args[name] ?? this.#clients.get(client)?.args[name];
  }

  report = (number, at, length) => {
    const exchange = parse(this.#read(at, length));
    const onExchange = this.#option(this.#calls.get(number), "onExchange");
    queueMicrotask(() => onExchange(exchange));
  };

  /** Begins an exchange. Its text is the URL, the init as JSON, and the body. */
  begin = (...exchange) => void this.#exchange(...exchange);

  async #exchange(number, step, isSend, at, initAt, bodyAt, length) {
    const call = this.#calls.get(number);
    let controller, response, body, reason;
    let status = -1;
    try {
      const text = this.#read(at, length);
      controller = call.controller = new AbortController();
      const init = { ...parse(text.slice(initAt, bodyAt)), body: text.slice(bodyAt) || undefined, signal: controller.signal };
      await undefined; // the page's own functions do not run inside the program
      if (this.ruin !== undefined || call.controller !== controller) return; // nothing is sent any more
      if (isSend) call.sent = init.body;
      response = await (this.#option(call, "fetch") ?? globalThis.fetch)(text.slice(0, initAt), init);
      status = isInteger(response.status) && response.status < 1000 ? response.status : 0;
      body = await response.text();
      if (typeof body !== "string") throw new TypeError("the response's text is not a string");
    } catch (error) {
      reason = error;
      body = undefined;
      await undefined; // perhaps nothing was awaited yet
    }
    if (call.controller !== controller) return; // the program does not wait for it any more
    call.controller = undefined;
    this.#response = response;
    this.enter((exports) => exports["acschat.answer"](number, step, status, body === undefined ? this.#throw(reason) : this.#write(body)), true);
    this.#response = undefined;
  }

  stop = (number) => abortSoon(this.#calls.get(number));

  header = (name) => this.#response.headers.get(name);

  askToken = (number, flight, forceRefresh) => void this.#ask(number, flight, forceRefresh);

  async #ask(number, flight, forceRefresh) {
    const client = this.#clients.get(number);
    const controller = (client.controller = new AbortController());
    let token;
    let failed = 0;
    await undefined; // the page's own functions do not run inside the program
    try {
      token = await client.args.token.call(undefined, { forceRefresh, signal: controller.signal });
    } catch (error) {
      token = error;
      failed = 1;
    }
    this.enter((exports) => {
      this.thrown = token;
      exports["acschat.token"](number, flight, failed);
    }, true);
  }

  stopAsking = (number) => abortSoon(this.#clients.get(number));

  arm = (ms) => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.enter((exports) => exports["acschat.elapsed"](), true), ms);
  };

  disarm = () => clearTimeout(this.#timer);
}

/** Aborts what a call or a client has under way, from a microtask: the page may listen. */
function abortSoon(owner) {
  const controller = owner?.controller;
  if (controller === undefined) return;
  owner.controller = undefined;
  queueMicrotask(() => controller.abort());
}
