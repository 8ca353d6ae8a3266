// Tests the program acschat.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { create, threadCount } from "./harness.mjs";

const program = fileURLToPath(new URL("../../web/node/acschat.js", import.meta.url));
const free = ["-page", "localhost:0", "-acs", "localhost:0"];

function run(t, ...args) {
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, ACS_CONNECTION_STRING: "" } });
  t.after(() => child.kill("SIGKILL"));
  const ended = once(child, "exit");
  return { child, ended, stderr: text(child.stderr) };
}

/** Starts acschat with -json. Returns what it prints, with a fetch as harness.mjs needs it. */
async function start(t, ...args) {
  const running = run(t, ...free, "-users", "jane,alex", "-json", ...args);
  const [line] = await Promise.race([once(createInterface(running.child.stdout), "line"), running.ended.then(async () => assert.fail(await running.stderr))]);
  return { ...running, ...JSON.parse(line), fetch };
}

const tokenOf = (ready, body, headers) => fetch(ready.tokens, { method: "POST", headers: { "Content-Type": "application/json", Origin: ready.page, ...headers }, body });

test("-json prints chatdev's line and nothing else, and signals end the program", async (t) => {
  for (const signal of ["SIGINT", "SIGTERM"]) {
    const { child, ended, stderr, stdout, fetch, ...ready } = await start(t);
    const { page, endpoint, users } = ready;
    assert.deepEqual(Object.keys(ready), ["page", "tokens", "endpoint", "connectionString", "users"]);
    assert.match(page, /^http:\/\/localhost:\d+$/);
    assert.equal(ready.tokens, `${page}/token`);
    assert.match(ready.connectionString, new RegExp(`^endpoint=${endpoint}/;accesskey=`));
    assert.deepEqual(Object.keys(users), ["alex", "jane"], "in this order, for regular expressions");
    assert.equal(await threadCount({ ...ready, fetch }), 0);
    child.kill(signal);
    assert.deepEqual(await ended, [0, null]);
    assert.equal(await stderr, "");
  }
});

test("without -json it prints the addresses, logs requests, and shows no secret in the log", async (t) => {
  const { child, ended, stderr } = run(t, "-page", "", "-acs", "localhost:0", "--users=jane");
  const lines = createInterface(child.stdout);
  const printed = [];
  for await (const line of lines) {
    printed.push(line);
    if (line === "Ctrl-C stops.") break;
  }
  assert.match(printed.join("\n"), /^Endpoint  http:\/\/localhost:\d+\n\nConnection string of the emulator:\n.*\n\nUser jane\nid     8:acs:.*\ntoken  \S+\n/);
  const token = printed.find((line) => line.startsWith("token")).slice(7);
  const response = await fetch(`${printed[0].slice(10)}/chat/threads?api-version=2025-03-15`, { headers: { Authorization: `Bearer ${token}` } });
  await response.text();
  child.kill();
  await ended;
  assert.match(await stderr, /^\d\d:\d\d:\d\d GET \/chat\/threads 200 [\d.]+ms\n$/);
});

test("the page and its tokens", async (t) => {
  const ready = await start(t);
  for (const [path, status, type] of [
    ["/", 200, "text/html; charset=utf-8"], ["/app.js", 200, "text/javascript; charset=utf-8"], ["/studio/studio.js", 200, "text/javascript; charset=utf-8"], ["/chat.wasm", 200, "application/wasm"],
    ["/node/acschat.js", 404, "text/plain; charset=utf-8"], ["/..%2fgo.mod", 404, "text/plain; charset=utf-8"], ["/.x.js", 404, "text/plain; charset=utf-8"],
  ]) {
    const response = await fetch(`${ready.page}${path}`);
    assert.deepEqual([response.status, response.headers.get("content-type")], [status, type], path);
    assert.equal(response.headers.get("content-security-policy"), "frame-ancestors 'self'");
    const again = await fetch(`${ready.page}${path}`, { headers: { "If-None-Match": response.headers.get("etag") ?? "" } });
    assert.equal(again.status, status === 200 ? 304 : 404);
  }
  const response = await tokenOf(ready, '{"user":"Jane"}');
  assert.equal(response.status, 200);
  const { endpoint, id, token, expiresOn } = await response.json();
  assert.deepEqual([endpoint, id], [ready.endpoint, ready.users.jane.id]);
  assert.ok(Math.abs(Date.parse(expiresOn) - Date.now() - 24 * 3_600_000) < 60_000, expiresOn);
  assert.equal(await threadCount({ endpoint, users: { jane: { token } }, fetch }), 0);
  for (const [body, headers, status] of [
    ['{"user":"a b"}', {}, 400], ["{", {}, 400], ['{"user":"jane","x":1}', {}, 400], [`{"user":"${"x".repeat(2000)}"}`, {}, 400],
    ['{"user":"jane"}', { "Content-Type": "text/plain" }, 415], ['{"user":"jane"}', { Origin: "http://page.example" }, 403],
  ]) assert.equal((await tokenOf(ready, body, headers)).status, status, body);
});

