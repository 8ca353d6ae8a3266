// The emulator's fetch, which does what the page's fetch does with a service on another origin.

import { Map, Promise, TypeError, Uint8Array, defineProperty, performance, queueMicrotask } from "./error.js";

const encoder = new TextEncoder();

// CORS lets a page read these headers, and those that the service exposes.
const safelisted = ["cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"];
const withoutBody = [204, 205, 304];

/** Returns a fetch function for the emulator at that endpoint. onRequest is called after each request. */
export function fetchOf(connection, endpoint, onRequest) {
  return async function fetch(input, init) {
    const request = new Request(input, init);
    const { origin, protocol, host, pathname, search, href } = new URL(request.url);
    if (origin !== endpoint) throw new TypeError(`Failed to fetch: emulator.fetch answers requests to ${endpoint} only, not to ${origin}. Use the page's own fetch for others`);
    request.signal.throwIfAborted();
    let body = bytesAtOnce(request, input, init);
    if (body === undefined) {
      body = new Uint8Array(await aborting(request.arrayBuffer(), request.signal));
      request.signal.throwIfAborted();
    }
    const head = { method: request.method, scheme: protocol.slice(0, -1), host, target: pathname + search, headers: [...request.headers, ["origin", globalThis.location?.origin ?? "null"]], isPage: true };
    const url = href.split("#", 1)[0];
    return new Exchange(url, request, input, onRequest && new Report(onRequest, request, url, body)).start(connection, head, body);
  };
}

/** Returns the body if it can be read at once, so that requests keep their order. */
function bytesAtOnce(request, input, init) {
  const body = init?.body;
  if (typeof body === "string" || body instanceof URLSearchParams) return encoder.encode(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body.slice(0));
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength));
  const isNone = (body === undefined || body === null) && (request.body === null || !(input instanceof Request));
  return isNone ? new Uint8Array() : undefined;
}

/** Returns a promise that rejects with the signal's reason once it aborts. */
function aborting(promise, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** A request, until its answer is complete. */
class Exchange {
  #url; #method; #signal; #report;
  #requests; // in Node a signal that a request follows reaches request.signal only while the request is not collected
  #resolve; #reject; #cancel; #stream; // the controller of the answer's body, if that comes in pieces
  #abort = () => this.#fail(this.#signal.reason);

  constructor(url, request, input, report) {
    this.#url = url;
    this.#method = request.method;
    this.#signal = request.signal;
    this.#requests = [request, input];
    this.#report = report;
  }

  start(connection, head, body) {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#signal.addEventListener("abort", this.#abort);
      this.#cancel = connection.fetch(head, body, { answer: (answer) => this.#answer(answer), broken: (error) => this.#fail(error) });
    });
  }

  #answer({ status, headers, body, isLast }) {
    if (status > 0 && !this.#begin(status, lowerCase(headers), body, isLast)) return;
    this.#report?.add(body);
    if (this.#stream && body.length > 0) this.#stream.enqueue(body);
    if (!isLast) return;
    this.#stream?.close();
    this.#end();
  }

  /** Resolves with the response, unless the page may not read it. */
  #begin(status, headers, body, isWhole) {
    this.#report?.begin(status, headers);
    if (headers.get("access-control-allow-origin") !== "*") {
      this.#cancel();
      this.#fail(new TypeError("Failed to fetch: the answer has no Access-Control-Allow-Origin"));
      return false;
    }
    const isEmpty = withoutBody.includes(status) || this.#method === "HEAD";
    let content = null;
    if (!isEmpty && isWhole) content = body;
    else if (!isEmpty) content = new ReadableStream({ start: (controller) => (this.#stream = controller), cancel: () => (this.#cancel(), this.#end()) });
    const response = new Response(content, { status, headers: exposed(headers) });
    defineProperty(response, "url", { __proto__: null, value: this.#url, configurable: true });
    defineProperty(response, "type", { __proto__: null, value: "cors", configurable: true });
    this.#resolve(response);
    return true;
  }

  #fail(error) {
    this.#cancel?.();
    this.#reject(error);
    this.#stream?.error(error);
    this.#report?.fail(error);
    this.#end();
  }

  #end() {
    this.#stream = this.#requests = undefined;
    this.#signal.removeEventListener("abort", this.#abort);
    this.#report?.send();
    this.#report = undefined;
  }
}

/** Returns headers by their names in lower case. */
const lowerCase = (headers) => new Map(Object.entries(headers).map(([name, values]) => [name.toLowerCase(), values.join(", ")]));

/** Returns the headers that CORS lets a page read. */
function exposed(headers) {
  const names = (headers.get("access-control-expose-headers") ?? "").toLowerCase().split(/\s*,\s*/);
  return [...headers].filter(([name]) => safelisted.includes(name) || names.includes(name) || names.includes("*"));
}

/** What onRequest is told of a request. It has the headers that a page cannot read, too, but not the access token. */
class Report {
  #onRequest; #report; #startedAt = performance.now(); #decoder = new TextDecoder();

  constructor(onRequest, request, url, body) {
    this.#onRequest = onRequest;
    const requestHeaders = Object.fromEntries(request.headers);
    if (requestHeaders.authorization) requestHeaders.authorization = requestHeaders.authorization.replace(/ .*/s, " …");
    this.#report = { method: request.method, url, requestHeaders, requestBody: new TextDecoder().decode(body), status: undefined, responseHeaders: {}, responseBody: "", durationMs: 0, error: undefined };
  }

  begin(status, headers) {
    this.#report.status = status;
    this.#report.responseHeaders = Object.fromEntries(headers);
  }

  add(body) {
    this.#report.responseBody += this.#decoder.decode(body, { stream: true });
  }

  fail(error) {
    this.#report.error = error;
  }

  send() {
    this.#report.durationMs = performance.now() - this.#startedAt;
    queueMicrotask(() => this.#onRequest(this.#report)); // what it throws is uncaught
  }
}
