// node run.mjs [--drop-in] [CHATDEV]: starts chatdev, and runs the tests in this folder against it one after another. Without CHATDEV, each file of
// tests has an emulator of its own, from web/emulator.js. With --drop-in, acschat/sdk takes the place of the official chat client. Prints how many
// tests each operation has, the outcomes of faults, how often a message is shown, and what is different with --drop-in. Stops at the time limit.
// chatdev's log is in CHATDEV.log.

import { readdirSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

import { startChatdev } from "./chatdev.mjs";
import { Differences, isDifference } from "./differences.mjs";
import { FaultTable, isOutcome } from "./faulttable.mjs";
import { ShownTable, isShown } from "./showntable.mjs";
import { Table } from "./table.mjs";

const officialOnly = "migration.test.mjs"; // reads the types of the official SDK
const dropInOnly = /^dropin\./;
const limitMs = 300_000;
const reportMs = 5_000; // time for the test runner to stop and to report

const isDropIn = process.argv.includes("--drop-in");
const [command] = process.argv.slice(2).filter((argument) => argument !== "--drop-in");
if (isDropIn) process.env.NODE_OPTIONS = `--import=${new URL("alias.mjs", import.meta.url)}`; // for the tests, which run in processes of their own

const stopped = new AbortController();
setTimeout(stop, limitMs, `not done in ${limitMs / 1000} s`);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);

function stop(reason) {
  console.error(`sdktest: stopped: ${reason}`);
  stopped.abort();
  setTimeout(() => process.exit(1), reportMs).unref();
}

try {
  if (command !== undefined) {
    const ready = await startChatdev(command, ["-tls"], `${command}.log`, stopped.signal);
    // Node reads this certificate when it starts. The tests run in processes of their own.
    process.env.NODE_EXTRA_CA_CERTS = ready.certificate;
    process.env.CHATDEV_ENDPOINT = ready.endpoint;
    process.env.CHATDEV_CONNECTION_STRING = ready.connectionString;
  }
  process.exitCode = (await runTests()) ? 0 : 1;
} catch (error) {
  console.error(`sdktest: ${error.message}`);
  process.exitCode = 1;
}
stopped.abort(); // stops what still runs after an error
process.exit();

/** Runs the tests. Returns whether all have passed and every operation has tests. */
async function runTests() {
  const files = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".test.mjs") && (isDropIn ? name !== officialOnly : !dropInOnly.test(name)));
  const table = new Table(isDropIn ? "acschat/sdk" : "SDK");
  const faults = new FaultTable();
  const shown = new ShownTable();
  const differences = new Differences();
  let failures = 0;
  /** Passes on all events except those for the other tables. */
  async function* withoutRows(events) {
    for await (const event of events) {
      if (isOutcome(event)) faults.add(event);
      else if (isShown(event)) shown.add(event);
      else if (isDifference(event)) differences.add(event);
      else yield event;
    }
  }
  const tests = run({
    files: files.map((name) => fileURLToPath(new URL(name, import.meta.url))),
    concurrency: 1, // tests move the clock and add faults
    signal: stopped.signal,
  });
  tests.on("test:pass", (event) => table.add(event, true));
  tests.on("test:fail", (event) => {
    failures++;
    table.add(event, false);
  });
  await pipeline(tests, withoutRows, new spec(), process.stdout, { end: false });
  console.log(`\n${table}\n\n${faults}\n\n${shown}`);
  if (isDropIn) console.log(`\nDifferences from the official SDK:\n${differences}`);
  return failures === 0 && table.isGreen();
}
