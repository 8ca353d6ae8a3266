// Measures the emulator: the program acschat, and createEmulator in a page. The official SDK has nothing like them.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { open } from "./chromium.mjs";
import { page, script } from "./contestant.mjs";
import { memory } from "./memory.mjs";
import { medianRatio, ofHere } from "./sample.mjs";

const threads = 200;
const messages = 10_000; // in all threads together
const fills = 2;
const memoryTimes = 2;
const requests = 500;
const path = "/here-emulator";

const places = [
  { where: "in a worker", options: {} },
  { where: "in the page's thread", options: { worker: false } },
];
const kinds = { getThread: "a request, getThread", sendMessage: "a request, sendMessage" };

/** Measures in rounds. Only this client has figures. */
export async function measureEmulator({ browser, origin, names, files, client, rounds, cold }) {
  const row = (name, unit, wanted) => ({ name: `emulator, ${name}`, unit, wanted, values: ofHere(names, []) });
  if (!existsSync(`${client}/emulator.wasm`)) return []; // a build that is older than the emulator
  await addFiles(files, client);

  const line = row("acschat until its line", "ms", "≤ 500");
  for (let i = -1; i < cold; i++) {
    const ms = await timeUntilLine(client);
    if (i >= 0) line.values.here.push(ms); // the first time warms up the disk's cache
  }

  const firsts = places.map(({ where }) => row(`createEmulator until the first answer, ${where}`, "ms"));
  for (let i = -1; i < cold; i++) {
    for (const [p, { options }] of places.entries()) {
      const { page, close } = await open(browser, origin + path);
      const ms = await page.evaluate((options) => emulators.firstAnswer(options), options);
      if (i >= 0) firsts[p].values.here.push(ms);
      await close();
    }
  }

  const costs = places.flatMap(({ where, options }) => Object.entries(kinds).map(([kind, name]) => ({ kind, options, metric: row(`${name}, ${where}`, "µs") })));
  const pages = new Map();
  for (const { options } of places) {
    const opened = await open(browser, origin + path);
    await opened.page.evaluate((options) => emulators.create(options), options);
    pages.set(options, opened);
  }
  for (let i = -1; i < rounds; i++) {
    for (const { kind, options, metric } of costs) {
      const microseconds = await pages.get(options).page.evaluate(([kind, n]) => emulators.oneByOne(kind, n), [kind, requests]);
      if (i >= 0) metric.values.here.push(microseconds);
    }
  }
  for (const { close } of pages.values()) await close();

  return [line, ...firsts, ...costs.map(({ metric }) => metric), ...(await measureMemory(browser, origin, row))];
}

/** Measures the memory of an emulator with many messages, and of the same messages again after reset. */
async function measureMemory(browser, origin, row) {
  const what = `${messages.toLocaleString("en")} messages in ${threads} threads`;
  const titles = { heap: "JS heap", wasm: "wasm memory" };
  const metrics = Object.fromEntries(
    Object.entries(titles).map(([kind, title]) => [kind, ["empty", `with ${what}`, "after reset and the same again"].map((moment) => row(`${title} ${moment}`, "MB"))]),
  );
  for (let i = 0; i < memoryTimes; i++) {
    const { page, devtools, close } = await open(browser, origin + path);
    await page.evaluate(() => emulators.create({ worker: false })); // so that all of its memory is the page's
    for (let fill = 0; fill <= fills; fill++) {
      if (fill > 0) await page.evaluate(([threads, messages]) => emulators.fill(threads, messages), [threads, messages]);
      const sizes = await memory(devtools);
      for (const kind in titles) metrics[kind][fill].values.here.push(sizes[kind] / 1e6);
    }
    await close();
  }
  const ratios = Object.entries(titles).map(([kind, title]) => {
    const ratio = { ...row(`${title}, again / first`, undefined, "here ≤ 1.1"), isRatio: true };
    ratio.values.here = [medianRatio(metrics[kind][2].values.here, metrics[kind][1].values.here)];
    return ratio;
  });
  return [...metrics.heap, ...metrics.wasm, ...ratios];
}

/** Adds the page and the scripts of the emulator to the server's files. */
async function addFiles(files, client) {
  for (const name of readdirSync(client).filter((each) => /^emulator.*\.(js|wasm)$/.test(each))) {
    files.set(`/here/${name}`, readFileSync(`${client}/${name}`));
  }
  files.set(path, page(await script("page/emulator.js", "/here/emulator.js"), "/here/emulator.js"));
}

/** Returns how long the program acschat takes until it prints its line, in milliseconds. */
async function timeUntilLine(client) {
  const begun = performance.now();
  const child = spawn(process.execPath, [`${client}/node/acschat.js`, "-page", "localhost:0", "-acs", "localhost:0", "-users", "jane,alex", "-json"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  try {
    const line = await Promise.race([once(createInterface(child.stdout), "line"), ended.then(() => undefined)]);
    if (line === undefined) throw new Error(`acschat of ${client} has ended`);
    return performance.now() - begun;
  } finally {
    child.kill();
    await ended;
  }
}
