// The border between a page and the program, which is written in Go. Data crosses as text, in the program's memory. What is not
// data stays here and crosses as a number: a call is the number of its promise. wasm/loader.go is the other side.

import { ChatError, Error, Map, Number, Promise, Set, TypeError, Uint8Array, clearTimeout, deliveryUnknown, parse, programEnded, queueMicrotask, setTimeout, tried } from "./loading.js";

const { AbortController, DOMException, FinalizationRegistry, TextDecoder, TextEncoder, WeakMap } = globalThis;
const { captureStackTrace } = Error; // undefined in some browsers
const { isInteger } = Number;
const decoder = new TextDecoder(), encoder = new TextEncoder();

// Texts from so many units of UTF-16 on are encoded before the program makes room for them, unless it would refuse them anyway.
const manyUnits = 8192, mostUnits = 2 ** 23;

/** The page's side of a program, which calls the fields that are functions. */
export class Border {
  version; methods; newIdempotencyToken; ChatError = ChatError; // for the program; methods are those of a client, as JSON
  heldLocks = new Set(); // functions that give them back
  thrown; // what the page threw, or its token callback gave, while the program is told of it
  ruin; // { cause } of a program that has ended
  silence; // keeps Go's own timers and listeners from calling the program
  #exports; #lastCall = 0;
  #calls = new Map(); // that are not settled, by number: { client, args, resolve, reject, iterator, controller, sent }
  #clients = new Map(); // by number: { args, controller }, which is that of the question to the token callback
  #signals = new WeakMap(); // { calls, listener } of each
  #response; // that the program is told of
  #refused; // the error that the program has made
  #ended; // the error of a program that has ended
  #isWatched = false; #entries = 0; #timer;
  forgotten = FinalizationRegistry && new FinalizationRegistry((list) => this.leave(list)); // iterators, by their iterations' numbers

  constructor(exports) { this.#exports = exports; }

  // If an exception comes out of the program, the stack has overflowed in its midst and ruined it. Then there may be no room to do
  // more than to note that: a microtask, which was queued before, does the rest. Where a task begins, the stack has room.
  /** Enters the program, in a task of its own or within one of the page's. */
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
    return this.end(this.ruin.cause);
  }

  async #watch() {
    this.#isWatched = true;
    await undefined; // a tenth of what queueMicrotask costs
    this.#isWatched = false;
    if (this.ruin !== undefined) this.end(this.ruin.cause);
    else if (++this.#entries % 16 === 0) this.enter((exports) => exports["acschat.yield"](), true); // now that no call into the program is under way
  }

