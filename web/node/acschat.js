#!/usr/bin/env node
// The program acschat (npx acschat): the emulator, the demo page and tokens for it, without Go.

import { parse, usage } from "./command_line.js";
import { startServer } from "./http_server.js";
import { serveEmulator } from "./listen.js";
import { isLoopback } from "./loopback.js";
import { pageOf } from "./page.js";
import { Webhook } from "./webhook.js";

// Where the page's files are: in the package they have a folder, but those of the client are beside it. In the repository all are in one.
const folders = [new URL("../page/", import.meta.url), new URL("../", import.meta.url)];

const parentCheckMs = 250;

for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {}); // its reader has gone

const stopped = new Promise((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve); // a second one ends the process at once
  if (process.env.npm_command === "exec") {
    // npx passes a signal on to a shell only, which ends and leaves this process with another parent.
    const { ppid } = process;
    setInterval(() => process.ppid === ppid || resolve(), parentCheckMs).unref();
  }
});

process.exit(await run(process.argv.slice(2))); // at once, although a browser may have opened a connection

/** Returns the exit code: 2 for an invalid command line, 1 for any other failure. */
async function run(args) {
  let options;
  try {
    options = parse(args);
  } catch (error) {
    process.stderr.write(`acschat: ${error.message}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  try {
    await serve(options);
    return 0;
  } catch (error) {
    process.stderr.write(`acschat: ${error.message}\n`);
    return 1;
  }
}

/** Starts the servers, prints where they are, and returns after a signal. */
async function serve({ page, acs, users, db, events, faults, variants: { json, ...variants } }) {
  const log = json ? () => {} : (text) => process.stderr.write(`${new Date().toTimeString().slice(0, 8)} ${text}\n`);
  const webhook = events && new Webhook(events, log);
  const warn = (flag, { host, port }) => {
    if (!isLoopback(host)) log(`warning: ${flag} ${host}:${port}: other machines can connect, and whoever connects can act as any user`);
  };
  const settings = { users: users.map((name) => name.toLowerCase()), ...variants, ...(webhook && { events: (event) => webhook.deliver(event) }) };
  const emulator = await serveEmulator(settings, acs, { file: db, wrap: (handler) => logTraffic(handler, log) }).catch((error) => {
    throw error.syscall === "listen" ? inUse("-acs", acs, error) : error;
  });
  warn("-acs", acs);
  let site;
  try {
    if (page) {
      site = await startServer(page, pageOf(folders, emulator, page.host)).catch((error) => {
        throw inUse("-page", page, error);
      });
      warn("-page", page);
    }
    for (const rule of faults) {
      await emulator.fail(rule).catch((error) => {
        throw new Error(`-fault: ${error.message}`);
      });
    }
    if (process.env.ACS_CONNECTION_STRING) log("warning: ACS_CONNECTION_STRING is for chatdev. acschat has an emulator only");
    announce(json, emulator, site, users);
    await stopped;
  } finally {
    webhook?.stop();
    await Promise.all([site?.close(), emulator.close()]);
  }
}

function inUse(flag, { host, port }, error) {
  return new Error(`${flag} ${host}:${port}: ${error.message}: stop the program that uses it, or choose another address with ${flag}`);
}

/** Prints the same as chatdev. */
function announce(json, { endpoint, connectionString, users: created }, site, names) {
  const users = Object.fromEntries([...names].sort().map((name) => [name, created[name.toLowerCase()]]));
  if (json) {
    process.stdout.write(`${JSON.stringify({ page: site?.url ?? "", ...(site && { tokens: `${site.url}/token` }), endpoint, connectionString, users })}\n`);
    return;
  }
  let text = `${site ? `Page      ${site.url}/\n` : ""}Endpoint  ${endpoint}\n\nConnection string of the emulator:\n${connectionString}\n`;
  for (const [name, { id, token }] of Object.entries(users)) text += `\nUser ${name}\nid     ${id}\ntoken  ${token}\n`;
  process.stdout.write(`${text}\nCtrl-C stops.\n`);
}

/** Logs one line per request: method, path, status and duration. Query, headers and bodies may contain secrets. The status is 0 if the connection broke. */
function logTraffic(handler, log) {
  return (request, response) => {
    const startedAt = performance.now();
    response.on("close", () => {
      const { method, url } = request;
      log(`${method} ${url.split("?", 1)[0]} ${response.headersSent ? response.statusCode : 0} ${(performance.now() - startedAt).toFixed(2)}ms`);
    });
    handler(request, response);
  };
}
