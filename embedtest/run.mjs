// node run.mjs DIST WORK: packs DIST with npm, starts its chatdev and Chromium, and runs the tests in this folder, which install the package into
// projects under WORK. Prints which set-ups work. Stops at the time limit. chatdev's log is in WORK.log.

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
// Imported after the check, because these modules do not load in older versions of Node.
const { launch } = await import("./chromium.mjs");
const { pack } = await import("./project.mjs");

const limitMs = 600_000;
const reportMs = 5_000; // time for the test runner to stop and to report

const [, , dist, work] = process.argv;

const stopped = new AbortController();
setTimeout(stop, limitMs, `not done in ${limitMs / 1000} s`);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);

function stop(reason) {
  console.error(`embedtest: stopped: ${reason}`);
  stopped.abort();
  setTimeout(() => process.exit(1), reportMs).unref();
}

let chromium;
try {
  const { endpoint, users } = await startChatdev(resolve(dist, "chatdev"), ["-users", "jane,alex"], `${work}.log`, stopped.signal);
  process.env.EMBED_ENDPOINT = endpoint;
  process.env.EMBED_USERS = JSON.stringify(users);
  process.env.EMBED_PACKAGE = await pack(dist, work);
  chromium = await launch();
  process.env.EMBED_CHROMIUM = chromium.wsEndpoint();
  process.exitCode = (await runTests()) ? 0 : 1;
} catch (error) {
  console.error(`embedtest: ${error.message}`);
  process.exitCode = 1;
}
stopped.abort(); // stops what still runs after an error
await chromium?.close();
process.exit();

/** Runs the tests. Returns whether all have passed and every set-up has a test. */
async function runTests() {
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
