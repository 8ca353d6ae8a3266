// node run.mjs CHATDEV: starts chatdev, runs the tests of this folder against it one after another, and prints which
// operations they have proved, and what came of faults. Nothing takes longer than the time limit. Why chatdev failed, if
// it did, is in CHATDEV.log.

import { readdirSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

import { startChatdev } from "./chatdev.mjs";
import { FaultTable, isOutcome } from "./faulttable.mjs";
import { Table } from "./table.mjs";

const limitMs = 120_000;
const toReportMs = 5_000; // what the test runner has to end what it runs and tell of it, once it is stopped

const [, , command] = process.argv;

const stopped = new AbortController();
setTimeout(stop, limitMs, `not done in ${limitMs / 1000} s`);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);

function stop(reason) {
  console.error(`sdktest: stopped: ${reason}`);
  stopped.abort();
  setTimeout(() => process.exit(1), toReportMs).unref();
}

try {
  const ready = await startChatdev(command, ["-tls"], `${command}.log`, stopped.signal);
  // Node reads the certificate when it starts, and the tests are processes of their own.
  process.env.NODE_EXTRA_CA_CERTS = ready.certificate;
  process.env.CHATDEV_ENDPOINT = ready.endpoint;
  process.env.CHATDEV_CONNECTION_STRING = ready.connectionString;
  process.exitCode = (await prove()) ? 0 : 1;
} catch (error) {
  console.error(`sdktest: ${error.message}`);
  process.exitCode = 1;
}
stopped.abort(); // what still runs after an error
process.exit();

/** Runs the tests, and reports whether all have passed and each operation has some. */
async function prove() {
  const files = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".test.mjs"));
  const table = new Table();
  const faults = new FaultTable();
  let failures = 0;
  /** Passes on what is for the reader. */
  async function* withoutOutcomes(events) {
    for await (const event of events) {
      if (isOutcome(event)) faults.add(event);
      else yield event;
    }
  }
  const tests = run({
    files: files.map((name) => fileURLToPath(new URL(name, import.meta.url))),
    concurrency: 1, // they move the clock, and plant faults
    signal: stopped.signal,
  });
  tests.on("test:pass", (event) => table.add(event, true));
  tests.on("test:fail", (event) => {
    failures++;
    table.add(event, false);
  });
  await pipeline(tests, withoutOutcomes, new spec(), process.stdout, { end: false });
  console.log(`\n${table}\n\n${faults}`);
  return failures === 0 && table.isGreen();
}
