// Measures how long calls take.

import { open } from "./chromium.mjs";
import { medianRatio } from "./sample.mjs";
import { inTurn } from "./turn.mjs";

const warmUps = 2;
const series = [
  { name: "sendMessage", how: "oneByOne", call: "sendMessage", n: 2000, wanted: "≤ 0.55" },
  { name: "sendMessage, signal", how: "oneByOne", call: "sendMessageWithSignal", n: 2000, wanted: "≤ 0.55" },
  { name: "sendMessage, trailing undefined", how: "oneByOne", call: "sendMessageWithUndefined", n: 2000 },
  { name: "createThread, 4 participants", how: "oneByOne", call: "createThread", n: 500, wanted: "≤ 0.70" },
  { name: "createThread, 4 participants, signal", how: "oneByOne", call: "createThreadWithSignal", n: 500, wanted: "≤ 0.70" },
  { name: "addParticipants, 3", how: "oneByOne", call: "addParticipants", n: 500, wanted: "≤ 0.60" },
  { name: "addParticipants, 3, signal", how: "oneByOne", call: "addParticipantsWithSignal", n: 500, wanted: "≤ 0.60" },
  { name: "sendMessage, 200 at once", how: "atOnce", call: "sendMessage", n: 200, repeats: 3 },
  { name: "listMessages, a page of 200", how: "oneByOne", call: "listMessages", n: 50 },
];

// The cost of an argument: the median time of a call with it, divided by the median time without it.
const comparisons = [
  { name: "sendMessage, signal / without", call: "sendMessageWithSignal", base: "sendMessage" },
  { name: "sendMessage, trailing undefined / without", call: "sendMessageWithUndefined", base: "sendMessage" },
  { name: "createThread, signal / without", call: "createThreadWithSignal", base: "createThread" },
  { name: "addParticipants, signal / without", call: "addParticipantsWithSignal", base: "addParticipants" },
];

/** Measures in rounds. Every client has one turn in each round. */
export async function measureCalls({ browser, origin, names, rounds }) {
  const pages = {};
  for (const name of names) pages[name] = await open(browser, `${origin}/${name}`);
  const metrics = series.map(({ name, wanted }) => ({ name, unit: "µs", wanted, values: Object.fromEntries(names.map((each) => [each, []])) }));
  for (let i = -warmUps; i < rounds; i++) {
    for (const [s, { how, call, n, repeats = 1 }] of series.entries()) {
      for (const name of inTurn(names, i)) {
        let sum = 0;
        for (let r = 0; r < repeats; r++) sum += await pages[name].page.evaluate(([how, call, n]) => bench[how](call, n), [how, call, n]);
        if (i >= 0) metrics[s].values[name].push(sum / repeats);
      }
    }
  }
  for (const name of names) await pages[name].close();
  const valuesOf = (call) => metrics[series.findIndex((each) => each.how === "oneByOne" && each.call === call)].values;
  const ratios = comparisons.map(({ name, call, base }) => ({
    name,
    wanted: "here ≤ 1.25",
    isRatio: true,
    values: Object.fromEntries(names.map((each) => [each, [medianRatio(valuesOf(call)[each], valuesOf(base)[each])]])),
  }));
  return [...metrics, ...ratios];
}
