// How long it takes from the start of the navigation until a client can be used, and until it has given a first result.

import { open, startAlone } from "./chromium.mjs";
import { inTurn } from "./turn.mjs";

const slowLine = { latencyMs: 40, bytesPerSecond: 10e6 / 8 };

export async function measureColdStarts(bench) {
  return [
    ...(await measureColdStart(bench, "local", bench.cold, undefined, "≤ 1.15")),
    ...(await measureColdStart(bench, "10 Mbit/s, 40 ms", Math.ceil(bench.cold / 2), slowLine)),
  ];
}

async function measureColdStart({ browser, server, names }, where, times, line, wanted) {
  const clients = names.filter((name) => name !== "official");
  const pages = [...names, ...clients.map((name) => `${name}-preload`)];
  const metrics = ["ready", "first result"].flatMap((what) =>
    ["", ", wasm preloaded"].map((how) => ({ name: `${what}, ${where}${how}`, unit: "ms", values: Object.fromEntries(names.map((name) => [name, []])) })),
  );
  const [ready, readyPreloaded, first, firstPreloaded] = metrics;
  ready.wanted = wanted;
  for (let i = -1; i < times; i++) { // the first is for the browser to warm up
    for (const name of inTurn(pages, i)) {
      const cold = line ? await startOverLine(browser, `${server.origin}/${name}`, line) : await startAlone(browser, server, `/${name}`);
      if (i < 0) continue;
      const client = name.replace("-preload", "");
      if (name === client) {
        ready.values[client].push(cold.ready);
        first.values[client].push(cold.first);
      }
      if (name !== client || client === "official") { // which has nothing that is found late
        readyPreloaded.values[client].push(cold.ready);
        firstPreloaded.values[client].push(cold.first);
      }
    }
  }
  return metrics;
}

/** Has a page start over a line, which is DevTools's to make slow. */
async function startOverLine(browser, url, line) {
  const page = await open(browser, url, line);
  try {
    return await page.page.evaluate("bench.cold");
  } finally {
    await page.close();
  }
}
