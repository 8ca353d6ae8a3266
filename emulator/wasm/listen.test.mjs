// Tests the emulator as an HTTP server in Node.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { listen } from "../../web/node/listen.js";
import { request } from "./harness.mjs";

async function start(t, options) {
  const emulator = await listen({ users: ["jane", "alex"], ...options });
  t.after(() => emulator.close());
  return emulator;
}

async function temporaryFile(t) {
  const folder = await mkdtemp(join(tmpdir(), "acschat-"));
  t.after(() => rm(folder, { recursive: true }));
  return join(folder, "chat.state");
}

const create = (emulator, more) => fetch(...request(emulator, "POST", "/chat/threads", '{"topic":"Lunch"}', more));
const list = (emulator, more) => fetch(...request(emulator, "GET", "/chat/threads", undefined, more));
const threadCount = async (emulator) => (await (await list(emulator)).json()).value.length;
const control = (emulator, path, body) => fetch(`${emulator.endpoint}/emulator/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body });

test("requests over HTTP and through fetch reach the same emulator", async (t) => {
  const emulator = await start(t);
  assert.match(emulator.endpoint, /^http:\/\/localhost:\d+$/);
  assert.match(emulator.connectionString, new RegExp(`^endpoint=${emulator.endpoint}/;accesskey=`));
  const created = await create(emulator);
  assert.equal(created.status, 201);
  const { chatThread } = await created.json();
  assert.equal(decodeURIComponent(created.headers.get("location")), `${emulator.endpoint}/chat/threads/${chatThread.id}`);
  assert.equal((await (await emulator.fetch(...request(emulator, "GET", "/chat/threads"))).json()).value.length, 1);
  await emulator.reset();
  assert.equal(await threadCount(emulator), 0);
  const { token } = await emulator.createUser("bob");
  assert.equal((await list(emulator, { headers: { Authorization: `Bearer ${token}` } })).status, 200);
});

test("CORS", async (t) => {
  const { endpoint, users } = await start(t);
  const url = `${endpoint}/chat/threads?api-version=2025-03-15`;
  const headers = { Origin: "http://page.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type" };
  const preflight = await fetch(url, { method: "OPTIONS", headers });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-headers"), "authorization,content-type");
  const response = await fetch(url, { headers: { Origin: "http://page.example", Authorization: `Bearer ${users.jane.token}` } });
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.equal(response.headers.get("access-control-expose-headers"), "Location");
});

test("faults that break the connection", async (t) => {
  const emulator = await start(t);
  for (const [rule, code] of [[{ drop: true }, "UND_ERR_SOCKET"], [{ refuse: true }, "ECONNRESET"], [{ hang: true, hangMs: 10 }, "UND_ERR_SOCKET"]]) {
    await emulator.fail({ operation: "createThread", call: 1, ...rule });
    const error = await create(emulator).then(({ status }) => assert.fail(`HTTP ${status}`), (error) => error);
    assert.equal(error.cause?.code, code, JSON.stringify(rule));
  }
  assert.equal(await threadCount(emulator), 0);
  await emulator.fail({ operation: "createThread", call: 1, drop: true, after: true });
  await assert.rejects(create(emulator), TypeError);
  assert.equal(await threadCount(emulator), 1);
  await emulator.fail({ operation: "listThreads", call: 1, cut: true });
  const cut = await list(emulator);
  assert.equal(cut.status, 200);
  await assert.rejects(cut.text(), TypeError);
});

test("an answer in pieces", async (t) => {
  const emulator = await start(t);
  await emulator.fail({ operation: "listThreads", trickleMs: 20 });
  const startedAt = performance.now();
  const response = await list(emulator);
  const headersMs = performance.now() - startedAt;
  assert.deepEqual((await response.json()).value, []);
  const wholeMs = performance.now() - startedAt;
  assert.ok(wholeMs - headersMs >= 40, `the headers after ${headersMs} ms, the body after ${wholeMs} ms`);
});

test("a fault ends when the client leaves", async (t) => {
  const emulator = await start(t);
  await emulator.fail({ operation: "createThread", call: 1, hang: true });
  await assert.rejects(create(emulator, { signal: AbortSignal.timeout(100) }), { name: "TimeoutError" });
  assert.equal((await create(emulator)).status, 201);
});

test("limits of a body", async (t) => {
  const emulator = await start(t);
  const response = await fetch(...request(emulator, "POST", "/chat/threads", "x".repeat(8 << 20)));
  assert.equal(response.status, 413);
  assert.equal((await response.json()).error.code, "RequestEntityTooLarge");
  const half = connect({ port: new URL(emulator.endpoint).port, host: "127.0.0.1" });
  half.end("POST /chat/threads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf");
  await once(half.resume(), "close");
  assert.equal(await threadCount(emulator), 0, "a broken request does no harm");
});

test("only programs on this machine reach it", async (t) => {
  const emulator = await start(t);
  const { port } = new URL(emulator.endpoint);
  const foreign = Object.values(networkInterfaces()).flat().find(({ internal, family }) => !internal && family === "IPv4");
  if (foreign) await assert.rejects(fetch(`http://${foreign.address}:${port}/emulator/ready`), TypeError);
  assert.equal((await control(emulator, "clock", '{"advanceMs":1}')).status, 200);
  const rebound = httpRequest({ port, path: "/emulator/reset", method: "POST", headers: { Host: "attacker.example" } }).end();
  assert.equal((await once(rebound, "response"))[0].statusCode, 403, "a name that leads here by DNS rebinding");
  const page = await fetch(`${emulator.endpoint}/emulator/reset`, { method: "POST", headers: { Origin: "http://page.example" } });
  assert.equal(page.status, 403);
});

