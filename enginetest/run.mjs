// node run.mjs CHATDEV WORK [ENGINE...]: starts chatdev and each engine, runs the journeys, and prints a table. Succeeds if every journey
// succeeds in every engine. Stops at the time limit. The logs and the browsers' profiles are in the folder WORK.

import { cp, mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { startChatdev } from "../sdktest/chatdev.mjs";
import { engines } from "./engines.mjs";
import { journeys } from "./journeys.mjs";
import { Table } from "./table.mjs";

const limitMs = 300_000;

const [chatdev, work] = process.argv.slice(2, 4).map((path) => resolve(path));
const names = process.argv.length > 4 ? process.argv.slice(4) : Object.keys(engines);

const stopped = new AbortController();
setTimeout(stop, limitMs, `not done in ${limitMs / 1000} s`).unref();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);

function stop(reason) {
  console.error(`enginetest: stopped: ${reason}`);
  stopped.abort(new Error(`stopped: ${reason}`));
}

try {
  const site = await startSite();
  const table = new Table(Object.keys(journeys));
  for (const name of names) await runJourneys(name, site, table);
  console.log(`\n${table}`);
  process.exitCode = table.isGreen() ? 0 : 1;
} catch (error) {
  console.error(`enginetest: ${error.message}`);
  process.exitCode = 1;
}
process.exit();

/** Starts chatdev with the demo page, the page of the journeys, and the sample page without chat.js. */
async function startSite() {
  await rm(work, { recursive: true, force: true });
  const web = join(work, "web");
  for (const [from, to] of [["../web", "."], ["web", "."], ["../embedtest/samples/classic", "classic"], ["../web", "classic/acschat"]]) {
    await cp(fileURLToPath(new URL(from, import.meta.url)), join(web, to), { recursive: true });
  }
  process.chdir(work); // chatdev serves the folder web in its working directory
  return startChatdev(chatdev, ["-page", "localhost:0", "-users", "jane,alex,bob"], join(work, "chatdev.log"), stopped.signal);
}

/** Runs all journeys in an engine. */
async function runJourneys(name, site, table) {
  const folder = join(work, name);
  await mkdir(folder);
  let browser;
  try {
    browser = await engines[name](folder, stopped.signal);
  } catch (error) {
    console.log(`✖ ${name} does not start: ${error.message}; ${join(folder, "log")} may tell more`);
    table.addEngine(name);
    return;
  }
  const add = table.addEngine(`${name} ${browser.version}`);
  for (const [journey, run] of Object.entries(journeys)) {
    const started = performance.now();
    let failure, note;
    try {
      note = await run(browser, site);
    } catch (error) {
      failure = error;
    }
    add(journey, failure, note);
    console.log(`${failure ? "✖" : "✔"} ${name}: ${journey} (${Math.round(performance.now() - started)} ms)${failure ? `\n  ${failure.stack}` : ""}`);
  }
  await browser.stop();
}