test("-db keeps the state after a kill, and a second program cannot use the file", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "acschat-"));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, "state");
  const first = await start(t, "-db", file);
  assert.equal((await create(first)).status, 201);
  const second = run(t, ...free, "-db", file);
  assert.deepEqual(await second.ended, [1, null]);
  assert.match(await second.stderr, /^acschat: .*state is in use by process \d+/);
  first.child.kill("SIGKILL");
  await first.ended;
  const third = await start(t, "-db", file);
  assert.equal(await threadCount({ ...third, users: first.users }), 1);
});

test("-events posts events after the validation handshake, and tries again", { timeout: 30_000 }, async (t) => {
  const requests = [];
  let failures = 1;
  const webhook = createServer(async (request, response) => {
    const [event] = JSON.parse(await text(request));
    requests.push({ kind: request.headers["aeg-event-type"], count: request.headers["aeg-delivery-count"], event });
    if (request.headers["aeg-event-type"] === "SubscriptionValidation") response.end(JSON.stringify({ validationResponse: event.data.validationCode }));
    else response.writeHead(failures-- > 0 ? 503 : 200).end();
    webhook.emit("delivered");
  }).listen(0, "127.0.0.1");
  t.after(() => webhook.close());
  await once(webhook, "listening");
  const ready = await start(t, "-events", `http://127.0.0.1:${webhook.address().port}/events?secret=x`);
  assert.equal((await create(ready)).status, 201);
  while (requests.length < 3) await once(webhook, "delivered", { signal: t.signal });
  assert.deepEqual(requests.map(({ kind, count }) => `${kind} ${count}`), ["SubscriptionValidation 0", "Notification 0", "Notification 1"]);
  assert.equal(requests[2].event.eventType, "Microsoft.Communication.ChatThreadCreated");
});

test("-fault and the variants", async (t) => {
  const ready = await start(t, "-fault", '{"operation":"createThread","call":1,"status":503}', "-observed-errors");
  assert.equal((await create(ready)).status, 503);
  assert.equal((await create(ready)).status, 201);
  const refused = await fetch(`${ready.endpoint}/chat/threads?api-version=2025-03-15`);
  assert.deepEqual([refused.status, await refused.text()], [401, ""]);
});

test("bad command lines", async (t) => {
  for (const [args, code, problem] of [
    [["-x"], 2, /^acschat: unknown flag: -x\n\nusage: acschat/],
    [["x"], 2, /^acschat: unexpected argument "x"\n/],
    [["-tls"], 2, /^acschat: -tls needs chatdev/],
    [["-users"], 2, /^acschat: flag needs a value: -users\n/],
    [["-users", "a b"], 2, /^acschat: invalid value "a b" for flag -users: a user's name must have/],
    [["-acs", "8081"], 2, /^acschat: invalid value "8081" for flag -acs: give HOST:PORT/],
    [["-json=maybe"], 2, /^acschat: invalid value "maybe" for flag -json/],
    [["-events", "secret"], 2, /^acschat: invalid value for flag -events: the URL of the webhook must be/],
    [[...free, "-fault", '{"status":200}'], 1, /^acschat: -fault: the rule is invalid: /],
    [["-h"], 0, /^$/],
  ]) {
    const { ended, stderr } = run(t, ...args);
    assert.deepEqual(await ended, [code, null], args.join(" "));
    assert.match(await stderr, problem);
  }
});

test("a port that is in use", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  t.after(() => other.close());
  await once(other, "listening");
  const { port } = other.address();
  const { ended, stderr } = run(t, "-page", `localhost:${port}`, "-acs", "localhost:0");
  assert.deepEqual(await ended, [1, null]);
  assert.match(await stderr, new RegExp(`acschat: -page localhost:${port}: listen EADDRINUSE.*stop the program that uses it`));
});
