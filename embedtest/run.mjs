// node run.mjs DIST WORK: packs DIST as npm does, starts its chatdev and Chromium, runs the tests of this folder, which
// install the package into projects under WORK, and prints which set-ups it works in. Nothing takes longer than the time
// limit. Why chatdev failed, if it did, is in WORK.log.

import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

import { startChatdev } from "../sdktest/chatdev.mjs";
import { Table } from "./table.mjs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`make test-embed needs npm and Node 20.19 or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}
// They need what an older Node may not have.
const { launch } = await import("./chromium.mjs");
const { pack } = await import("./project.mjs");

const limitMs = 240_000;
const toReportMs = 5_000; // what the test runner has to end what it runs and tell of it, once it is stopped

const [, , dist, work] = process.argv;

const stopped = new AbortController();
setTimeout(stop, limitMs, `not done in ${limitMs / 1000} s`);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);

function stop(reason) {
  console.error(`embedtest: stopped: ${reason}`);
  stopped.abort();
  setTimeout(() => process.exit(1), toReportMs).unref();
}

let chromium;
try {
  const { endpoint, users } = await startChatdev(resolve(dist, "chatdev"), ["-users", "jane,alex"], `${work}.log`, stopped.signal);
  process.env.EMBED_ENDPOINT = endpoint;
  process.env.EMBED_USERS = JSON.stringify(users);
  process.env.EMBED_PACKAGE = await pack(dist, work);
  chromium = await launch();
  process.env.EMBED_CHROMIUM = chromium.wsEndpoint();
  process.exitCode = (await prove()) ? 0 : 1;
} catch (error) {
  console.error(`embedtest: ${error.message}`);
  process.exitCode = 1;
}
stopped.abort(); // what still runs after an error
await chromium?.close();
process.exit();

/** Runs the tests, and reports whether all have passed and each set-up has one. */
async function prove() {
  const files = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".test.mjs"));
  const table = new Table();
  let failures = 0;
  const tests = run({
    files: files.map((name) => fileURLToPath(new URL(name, import.meta.url))),
    concurrency: 2,
    signal: stopped.signal,
  });
  tests.on("test:pass", (event) => table.add(event, true));
  tests.on("test:fail", (event) => {
    failures++;
    table.add(event, false);
  });
  await pipeline(tests, new spec(), process.stdout, { end: false });
  console.log(`\n${table}`);
  return failures === 0 && table.isGreen();
}