  /** Ends a program, which never does so by itself, and returns the error of that. Another can be started with initialize. */
  end(cause) {
    this.ruin ??= { cause };
    this.#ended ??= programEnded(cause);
    this.#calls.forEach(({ sent }, number) => this.#settle(number, "reject", sent === undefined ? this.#ended : deliveryUnknown(sent, this.#ended)));
    for (const release of this.heldLocks) release();
    clearTimeout(this.#timer);
    this.silence?.();
    return this.#ended;
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

  /** Returns the promise of a client's method. */
  call(client, method, args) {
    return this.#promise(client, args, undefined, (exports, number) => exports["acschat.call"](client, method, number, args.has, this.#write(args.text, args.thrown)));
  }

  /** Begins an iteration over a list, and returns its number. */
  iterate(client, method, args, settings, isByPage) {
    const text = `${settings}\n${args.text}`;
    return this.enter((exports) => exports["acschat.iterate"](client, method, isByPage, args.has, this.#write(text)));
  }

  /** Returns the promise of an iteration's next item or page. */
  next(client, list, iterator, args, thrown) {
    const isAborted = tried(() => args.signal?.aborted) === true;
    this.thrown = thrown;
    return this.#promise(client, args, iterator, (exports, number) => exports["acschat.next"](list, number, isAborted));
  }

  leave(list) {
    this.enter((exports) => exports["acschat.leave"](list));
  }

  #promise(client, args, iterator, begin) {
    let number;
    const promise = new Promise((resolve, reject) => (number = this.#keep(client, args, resolve, reject, iterator)));
    this.enter((exports) => begin(exports, number));
    return promise;
  }

  #keep(client, args, resolve, reject, iterator) {
    this.#calls.set(++this.#lastCall, { client, args, resolve, reject, iterator, controller: undefined, sent: undefined });
    return this.#lastCall;
  }

  /** Settles a call, and forgets it, unless settling throws: then the call can be settled otherwise. */
  #settle(number, how, value) {
    const call = this.#calls.get(number);
    if (call === undefined) return;
    call[how](value);
    this.#calls.delete(number);
    const { signal } = call.args; // perhaps of a class of the page's
    const listening = signal && this.#signals.get(signal);
    if (listening?.calls.delete(number) && listening.calls.size === 0) tried(() => signal.removeEventListener("abort", listening.listener));
    abortSoon(call);
  }

  #read(at, length) {
    return decoder.decode(new Uint8Array(this.#exports.mem.buffer, at, length));
  }

  /** Writes a text where the program takes it, beside what was thrown. Returns its length, -1 if it is too long, -2 for none. */
  #write(text, thrown) {
    this.thrown = thrown;
    if (text === undefined) return -2;
    const isShort = text.length < manyUnits || text.length > mostUnits;
    const bytes = isShort ? undefined : encoder.encode(text);
    const size = isShort ? 3 * text.length : bytes.length;
    const at = this.#exports["acschat.room"](size);
    if (at === 0) return -1;
    const room = new Uint8Array(this.#exports.mem.buffer, at, size);
    return isShort ? encoder.encodeInto(text, room).written : (room.set(bytes), size);
  }

  fulfil = (number, at, length) => {
    const result = length > 0 ? parse(this.#read(at, length)) : undefined;
    this.#settle(number, "resolve", result);
  };

  refuse = (number, reason) => {
    this.#refused = reason;
    this.#settle(number, "reject", reason);
  };

  refuseAborted = (number) => {
    const { reason } = this.#calls.get(number).args.signal; // an old one has none
    this.#settle(number, "reject", reason === undefined ? new DOMException("signal is aborted without reason", "AbortError") : reason);
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

  #option = ({ client, args }, name) => args[name] ?? this.#clients.get(client)?.args[name];

  report = (number, at, length) => {
    const exchange = parse(this.#read(at, length)), onExchange = this.#option(this.#calls.get(number), "onExchange");
    queueMicrotask(() => onExchange(exchange));
  };

  /** Begins an exchange. Its text is the init as JSON, the URL, and the body. */
  begin = (number, step, isSend, at, urlAt, bodyAt, length) => void this.#exchange(number, step, isSend, at, urlAt, bodyAt, length);

  async #exchange(number, step, isSend, at, urlAt, bodyAt, length) {
    const call = this.#calls.get(number);
    let controller, response, body, reason;
    let status = -1;
    try {
      const text = this.#read(at, length);
      controller = call.controller = new AbortController();
      const init = { ...parse(text.slice(0, urlAt)), body: text.slice(bodyAt) || undefined, signal: controller.signal };
      await undefined; // the page's own functions do not run inside the program
      if (this.ruin !== undefined || call.controller !== controller) return; // nothing is sent any more
      if (isSend) call.sent = init.body;
      response = await (this.#option(call, "fetch") ?? globalThis.fetch)(text.slice(urlAt, bodyAt), init);
      status = isInteger(response.status) && response.status > 0 && response.status < 1000 ? response.status : 0;
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
    this.enter((exports) => exports["acschat.answer"](number, step, status, this.#write(body, reason)), true);
    this.#response = undefined;
  }

  stop = (number) => abortSoon(this.#calls.get(number));
  header = (name) => this.#response.headers.get(name);

  askToken = (number, flight, forceRefresh) => void this.#ask(number, flight, forceRefresh);

  async #ask(number, flight, forceRefresh) {
    const client = this.#clients.get(number);
    const { signal } = (client.controller = new AbortController());
    const { token } = client.args;
    let given, failed = false;
    await undefined; // the page's own functions do not run inside the program
    try {
      given = await token({ forceRefresh, signal });
    } catch (error) {
      given = error;
      failed = true;
    }
    this.thrown = given;
    this.enter((exports) => exports["acschat.token"](number, flight, failed), true);
    this.thrown = undefined; // it may be the token
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
  if (owner?.controller === undefined) return;
  const { controller } = owner;
  owner.controller = undefined;
  queueMicrotask(() => controller.abort());
}
