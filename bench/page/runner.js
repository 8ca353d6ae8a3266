// Starts a client in its page, with a stub instead of the network, and measures it for run.mjs.

import { endpoint, work } from "./work.js";

let count = 0; // of requests
let last; // [url, init] of the last one

const answers = Object.values(work).map((operation) => ({
  method: operation.query ? "GET" : "POST",
  url: endpoint + operation.path,
  operation,
  body: undefined, // the answer as JSON, set at the first request
  init: {
    status: operation.query ? 200 : 201,
    headers: { "Content-Type": "application/json; charset=utf-8", ...(operation.location && { Location: operation.location }) },
  },
}));

/** Returns a fetch that answers requests to the service at once. Other requests go to the page's own server. */
function stub(fetch) {
  return function (url, init) {
    const address = String(url.url ?? url);
    if (!address.startsWith(endpoint)) return fetch(url, init);
    count++;
    last = [url, init];
    const method = init?.method ?? url.method ?? "GET";
    const answer = answers.find((each) => each.method === method && address.startsWith(each.url) && address[each.url.length] === "?");
    if (answer === undefined) throw new Error(`the stubbed service does not know ${method} ${address}`);
    answer.body ??= JSON.stringify(answer.operation.answer);
    return Promise.resolve(new Response(answer.body, answer.init));
  };
}

/** Reads a list to its end, item by item. */
export async function readAll(list) {
  const items = [];
  for await (const item of list) items.push(item);
  return items;
}

/**
 * Starts a client, and sets globalThis.bench, which run.mjs uses. start receives the signal for the page's calls, and returns a function for each of
 * the calls in work.js.
 */
export async function run(start) {
  globalThis.fetch = stub(fetch.bind(globalThis));
  const controller = new AbortController();
  const operations = await start(controller.signal);
  const ready = performance.now(); // since the start of the navigation
  await operations.sendMessage();
  const first = performance.now();

  /** Returns the time per call, in microseconds, of n calls. */
  async function time(n, calls) {
    const before = count;
    const begin = performance.now();
    await calls();
    const microseconds = ((performance.now() - begin) * 1000) / n;
    if (count - before !== n) throw new Error(`${n} calls made ${count - before} requests`);
    return microseconds;
  }

  globalThis.bench = {
    cold: { ready, first },
    oneByOne: (name, n) =>
      time(n, async () => {
        for (let i = 0; i < n; i++) await operations[name]();
      }),
    atOnce: (name, n) => time(n, () => Promise.all(Array.from({ length: n }, () => operations[name]()))),
    async exchange(name) {
      const result = await operations[name]();
      const request = new Request(...last);
      return { method: request.method, url: request.url, headers: Object.fromEntries(request.headers), body: await request.text(), result };
    },
    /** Calls after aborting the page's signal. Returns the name of the error, or undefined after a success, and whether a request was sent. */
    async aborted(name) {
      controller.abort();
      const before = count;
      const error = await operations[name]().then(() => undefined, ({ name }) => name);
      return { error, sent: count > before };
    },
  };
  if (globalThis.tellStarted) tellStarted(""); // chromium.mjs waits for this
  else fetch("/started", { method: "POST", body: JSON.stringify(globalThis.bench.cold) });
}
