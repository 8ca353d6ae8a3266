// Tests the members of createEmulator's result in Node.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";

import { createEmulator } from "../../web/emulator.js";
import { create, createThread, list, newestContent, request, startEmulator, threadCount } from "./harness.mjs";

const wasmURL = new URL("../../web/emulator.wasm", import.meta.url);

test("controls are in force for every later fetch, awaited or not", async (t) => {
  const emulator = await startEmulator(t);
  emulator.fail({ status: 503, times: 1 });
  const answers = [create(emulator), create(emulator)];
  emulator.advance(25 * 3_600_000);
  answers.push(create(emulator));
  emulator.reset();
  answers.push(create(emulator));
  emulator.fail({ status: 500 });
  emulator.clearFaults();
  answers.push(create(emulator));
  assert.deepEqual((await Promise.all(answers)).map(({ status }) => status), [503, 201, 401, 201, 201]);
  assert.equal(await threadCount(emulator), 2, "one was before the reset");
});

test("a fetch before a control is not affected by it", async (t) => {
  const emulator = await startEmulator(t);
  const before = create(emulator);
  emulator.fail({ status: 503 });
  assert.equal((await before).status, 201);
});

test("users and tokens", async (t) => {
  const emulator = await startEmulator(t);
  const { jane, alex } = emulator.users;
  assert.match(jane.id, /^8:acs:[\da-f-]{36}_[\da-f-]{36}$/);
  assert.notEqual(jane.id, alex.id);
  const bob = await emulator.createUser("bob");
  assert.equal(emulator.users.bob, bob);
  assert.equal((await emulator.createUser("bob")).id, bob.id, "the user has the name already");
  emulator.advance(25 * 3_600_000);
  assert.equal((await list(emulator)).status, 401);
  jane.token = await emulator.issueToken(jane.id);
  assert.equal((await list(emulator)).status, 200);
  await assert.rejects(emulator.issueToken("8:acs:nobody"), /the emulator has no user "8:acs:nobody"/);
  await assert.rejects(emulator.createUser(""), /the name must be a string that is not empty/);
});

test("reset keeps the users and their tokens", async (t) => {
  const emulator = await startEmulator(t);
  emulator.createUser("bob");
  emulator.reset();
  const thread = await createThread(emulator);
  const { id } = await emulator.createUser("bob");
  const body = JSON.stringify({ participants: [{ communicationIdentifier: { rawId: id } }] });
  const response = await emulator.fetch(...request(emulator, "POST", `${thread}/participants/:add`, body));
  assert.deepEqual(await response.json(), {}, "bob is still a user");
});

test("bad arguments of controls reject, and say what is wrong", async (t) => {
  const emulator = await startEmulator(t);
  await assert.rejects(emulator.fail({ stats: 503 }), /the rule is invalid: json: unknown field "stats"/);
  await assert.rejects(emulator.fail({ status: 200 }), /status must be from 400 to 599/);
  await assert.rejects(emulator.advance(-1), /must be a number of milliseconds that is not negative/);
  await assert.rejects(emulator.advance(1e18), /the sum of all advances|must be a number/);
  assert.equal((await create(emulator)).status, 201);
});

test("an exported state, through JSON, makes the same emulator", async (t) => {
  const emulator = await startEmulator(t);
  const thread = await createThread(emulator);
  await emulator.fetch(...request(emulator, "POST", `${thread}/messages`, '{"content":"Hi"}'));
  const state = JSON.parse(JSON.stringify(await emulator.exportState()));
  await emulator.reset();
  const other = await startEmulator(t, { state, users: ["jane", "carol"] });
  assert.equal(other.users.jane.id, emulator.users.jane.id);
  assert.equal(await newestContent(other, thread), "Hi");
  assert.equal(await threadCount(emulator), 0);
  await assert.rejects(createEmulator({ state: { records: {} } }), /state must be what exportState returned/);
});

test("exportState comes after what was called before it", async (t) => {
  const emulator = await startEmulator(t);
  await createThread(emulator);
  emulator.reset();
  const { records } = await emulator.exportState();
  assert.deepEqual(Object.keys(records).filter((key) => key.startsWith("thread/")), []);
});

