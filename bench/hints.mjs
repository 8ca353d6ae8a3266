// Measures how soon a message is on the other user's screen, with hints and by polling alone: with chatdev, which announces changes, and with the
// relay of samples/hintrelay. The official SDK is left out: its push channel needs the real service.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { open } from "./chromium.mjs";
import { page, script } from "./contestant.mjs";
import { ofHere, quantile } from "./sample.mjs";

const threads = 4;
const messages = 25; // in each thread
const pauseMs = [2_000, 8_000]; // between two messages of a thread, at random
const users = ["jane", "alex", "bob"]; // Jane sends. Alex has hints, Bob polls only
const session = "a1"; // Alex's, at the relay
const path = "/here-hints";
const relayCommand = fileURLToPath(new URL("../build/hintrelay", import.meta.url));

export async function measureHints({ browser, origin, names, files, client }) {
  for (const command of [relayCommand, `${client}/chatdev`]) if (!existsSync(command)) throw new Error(`${command} is missing: run make bench`);
  files.set(path, page(await script("page/hints.js", "/here/chat.js", { wasm: JSON.stringify("/here/chat.wasm") }), "/here/chat.js"));
  const url = origin.replace("127.0.0.1", "localhost") + path; // the relay's cookie belongs to localhost
  const stopped = new AbortController();
  try {
    const { hintsURL, ...service } = await startServers(`${client}/chatdev`, new URL(url).origin, stopped.signal);
    const pages = {};
    for (const user of users) {
      pages[user] = await open(browser, url);
      await pages[user].page.evaluate((options) => screens.connect(options), { endpoint: service.endpoint, token: service.users[user].token });
    }
    const [jane, alex, bob] = users.map((user) => pages[user].page);
    await alex.context().addCookies([{ name: "session", value: session, url: new URL(url).origin }]);
    const others = [service.users.alex.id, service.users.bob.id];
    const threadIds = await Promise.all(Array.from({ length: threads }, () => jane.evaluate((ids) => screens.create(ids), others)));
    await Promise.all([alex.evaluate(([ids, url]) => screens.show(ids, url), [threadIds, hintsURL]), bob.evaluate((ids) => screens.show(ids), threadIds)]);
    const times = await converse(jane, { hints: alex, polling: bob }, threadIds);
    for (const { close } of Object.values(pages)) await close();
    return metricsOf(times, names);
  } finally {
    stopped.abort();
  }
}

/** Sends the messages, in all threads at once. Returns how long each took on its way, and the requests of each page, without those before. */
async function converse(sender, receivers, threadIds) {
  const sample = { stored: [], hints: [], polling: [], beyond: { hints: [], polling: [] }, requests: {}, minutes: 0 };
  const count = async () => Object.fromEntries(await Promise.all(Object.entries(receivers).map(async ([name, page]) => [name, await page.evaluate(() => screens.requests())])));
  const [before, begun] = [await count(), performance.now()];
  await Promise.all(
    threadIds.map(async (threadId, t) => {
      for (let i = 0; i < messages; i++) {
        await setTimeout(pauseMs[0] + Math.random() * (pauseMs[1] - pauseMs[0]));
        const text = `message ${i} in thread ${t}`;
        const { sentAt, storedAt } = await sender.evaluate(([threadId, text]) => screens.send(threadId, text), [threadId, text]);
        sample.stored.push(storedAt - sentAt);
        for (const [name, page] of Object.entries(receivers)) {
          const shownAt = await page.evaluate((text) => screens.appeared(text), text);
          sample[name].push(shownAt - sentAt);
          sample.beyond[name].push(Math.max(0, shownAt - storedAt)); // a page may be faster than the sender's answer
        }
      }
    }),
  );
  sample.minutes = (performance.now() - begun) / 60_000;
  for (const [name, requests] of Object.entries(await count())) sample.requests[name] = requests - before[name];
  return sample;
}

function metricsOf({ stored, hints, polling, beyond, requests, minutes }, names) {
  const row = (name, unit, sample, wanted) => ({ name, unit, wanted, values: ofHere(names, sample) });
  return [
    row("a message, until the service has answered", "ms", stored),
    row("until the other screen, with hints", "ms", hints),
    row("until the other screen, by polling alone", "ms", polling),
    row("until the other screen, with hints, 95th percentile", "ms", [quantile(hints, 0.95)]),
    row("until the other screen, by polling alone, 95th percentile", "ms", [quantile(polling, 0.95)]),
    row("from the service's answer to the other screen, with hints", "ms", beyond.hints, "≤ 150"),
    row("from the service's answer to the other screen, by polling alone", "ms", beyond.polling),
    row(`requests for ${stored.length} messages in ${threads} threads, with hints`, "a minute", [requests.hints / minutes], "fewer than polling"),
    row(`requests for ${stored.length} messages in ${threads} threads, by polling alone`, "a minute", [requests.polling / minutes]),
  ];
}

/** Starts chatdev and the relay. The result is what chatdev prints, and hintsURL. */
async function startServers(chatdev, pageOrigin, signal) {
  const secret = randomBytes(16).toString("hex");
  const relay = `localhost:${await freePort()}`; // chatdev must know it before the relay starts, which needs chatdev's users
  const emulator = start(chatdev, ["-page", "", "-acs", "localhost:0", "-users", users.join(), "-events", `http://${relay}/events?secret=${secret}`, "-json"], {}, signal);
  const service = JSON.parse(await firstLine(emulator.stdout));
  const env = { ACS_CONNECTION_STRING: service.connectionString, HINTRELAY_SECRET: secret, HINTRELAY_SESSIONS: `${session}=${service.users.alex.id}` };
  await firstLine(start(relayCommand, ["-address", relay, "-origin", pageOrigin], env, signal).stderr);
  return { ...service, hintsURL: `http://${relay}/hints` };
}

function start(command, args, env, signal) {
  const child = spawn(command, args, { env: { ...process.env, ACS_CONNECTION_STRING: "", ...env }, signal });
  child.on("error", (error) => {
    if (!signal.aborted) throw error;
  });
  child.stdout.resume();
  child.stderr.resume();
  return child;
}

async function firstLine(stream) {
  const [line] = await once(createInterface(stream), "line", { signal: AbortSignal.timeout(10_000) });
  return line;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
