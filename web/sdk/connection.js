// The connection of the SDK's classes to the client of this package: it loads the client at the first call, and translates options and errors.

import { createClient, initialize as load } from "../chat.js";
import { sdkError } from "./error.js";

let loadOptions; // those of the page, if it has called initialize

/** Loads the client. Only needed for the options of chat.js's initialize: the first call of a ChatClient loads it by itself. */
export function initialize(options) {
  loadOptions = options;
  return load(options);
}

/** A client of this package for one ChatClient and its ChatThreadClients. */
export class Connection {
  #options;
  #hasToken; // whether messages are sent with an idempotency token
  #client; // a promise

  constructor(endpoint, credential, { fetch, apiVersion = "2025-03-15", idempotencyToken = true, retryOptions } = {}) {
    const token = async ({ signal }) => (await credential.getToken({ abortSignal: signal })).token;
    this.#options = { endpoint, token, fetch, apiVersion, retry: retryOf(retryOptions), checkLimits: false }; // the SDK leaves limits to the service
    this.#hasToken = idempotencyToken;
  }

  /** Returns sendMessage's option idempotencyToken: that of the call, or what the client was created with. */
  tokenOf = ({ idempotencyToken = this.#hasToken }) => idempotencyToken || undefined;

  /** Returns the client. */
  client() {
    if (this.#client !== undefined) return this.#client;
    const created = (this.#client = create(this.#options));
    created.catch(() => (this.#client = undefined)); // the next call tries again
    return created;
  }

  /** Makes a call: operation gets the client and the call's options, translated from those of the SDK. */
  async call(options, operation) {
    let exchange; // the last one has the body of the service's error
    try {
      return await operation(await unlessAborted(this.client(), options.abortSignal), callOptions(options, (last) => (exchange = last)));
    } catch (error) {
      this.#noteEnd(error);
      throw sdkError(error, exchange, options.abortSignal);
    }
  }

  /** Returns a list of the SDK. begin gets the client and the list's options, and returns a list of this package. */
  list(options, begin, itemOf) {
    const pagesOf = (settings = {}) => this.#pages(options, begin, itemOf, settings);
    const items = itemsOf(pagesOf());
    return {
      next: () => items.next(),
      [Symbol.asyncIterator]() { return this; },
      byPage: pagesOf,
    };
  }

  /** Iterates over pages. After each, the settings have the token to continue with, which is the next page's link. */
  async *#pages(options, begin, itemOf, settings) {
    let exchange;
    try {
      const list = begin(await unlessAborted(this.client(), options.abortSignal), callOptions(options, (last) => (exchange = last)));
      for await (const { value, nextLink } of list.byPage({ nextLink: settings.continuationToken || undefined })) {
        settings.continuationToken = nextLink;
        yield value.map(itemOf);
      }
    } catch (error) {
      this.#noteEnd(error);
      throw sdkError(error, exchange, options.abortSignal);
    }
  }

  /** After the program has ended, the next call starts it again. */
  #noteEnd(error) {
    if (error?.code === "InternalError") this.#client = undefined;
  }
}

async function* itemsOf(pages) {
  for await (const page of pages) yield* page;
}

async function create(options) {
  try {
    return createClient(options); // the page may have loaded the client with options of its own
  } catch (error) {
    if (error.code !== "NotInitialized") throw error;
  }
  await load(loadOptions);
  return createClient(options);
}

/** Returns the promise's value, or rejects when the signal is aborted before: loading the client may take long. */
function unlessAborted(promise, signal) {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    const end = () => signal.removeEventListener("abort", abort);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort);
    promise.then(resolve, reject).then(end);
  });
}

const callOptions = ({ abortSignal, requestOptions }, onExchange) => ({ signal: abortSignal, timeoutMs: requestOptions?.timeout || undefined, onExchange });

function retryOf({ maxRetries, retryDelayInMs, maxRetryDelayInMs } = {}) {
  return { maxRetries, baseDelayMs: retryDelayInMs, maxDelayMs: maxRetryDelayInMs };
}
