// Tests that createEmulator's fetch does what the page's fetch does: bodies, Request objects, headers, signals, and broken connections.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { create, createThread, list, newestContent, request, startEmulator, threadCount } from "./harness.mjs";

const encode = (text) => new TextEncoder().encode(text);

/** Returns a stream of the text in pieces of one byte. */
function streamOf(text) {
  const bytes = encode(text);
  let sent = 0;
  return new ReadableStream({ pull: (controller) => (sent < bytes.length ? controller.enqueue(bytes.slice(sent, ++sent)) : controller.close()) });
}

test("every type of body arrives", async (t) => {
  const emulator = await startEmulator(t);
  const thread = await createThread(emulator);
  const text = '{"content":"Hä 👋"}', padded = encode(`<<${text}>>`);
  const bodies = {
    string: text,
    "String object": new String(text),
    Blob: new Blob([text]),
    ArrayBuffer: encode(text).buffer,
    Uint8Array: padded.subarray(2, padded.length - 2),
    DataView: new DataView(padded.buffer, 2, padded.length - 4),
    ReadableStream: streamOf(text),
  };
  for (const [type, body] of Object.entries(bodies)) {
    const [url, init] = request(emulator, "POST", `${thread}/messages`, body, { duplex: "half" });
    const response = await emulator.fetch(url, { ...init, headers: { ...init.headers, "Content-Type": "application/json" } });
    assert.equal(response.status, 201, type);
    assert.equal(await newestContent(emulator, thread), "Hä 👋", type);
    await emulator.fetch(...request(emulator, "DELETE", `${thread}/messages/${(await response.json()).id}`));
  }
});

test("forms and blobs set their Content-Type", async (t) => {
  const seen = [];
  const emulator = await startEmulator(t, { onRequest: (exchange) => seen.push(exchange) });
  const form = new FormData();
  form.set("a", "b");
  for (const body of [new URLSearchParams({ a: "b c" }), form, new Blob(["x"], { type: "text/x" }), "x"]) {
    const response = await emulator.fetch(`${emulator.endpoint}/chat/threads?api-version=2025-03-15`, { method: "POST", body, headers: { Authorization: `Bearer ${emulator.users.jane.token}` } });
    assert.equal(response.status, 415);
  }
  await new Promise(setImmediate);
  assert.equal(seen[0].requestBody, "a=b+c");
  assert.match(seen[1].requestBody, /form-data; name="a"\r\n\r\nb\r\n/);
  const types = seen.map(({ requestHeaders }) => requestHeaders["content-type"].split(/[;=]/)[0]);
  assert.deepEqual(types, ["application/x-www-form-urlencoded", "multipart/form-data", "text/x", "text/plain"]);
});

test("Request objects, and init over them", async (t) => {
  const emulator = await startEmulator(t);
  const [url, init] = request(emulator, "POST", "/chat/threads", '{"topic":"Lunch"}');
  const made = new Request(url, init);
  assert.equal((await emulator.fetch(made)).status, 201);
  assert.equal(made.bodyUsed, true);
  await assert.rejects(emulator.fetch(made), TypeError);
  assert.equal((await emulator.fetch(new Request(url, init), { body: '{"topic":1}' })).status, 400);
  assert.equal((await emulator.fetch(new Request(url, init), { headers: [] })).status, 401);
  assert.equal((await emulator.fetch(new URL(url), init)).status, 201);
  const response = await emulator.fetch(`${url}#fragment`, init);
  assert.deepEqual([response.url, response.ok, response.redirected, response.type], [url, true, false, "cors"]);
  await assert.rejects(emulator.fetch(url, { body: "x" }), TypeError, "a GET has no body");
  assert.equal(await threadCount(emulator), 3);
});

test("the response has the headers that a page can read of the service", async (t) => {
  const emulator = await startEmulator(t);
  const response = await create(emulator);
  assert.deepEqual([...response.headers.keys()], ["content-length", "content-type", "location"]);
  assert.equal(response.headers.get("Location"), `${emulator.endpoint}/chat/threads/${encodeURIComponent((await response.clone().json()).chatThread.id).replace("%40", "@")}`);
  emulator.fail({ status: 429, retryAfter: 7, times: 1 });
  assert.equal((await list(emulator)).headers.get("Retry-After"), null);
  emulator.fail({ status: 429, retryAfter: 7, times: 1, exposeRetryAfter: true });
  assert.equal((await list(emulator)).headers.get("Retry-After"), "7");
});

test("answers without a body", async (t) => {
  const emulator = await startEmulator(t);
  const thread = await createThread(emulator);
  const response = await emulator.fetch(...request(emulator, "DELETE", thread));
  assert.deepEqual([response.status, response.body, await response.text()], [204, null, ""]);
});

