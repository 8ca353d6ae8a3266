// How long a call takes.

import { open } from "./chromium.mjs";
import { inTurn } from "./turn.mjs";

const warmUps = 2;
const series = [
  { name: "sendMessage", how: "oneByOne", operation: "sendMessage", n: 2000, wanted: "≤ 0.85" },
  { name: "createThread, 4 participants", how: "oneByOne", operation: "createThread", n: 500, wanted: "≤ 0.85" },
  { name: "addParticipants, 3", how: "oneByOne", operation: "addParticipants", n: 500, wanted: "≤ 0.85" },
  { name: "sendMessage, 200 at once", how: "atOnce", operation: "sendMessage", n: 200, repeats: 3 },
];

/** Measures in rounds, in each of which every client has its turn. */
export async function measureCalls({ browser, origin, names, rounds }) {
  const pages = {};
  for (const name of names) pages[name] = await open(browser, `${origin}/${name}`);
  const metrics = series.map(({ name, wanted }) => ({ name, unit: "µs", wanted, values: Object.fromEntries(names.map((each) => [each, []])) }));
  for (let i = -warmUps; i < rounds; i++) {
    for (const [s, { how, operation, n, repeats = 1 }] of series.entries()) {
      for (const name of inTurn(names, i)) {
        let sum = 0;
        for (let r = 0; r < repeats; r++) sum += await pages[name].page.evaluate(([how, operation, n]) => bench[how](operation, n), [how, operation, n]);
        if (i >= 0) metrics[s].values[name].push(sum / repeats);
      }
    }
  }
  for (const name of names) await pages[name].close();
  return metrics;
}
