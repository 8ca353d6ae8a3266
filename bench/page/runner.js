// Starts a client in its page, with a stub in place of the network, and times it when asked to.

import { endpoint, work } from "./work.js";

let count = 0; // of requests
let last; // [url, init] of the last one

const answers = Object.values(work).map(({ path, location, answer }) => ({
  url: endpoint + path,
  body: JSON.stringify(answer),
  init: { status: 201, headers: { "Content-Type": "application/json; charset=utf-8", ...(location && { Location: location }) } },
}));

/** Answers the service's requests at once; others go to the page's own server. */
function stub(fetch) {
  return function (url, init) {
    const address = String(url.url ?? url);
    if (!address.startsWith(endpoint)) return fetch(url, init);
    count++;
    last = [url, init];
    const answer = answers.find((each) => address.startsWith(each.url) && address[each.url.length] === "?");
    if (answer === undefined) throw new Error(`the stubbed service does not know ${address}`);
    return Promise.resolve(new Response(answer.body, answer.init));
  };
}

/** Starts a client, which is its three operations, and publishes what the bench does with it. */
export async function run(start) {
  globalThis.fetch = stub(fetch.bind(globalThis));
  const operations = await start();
  const ready = performance.now(); // from the navigation's start
  await operations.sendMessage();
  const first = performance.now();

  /** Gives the microseconds that each of n calls takes. */
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
  };
  if (globalThis.tellStarted) tellStarted(""); // the bench listens
  else fetch("/started", { method: "POST", body: JSON.stringify(globalThis.bench.cold) });
}
