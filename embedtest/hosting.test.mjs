// Tests where a host may put the files, and with which headers it may serve them.

import assert from "node:assert/strict";
import { cp, mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";

import { endpoint, getMessage, users } from "./emulator.mjs";
import { open } from "./page.mjs";
import { staticProject } from "./project.mjs";
import { proveArrived, proveSent } from "./proof.mjs";
import { serve } from "./site.mjs";

// The demo page's policy. A test compares it with the one in docs/hosting.md.
const demo = await readFile(new URL("../web/index.html", import.meta.url), "utf8");
const [, policy] = /http-equiv="Content-Security-Policy" content="(.*?)"/.exec(demo);

let folder; // a site with chat.wasm beside chat.js, as in the package
let moved; // a site with chat.wasm and its part in /assets
let assets; // the folder of those

before(async () => {
  folder = await staticProject("module", "hosting");
  moved = `${folder}-moved`;
  assets = join(moved, "assets");
  await cp(folder, moved, { recursive: true });
  await mkdir(assets);
  for (const name of ["chat.wasm", "chat.conversation.wasm"]) await rename(join(moved, "acschat", name), join(assets, name));
});

test("Content-Security-Policy: the documented policy, without violations", async (t) => {
  await proveSent(t, await serve(t, folder, { headers: { "Content-Security-Policy": policy } }), "Hi");
});

test("Content-Security-Policy: a LoadError that names 'wasm-unsafe-eval' if it is missing", async (t) => {
  const origin = await serve(t, folder, { headers: { "Content-Security-Policy": policy.replace(" 'wasm-unsafe-eval'", "") } });
  const error = await failureToLoad(t, origin);
  assert.equal(error.message, "initialize: the page's Content-Security-Policy forbids WebAssembly: script-src lacks 'wasm-unsafe-eval'");
  assert.match(error.hint, /'wasm-unsafe-eval'/);
});

test("MIME type: application/octet-stream works", async (t) => {
  await proveSent(t, await serve(t, folder, { types: { ".wasm": "application/octet-stream" } }), "Hi");
});

test("MIME type: an HTML page instead of chat.wasm is a LoadError that names it", async (t) => {
  const origin = await serve(t, moved, { fallback: "index.html" });
  const error = await failureToLoad(t, origin);
  assert.equal(error.message, `initialize: ${origin}/acschat/chat.wasm is no WebAssembly but text/html; charset=utf-8`);
  assert.match(error.hint, /application\/wasm/);
});

test("MIME type: a 404 is a LoadError that names the URL and the status", async (t) => {
  const origin = await serve(t, moved);
  const error = await failureToLoad(t, origin);
  assert.equal(error.message, `initialize: ${origin}/acschat/chat.wasm answered HTTP 404`);
  assert.match(error.hint, /wasmURL/);
});

test("wasm elsewhere: another path, as wasmURL", async (t) => {
  await proveGreeted(t, await serve(t, moved), "/assets/chat.wasm");
});

test("wasm elsewhere: another origin that allows it by CORS", async (t) => {
  const cdn = await serve(t, assets, { headers: { "Access-Control-Allow-Origin": "*" } });
  await proveGreeted(t, await serve(t, moved), `${cdn}/chat.wasm`);
});

test("wasm elsewhere: another origin without CORS is a LoadError with a hint", async (t) => {
  const cdn = await serve(t, assets);
  const error = await failureToLoad(t, await serve(t, moved), `${cdn}/chat.wasm`);
  assert.equal(error.message, `initialize: ${cdn}/chat.wasm cannot be fetched: Failed to fetch`);
  assert.match(error.hint, /CORS/);
});

test("wasm elsewhere: chat.slim.wasm, as wasmURL", async (t) => {
  await proveGreeted(t, await serve(t, folder), "/acschat/chat.slim.wasm");
});

test("integrity: the package's integrity.json", async (t) => {
  const integrity = JSON.parse(await readFile(join(folder, "acschat/integrity.json")));
  for (const wasmURL of [undefined, "/acschat/chat.slim.wasm"]) await proveGreeted(t, await serve(t, folder), wasmURL, integrity);
  const error = await failureToLoad(t, await serve(t, folder), undefined, integrity["chat.slim.wasm"]);
  assert.ok(error.message.endsWith(`/acschat/chat.wasm does not match integrity: its hash is ${integrity["chat.wasm"]}`), error.message);
  assert.match(error.hint, /integrity\.json/);
});

test("two users: two clients in one page see the same conversation", async (t) => {
  const { page, problems } = await open(t, `${await serve(t, folder)}/blank.html`);
  const { threadId, sent, seen } = await page.evaluate(async ({ endpoint, users: { jane, alex } }) => {
    const { initialize, createClient } = await import("/acschat/chat.js");
    await initialize();
    const [asJane, asAlex] = [jane, alex].map(({ token }) => createClient({ endpoint, token }));
    const { chatThread } = await asJane.createThread({ topic: "Two users", participants: [{ communicationIdentifier: alex.id }] });
    const sent = [await asJane.sendMessage(chatThread.id, { content: "Hi, Alex" }), await asAlex.sendMessage(chatThread.id, { content: "Hi, Jane" })];
    const seen = [];
    for (const client of [asJane, asAlex]) {
      const texts = [];
      for await (const { type, id, content } of client.listMessages(chatThread.id)) if (type === "text") texts.unshift([id, content.message]);
      seen.push(texts);
    }
    return { threadId: chatThread.id, sent: sent.map(({ id }) => id), seen };
  }, { endpoint, users });
  const conversation = [[sent[0], "Hi, Alex"], [sent[1], "Hi, Jane"]];
  assert.deepEqual(seen, [conversation, conversation]);
  for (const [id, text] of conversation) assert.equal((await getMessage(threadId, id)).content.message, text);
  assert.deepEqual(problems, []);
});

/** Opens a page that loads chat.wasm from wasmURL, sends a message, opens a conversation, and checks that the message arrived. */
async function proveGreeted(t, origin, wasmURL, integrity) {
  const { page, problems } = await open(t, `${origin}/blank.html`);
  const text = await page.evaluate(async ({ wasmURL, integrity, endpoint, token }) => {
    const { initialize, createClient } = await import("/acschat/chat.js");
    await initialize({ wasmURL, integrity });
    const client = createClient({ endpoint, token });
    const { chatThread } = await client.createThread({ topic: "Hosting" });
    const { id } = await client.sendMessage(chatThread.id, { content: "Hi", senderDisplayName: "Jane" });
    client.openConversation(chatThread.id).close(); // throws without the part
    return `Message ${id} is in thread ${chatThread.id}.`;
  }, { wasmURL, integrity, endpoint, token: users.jane.token });
  await proveArrived(text, "Hi");
  assert.deepEqual(problems, []);
}

/** Returns the LoadError of a page that cannot load chat.wasm. */
async function failureToLoad(t, origin, wasmURL, integrity) {
  const { page } = await open(t, `${origin}/blank.html`);
  const error = await page.evaluate(async (options) => {
    const { initialize, ChatError } = await import("/acschat/chat.js");
    return initialize(options).catch((error) => ({ isChatError: error instanceof ChatError, ...error, message: error.message, cause: undefined }));
  }, { wasmURL, integrity });
  assert.equal(error?.isChatError, true, "chat.wasm was loaded");
  assert.equal(error.code, "LoadError");
  return error;
}