test("onRequest sees requests and answers, without the token", async (t) => {
  const seen = [];
  const emulator = await startEmulator(t, { onRequest: (exchange) => seen.push(exchange) });
  await createThread(emulator);
  emulator.fail({ drop: true, times: 1 });
  await list(emulator).catch(() => {});
  await new Promise(setImmediate);
  const [created, dropped] = seen;
  assert.deepEqual([created.method, created.url, created.status], ["POST", `${emulator.endpoint}/chat/threads?api-version=2025-03-15`, 201]);
  assert.equal(created.requestHeaders.authorization, "Bearer …");
  assert.equal(created.requestBody, '{"topic":"Lunch"}');
  assert.equal(JSON.parse(created.responseBody).chatThread.topic, "Lunch");
  assert.ok(created.responseHeaders["ms-cv"], "also what a page cannot read");
  assert.ok(created.durationMs > 0);
  assert.deepEqual([dropped.status, dropped.error.name], [undefined, "TypeError"]);
});

test("the service's variants are options", async (t) => {
  const emulator = await startEmulator(t, { rateLimits: true, observedErrors: true });
  const answers = await Promise.all(Array.from({ length: 11 }, () => create(emulator)));
  assert.equal(answers.at(-1).status, 429);
  assert.ok((await answers.at(-1).json()).CommunicationError);
});

test("bad options reject, and say what is wrong", async () => {
  const rejects = (options, problem) => assert.rejects(createEmulator(options), { name: "TypeError", message: problem });
  await rejects(null, /options must be an object/);
  await rejects({ user: ["jane"] }, /user is not a known option/);
  await rejects({ users: "jane" }, /users must be an array of names/);
  await rejects({ onRequest: 1 }, /onRequest must be a function/);
  await rejects({ wasmURL: "emulator.wasm" }, /wasmURL must be absolute where there is no page/);
  await assert.rejects(createEmulator({ shared: "x" }), /shared needs a SharedWorker, which is not available here/);
  await assert.rejects(createEmulator({ persist: "x" }), /persist needs IndexedDB, which is not available here/);
  await assert.rejects(createEmulator({ wasmURL: new URL("none.wasm", wasmURL) }), /none\.wasm cannot be fetched/);
});

test("a compiled module", async (t) => {
  const emulator = await startEmulator(t, { wasmModule: await WebAssembly.compile(await readFile(wasmURL)) });
  await createThread(emulator);
  assert.equal(emulator.runsIn, "here");
});

test("emulators are independent", async (t) => {
  const [one, other] = [await startEmulator(t), await startEmulator(t)];
  await createThread(one);
  assert.equal(await threadCount(other), 0);
  const { token } = one.users.jane;
  assert.equal((await list({ ...other, users: { jane: { token } } })).status, 401);
});

test("a closed emulator rejects", async (t) => {
  const emulator = await startEmulator(t);
  emulator.fail({ hang: true });
  const hanging = create(emulator);
  emulator.close();
  await assert.rejects(hanging, /the emulator is closed/);
  await assert.rejects(create(emulator), /the emulator is closed/);
  await assert.rejects(emulator.reset(), /the emulator is closed/);
  emulator.close();
});

const script = (body) => promisify(execFile)(process.execPath, ["--input-type=module", "-e", `
  const { createEmulator } = await import(${JSON.stringify(new URL("../../web/emulator.js", import.meta.url))});
  const emulator = await createEmulator({ users: ["jane"] });
  ${body}
`], { timeout: 30_000 });

test("a program ends by itself, but not while it waits for an answer", async () => {
  const { stdout, stderr } = await script(`
    emulator.fail({ hang: true, call: 1 });
    const answer = emulator.fetch(emulator.endpoint + "/chat/threads", { signal: AbortSignal.timeout(50) });
    console.log(await answer.catch((error) => error.name));
  `);
  assert.deepEqual([stdout, stderr], ["TimeoutError\n", ""]);
});

test("events of changes, but not of failures", async (t) => {
  const seen = [];
  const emulator = await startEmulator(t, { events: (event) => seen.push(event) });
  const thread = await createThread(emulator);
  await emulator.fetch(...request(emulator, "POST", `${thread}/messages`, '{"content":"Hi"}'));
  await emulator.fetch(...request(emulator, "POST", `${thread}/messages`, '{"content":1}'));
  await new Promise(setImmediate);
  const types = seen.map(({ eventType }) => eventType.replace("Microsoft.Communication.", ""));
  assert.deepEqual(types, ["ChatThreadCreated", "ChatMessageReceivedInThread"]);
  assert.equal(seen[1].data.messageBody, "Hi");
});
