// Measures conversations of a long thread, which the official SDK does not have.

import { open } from "./chromium.mjs";
import { memory } from "./memory.mjs";
import { medianRatio } from "./sample.mjs";
import { inTurn } from "./turn.mjs";

const count = 10_000; // messages in the thread
const passes = 2;
const times = 2; // of the memory
const receives = 9;
const sends = 20;

const series = [
  { name: "conversation, first page of 50 messages", unit: "ms", call: "firstPage", args: [50] },
  { name: "conversation, first page of 10,000 messages", unit: "ms", call: "firstPage", args: [count] },
  { name: "conversation, a message sent, 10 loaded", unit: "µs", call: "send", args: [10, sends] },
  { name: "conversation, a message sent, 500 loaded", unit: "µs", call: "send", args: [500, sends] },
  { name: "conversation, a message received, 10 loaded", unit: "µs", call: "receive", args: [10, receives], rounds: 2 },
  { name: "conversation, a message received, 500 loaded", unit: "µs", call: "receive", args: [500, receives], rounds: 2 },
];
const comparisons = [
  { name: "conversation, first page of 10,000 / of 50", of: 1, base: 0 },
  { name: "conversation, a message sent, 500 / 10 loaded", of: 3, base: 2, wanted: "here ≤ 1.5" },
  { name: "conversation, a message received, 500 / 10 loaded", of: 5, base: 4, wanted: "here ≤ 1.5" },
];

/** Measures in rounds. Contestants without conversations get dashes. */
export async function measureConversation({ browser, origin, names, rounds }) {
  const pages = await openAll(browser, origin, names);
  const able = Object.keys(pages);
  const metrics = series.map(({ name, unit }) => ({ name, unit, values: samples(names, able) }));
  for (let i = -1; i < rounds; i++) {
    for (const [s, { call, args, rounds: most = rounds }] of series.entries()) {
      if (i >= most) continue;
      for (const name of inTurn(able, Math.abs(i))) {
        const value = await pages[name].page.evaluate(([call, args]) => conversations[call](...args), [call, args]);
        if (i >= 0) metrics[s].values[name].push(value); // the first round warms up
      }
    }
  }
  for (const name of able) await pages[name].close();
  const ratios = comparisons.map(({ name, of, base, wanted }) => ({
    name,
    wanted,
    isRatio: true,
    values: { ...samples(names, []), ...Object.fromEntries(able.map((each) => [each, [medianRatio(metrics[of].values[each], metrics[base].values[each])]])) },
  }));
  return [...metrics, ...ratios, ...(await measureScrolling(browser, origin, names, able))];
}

/** Measures the memory after scrolling to the first message and back, once and twice. */
async function measureScrolling(browser, origin, names, able) {
  const kinds = { heap: "JS heap", wasm: "wasm memory" };
  const metrics = {};
  for (const [kind, title] of Object.entries(kinds)) {
    metrics[kind] = Array.from({ length: passes }, (_, i) => ({ name: `${title} after scrolling through 10,000, pass ${i + 1}`, unit: "MB", values: samples(names, able) }));
  }
  for (let i = 0; i < times; i++) {
    for (const name of inTurn(able, i)) {
      const { page, devtools, close } = await open(browser, `${origin}/${name}-conversation`);
      for (let pass = 0; pass < passes; pass++) {
        await page.evaluate((count) => conversations.scroll(count), count);
        const sizes = await memory(devtools);
        for (const kind in kinds) metrics[kind][pass].values[name].push(sizes[kind] / 1e6);
      }
      await close();
    }
  }
  const ratios = Object.entries(kinds).map(([kind, title]) => ({
    name: `${title}, pass ${passes} / pass 1`,
    wanted: "here ≤ 1.1",
    isRatio: true,
    values: { ...samples(names, []), ...Object.fromEntries(able.map((each) => [each, [medianRatio(metrics[kind].at(-1).values[each], metrics[kind][0].values[each])]])) },
  }));
  return [...metrics.heap, ...metrics.wasm, ...ratios];
}

/** Opens the pages of the contestants that have conversations. */
async function openAll(browser, origin, names) {
  const pages = {};
  for (const name of names.filter((each) => each !== "official")) {
    const opened = await open(browser, `${origin}/${name}-conversation`);
    if (await opened.page.evaluate(() => conversations.exists)) pages[name] = opened;
    else await opened.close();
  }
  return pages;
}

/** Returns an empty sample for each contestant, and one without a figure for those that are not able. */
const samples = (names, able) => Object.fromEntries(names.map((name) => [name, able.includes(name) ? [] : [NaN]]));