test("a signal aborts with its reason: before, while waiting, and in the body", { timeout: 20_000 }, async (t) => {
  const emulator = await startEmulator(t);
  const reason = { mine: true };
  const isReason = (error) => error === reason;
  await assert.rejects(list(emulator, { signal: AbortSignal.abort(reason) }), isReason);

  emulator.fail({ hang: true, times: 2 });
  const waiting = new AbortController();
  const hanging = list(emulator, { signal: waiting.signal });
  setTimeout(() => waiting.abort(reason), 20);
  await assert.rejects(hanging, isReason);
  await assert.rejects(emulator.fetch(new Request(...request(emulator, "GET", "/chat/threads", undefined, { signal: AbortSignal.timeout(20) }))), { name: "TimeoutError" });

  emulator.fail({ trickleMs: 50, times: 1 });
  const reading = new AbortController();
  const response = await list(emulator, { signal: reading.signal });
  setTimeout(() => reading.abort(reason), 20);
  await assert.rejects(response.text(), isReason);

  const upload = new AbortController();
  const body = new ReadableStream({}); // never ends
  setTimeout(() => upload.abort(reason), 20);
  await assert.rejects(create(emulator, { body, duplex: "half", signal: upload.signal }), isReason);
  assert.equal(await threadCount(emulator), 0, "the emulator goes on");
});

test("a signal aborts a request that the caller does not keep, after garbage was collected", { timeout: 20_000 }, async (t) => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const emulator = await startEmulator(t);
  emulator.fail({ hang: true });
  const controller = new AbortController();
  const { signal } = controller;
  const answers = [list(emulator, { signal }), emulator.fetch(new Request(...request(emulator, "GET", "/chat/threads", undefined, { signal })))];
  const settled = Promise.allSettled(answers);
  for (let i = 0; i < 3; i++) {
    await new Promise(setImmediate);
    collect();
  }
  controller.abort("mine");
  assert.deepEqual((await settled).map(({ reason }) => reason), ["mine", "mine"]);
});

test("an abort after the answer does nothing", async (t) => {
  const emulator = await startEmulator(t);
  const controller = new AbortController();
  const response = await create(emulator, { signal: controller.signal });
  controller.abort();
  assert.equal((await response.json()).chatThread.topic, "Lunch");
});

test("broken connections reject with a TypeError, and cut bodies fail", async (t) => {
  const emulator = await startEmulator(t);
  for (const rule of [{ drop: true }, { refuse: true }, { hang: true, hangMs: 10 }, { noCORS: true }]) {
    emulator.fail({ ...rule, call: 1, operation: "createThread" });
    await assert.rejects(create(emulator), TypeError, JSON.stringify(rule));
    assert.equal(await threadCount(emulator), 0, JSON.stringify(rule));
  }
  for (const rule of [{ drop: true, after: true }, { noCORS: true, after: true }]) {
    emulator.fail({ ...rule, call: 1, operation: "createThread" });
    await assert.rejects(create(emulator), TypeError);
  }
  assert.equal(await threadCount(emulator), 2);
  emulator.fail({ cut: true, times: 1 });
  const response = await list(emulator);
  assert.equal(response.status, 200);
  await assert.rejects(response.text(), TypeError);
});

test("a slow answer comes in pieces", async (t) => {
  const emulator = await startEmulator(t);
  emulator.fail({ trickleMs: 20, times: 1 });
  const start = performance.now();
  const response = await create(emulator);
  const pieces = [];
  for await (const piece of response.body) pieces.push(new TextDecoder().decode(piece));
  assert.equal(pieces.length, 4);
  assert.equal(JSON.parse(pieces.join("")).chatThread.topic, "Lunch");
  assert.ok(performance.now() - start >= 95);
});

test("close ends a request that waits", async (t) => {
  const emulator = await startEmulator(t);
  emulator.fail({ trickleMs: 60_000, times: 1 });
  const response = emulator.fetch(...request(emulator, "POST", "/chat/threads", '{"topic":"Lunch"}'));
  emulator.close();
  await assert.rejects(response, /the emulator is closed/);
});

test("other origins, and methods that the service's CORS does not allow, are refused", async (t) => {
  const emulator = await startEmulator(t);
  await assert.rejects(emulator.fetch("https://example.com/x"), /emulator\.fetch answers requests to https:\/\/emulator\.invalid only/);
  await assert.rejects(emulator.fetch(...request(emulator, "PUT", "/chat/threads", "{}")), TypeError);
  assert.equal((await emulator.fetch(...request(emulator, "GET", "/nothing"))).status, 404);
  const control = await emulator.fetch(`${emulator.endpoint}/emulator/reset`, { method: "POST" }).then((response) => response.status, (error) => error);
  assert.ok(control instanceof TypeError, "pages of other origins may not use the control endpoints");
});
