// Measures the time from the start of the navigation until a client can be used, and until its first result.

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
  for (let i = -1; i < times; i++) { // round -1 warms up the browser
    for (const name of inTurn(pages, i)) {
      const cold = line ? await startOverLine(browser, `${server.origin}/${name}`, line) : await startAlone(browser, server, `/${name}`);
      if (i < 0) continue;
      const client = name.replace("-preload", "");
      if (name === client) {
        ready.values[client].push(cold.ready);
        first.values[client].push(cold.first);
      }
      if (name !== client || client === "official") { // the SDK has no file to preload
        readyPreloaded.values[client].push(cold.ready);
        firstPreloaded.values[client].push(cold.first);
      }
    }
  }
  return metrics;
}

/** Starts a page over a slow line, which DevTools emulates. */
async function startOverLine(browser, url, line) {
  const page = await open(browser, url, line);
  try {
    return await page.page.evaluate("bench.cold");
  } finally {
    await page.close();
  }
}
