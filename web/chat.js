// Azure Communication Services Chat for web pages: the functions that pages call. The client is written in Go and compiled to WebAssembly.
// loading.js loads it, and border.js connects it to the page. Types and reference: chat.d.ts.

import { ChatError, Symbol, invalid, parse, rejected, tried } from "./error.js";
import { isURL } from "./module.js";
import { load, sourcesOf } from "./loading.js";
import { Arguments } from "./arguments.js";
import { Border } from "./border.js";

export { ChatError };

/** The version of this client. The build writes it from chatcore.Version. */
export const version = "0.1.0";

const { asyncIterator } = Symbol;

let loading; // { sources, promise } of the initialize that is in flight or has succeeded
let program; // the Border of the running program

/** Loads the client: fetches chat.wasm, or uses a compiled module, and starts it. Later calls return the same promise. */
export function initialize(options = {}) {
  let sources;
  try {
    sources = sourcesOf(options);
  } catch (error) {
    return rejected(error instanceof ChatError ? error : invalid("options", "cannot be read", error));
  }
  if (program?.crash) loading = program = undefined;
  if (loading === undefined) {
    const attempt = { sources, promise: start(sources) };
    attempt.promise.catch(() => {
      if (loading === attempt) loading = undefined; // initialize can be called again
    });
    loading = attempt;
  } else if (loading.sources.integrity !== sources.integrity) {
    return rejected(invalid("integrity", "differs from that of the first call"));
  } else if (loading.sources.program !== sources.program || loading.sources.conversations !== sources.conversations) {
    const [program, conversations] = [loading.sources.program, loading.sources.conversations].map((source) => (isURL(source) ? source : source ? "a module" : "nowhere"));
    return rejected(invalid("options", `differ from those of the first call, which loads from ${program}, and conversations from ${conversations}`));
  }
  return loading.promise;
}

const start = async (sources) => {
  program = await load(sources, version, (exports) => new Border(exports));
};

/** Returns the Border of the running program. Throws NotInitialized if there is none. */
function running(operation) {
  if (program !== undefined && !program.crash) return program;
  throw new ChatError(`${operation}: the client is not loaded yet`, {
    operation,
    code: "NotInitialized",
    hint: loading && !program ? "Wait for the promise of initialize() first." : "Call initialize() first, and wait for its promise.",
  });
}

/** Returns an idempotency token for sendMessage. Store it with the draft of the message. */
export function newIdempotencyToken() {
  const border = running("newIdempotencyToken");
  const token = border.enter(() => border.newIdempotencyToken());
  if (token instanceof ChatError) throw token;
  return token;
}

/** Creates a client for one user. */
export function createClient(options) {
  const border = running("createClient");
  const id = border.create(new Arguments([options], 0));
  const client = {};
  parse(border.methods).forEach(({ name, options, isList, isLive }, method) => {
    client[name] = (...values) => {
      const args = new Arguments(values, options);
      return isList ? newList(border, id, method, args, isLive) : border.call(id, method, args);
    };
  });
  const { conversations } = border;
  return {
    ...client,
    get userId() { return conversations.userID(id); },
    openConversation: (...values) => conversations.openConversation(id, values),
    openInbox: (...values) => conversations.openInbox(id, values),
    forget: () => conversations.forget(id),
    wake: (threadId, options) => void border.wake(id, tried(() => `${tried(() => `${options.version}`)}\n${threadId}`)), // it never throws
    close: () => border.close(id),
  };
}

/** Returns a list: an async iterable of items, with byPage for an async iterable of pages. It can be iterated any number of times. */
function newList(border, client, method, args, isLive) {
  const iterable = ({ text, thrown }, isByPage) => ({
    [asyncIterator]: () => {
      const iteration = border.iterate(client, method, args, text, isByPage);
      const iterator = {
        next: () => border.next(client, iteration, iterator, args, thrown ?? args.thrown),
        return: async (value) => (border.leave(iteration), { value, done: true }),
        [asyncIterator]: () => iterator,
      };
      border.iteratorRegistry?.register(iterator, iteration);
      return iterator;
    },
  });
  const list = iterable({ text: "", thrown: undefined }, false);
  return isLive ? list : { ...list, byPage: (settings) => iterable(new Arguments([settings], -1), true) };
}