test("the control endpoints refuse requests that have come through a proxy", async (t) => {
  const emulator = await start(t);
  const { port } = new URL(emulator.endpoint);
  const ask = async (path, headers) => {
    const [{ statusCode }] = await once(httpRequest({ port, path: `/emulator/${path}`, method: path === "ready" ? "GET" : "POST", headers }).end(), "response");
    return statusCode;
  };
  for (const name of ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"]) {
    assert.equal(await ask("reset", { [name]: "127.0.0.1" }), 403, name);
    assert.equal(await ask("ready", { [name]: "127.0.0.1" }), 200, name);
  }
  for (const [host, status] of [["localhost.", 204], ["x.localhost:1", 204], ["127.8.9.1:8081", 204], ["[::1]:8081", 204], ["[::ffff:127.0.0.1]", 204], ["localhost.example", 403], ["[::2]", 403]]) {
    assert.equal(await ask("reset", { Host: host }), status, host);
  }
});

test("a port that is in use", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  t.after(() => other.close());
  await once(other, "listening");
  const { port } = other.address();
  await assert.rejects(listen({ port }), new RegExp(`^Error: listen: port ${port}: listen EADDRINUSE.*Port 0 is a free one$`));
});

test("bad options", async () => {
  for (const [options, problem] of [
    [1, /^TypeError: listen: options must be an object$/],
    [{ port: "80" }, /^TypeError: listen: port must be a whole number from 0 to 65535$/],
    [{ persist: 1 }, /^TypeError: listen: persist must be the path of a file$/],
    [{ shared: "x" }, /^TypeError: listen: shared is for pages/],
    [{ users: "jane" }, /^TypeError: listen: users must be an array of names$/],
    [{ prot: 1 }, /^TypeError: listen: prot is not a known option\. The options are port, users/],
  ]) await assert.rejects(listen(options), problem);
});

test("persist keeps all that was answered", async (t) => {
  const persist = await temporaryFile(t);
  const first = await listen({ users: ["jane"], persist });
  assert.equal((await create(first)).status, 201);
  await assert.rejects(listen({ persist }), /chat\.state is in use by process/);
  const kept = await readFile(persist);
  await first.close();
  await writeFile(persist, Buffer.concat([kept, Buffer.from('{"half')])); // the last write of a killed process
  const second = await start(t, { persist });
  assert.equal(second.users.jane.id, first.users.jane.id);
  assert.equal(await threadCount(second), 1);
  assert.equal(await threadCount({ ...second, users: first.users }), 1, "tokens stay valid");
  assert.deepEqual((await readdir(join(persist, ".."))).sort(), ["chat.state", "chat.state.lock"]);
});

test("persist refuses what is not its file", async (t) => {
  const persist = await temporaryFile(t);
  await writeFile(persist, "something else\n");
  await assert.rejects(listen({ persist }), /chat\.state is not a file of this emulator/);
  assert.equal(await readFile(persist, "utf8"), "something else\n");
});

test("a lock of a killed process does not count", async (t) => {
  const persist = await temporaryFile(t);
  const { stdout } = await promisify(execFile)(process.execPath, ["-p", "process.pid"]);
  await writeFile(`${persist}.lock`, stdout.trim());
  await start(t, { persist });
});

test("close lets requests in flight finish, and then the process ends", async () => {
  const program = `
    import { listen } from "./web/node/listen.js";
    const emulator = await listen({ users: ["jane"] });
    await emulator.fail({ trickleMs: 50 });
    const headers = { Authorization: \`Bearer \${emulator.users.jane.token}\` };
    const response = await fetch(\`\${emulator.endpoint}/chat/threads?api-version=2025-03-15\`, { headers });
    emulator.close();
    const [{ value }] = await Promise.all([response.json(), emulator.close()]);
    const refused = await fetch(emulator.endpoint).catch((error) => error.cause.code);
    console.log(response.status, value.length, refused);`;
  const cwd = new URL("../..", import.meta.url);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], { cwd, timeout: 20_000 });
  assert.equal(stderr, "");
  assert.equal(stdout, "200 0 ECONNREFUSED\n");
});
