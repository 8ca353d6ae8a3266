// node run.mjs [--only sizes,cold,calls,memory,conversation,emulator,hints,studio] [--rounds N] [--cold N] [--client DIR] [--before DIR] [--json FILE]: compares
// the client in DIR (by default dist or, without dist, web) with the official SDK. Both take turns with the same work in one Chromium.
// A stub answers instead of the service. Prints a table of medians [first quartile–third quartile]. Fails if a client sends a wrong request.
//
// --before DIR adds another build of this client as the contestant "before", such as the dist of an older commit. The last ratio of a row is
// then this client's figure divided by that build's.

import { existsSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { measureCalls } from "./calls.mjs";
import { check, checkAborted } from "./check.mjs";
import { launch, open } from "./chromium.mjs";
import { measureColdStarts } from "./cold.mjs";
import { contestants } from "./contestant.mjs";
import { measureConversation } from "./conversation.mjs";
import { measureEmulator } from "./emulator.mjs";
import { measureHints } from "./hints.mjs";
import { measureMemory } from "./memory.mjs";
import { calls } from "./page/work.js";
import { serve } from "./server.mjs";
import { compress, measureSizes } from "./size.mjs";
import { measureStudio } from "./studio.mjs";
import { table } from "./table.mjs";

const parts = {
  sizes: measureSizes,
  cold: measureColdStarts,
  calls: measureCalls,
  memory: measureMemory,
  conversation: measureConversation,
  emulator: measureEmulator,
  hints: measureHints,
  studio: measureStudio,
};
const root = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const partsWithBrotli = ["sizes", "cold"];

try {
  await compare(settings());
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
}

function settings() {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: Object.keys(parts).join() },
      rounds: { type: "string", default: "15" },
      cold: { type: "string", default: "15" },
      client: { type: "string", default: root(existsSync(root("dist")) ? "dist" : "web") },
      before: { type: "string" },
      json: { type: "string" },
    },
  });
  const only = values.only.split(",");
  for (const part of only) if (!(part in parts)) throw new Error(`--only ${part}: there are ${Object.keys(parts).join(", ")}`);
  for (const name of ["rounds", "cold"]) {
    if (!/^[1-9]\d*$/.test(values[name])) throw new Error(`--${name} ${values[name]}: must be a number from 1`);
    values[name] = Number(values[name]);
  }
  for (const directory of [values.client, values.before].filter((each) => each !== undefined)) {
    for (const name of ["chat.js", "chat.wasm"]) {
      if (!existsSync(`${directory}/${name}`)) throw new Error(`${directory} has no ${name}: run make dist first`);
    }
  }
  return { ...values, only };
}

async function compare({ only, rounds, cold, client, before, json }) {
  const browser = await launch();
  let server;
  try {
    const { files, names } = await contestants(client, before);
    const compressed = only.some((part) => partsWithBrotli.includes(part)) ? await compress(files) : new Map();
    server = await serve(files, compressed);
    const bench = { browser, server, origin: server.origin, names, files, compressed, client, rounds, cold };
    for (const name of names) await checkAll(bench, name);
    const metrics = [];
    for (const part of only) metrics.push(...(await parts[part](bench)));
    const machine = `Chromium ${browser.version()}, Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0].model.trim()})`;
    const builds = `client ${client}${before === undefined ? "" : `, before ${before}`}`;
    console.log(`${table(metrics, names)}\n\n${machine}; ${rounds} rounds of calls, ${cold} cold starts; ${builds}.`);
    if (json) writeFileSync(json, JSON.stringify({ machine, rounds, cold, metrics }, null, 1) + "\n");
  } finally {
    await browser.close();
    server?.close();
  }
}

async function checkAll({ browser, origin }, name) {
  const { page, close } = await open(browser, `${origin}/${name}`);
  const checks = Object.entries(calls).map(([call, operation]) => [call, "exchange", (exchange) => check(operation, exchange)]);
  const signalled = Object.keys(calls).filter((call) => call.endsWith("WithSignal"));
  checks.push(...signalled.map((call) => [call, "aborted", checkAborted])); // last: it aborts the page's signal
  for (const [call, how, test] of checks) {
    const result = await page.evaluate(([how, call]) => bench[how](call), [how, call]);
    try {
      test(result);
    } catch (error) {
      throw new Error(`${name}, ${call}: ${error.message}`);
    }
  }
  await close();
}
