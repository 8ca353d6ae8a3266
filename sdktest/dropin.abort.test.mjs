// Tests that a call of acschat/sdk can be aborted while the client is being loaded, which here never ends.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { ChatClient } from "@azure/communication-chat";

import { initialize } from "../web/sdk.js";

const server = createServer(() => {}); // never answers

before(async () => {
  await new Promise((listening) => server.listen(0, "localhost", listening));
  initialize({ wasmURL: `http://localhost:${server.address().port}/chat.wasm`, conversations: false }).catch(() => {});
});

after(() => {
  server.close();
  server.closeAllConnections();
});

test("a call and a list are aborted while the client is being loaded", { timeout: 5_000 }, async () => {
  const chat = new ChatClient("https://contoso.communication.azure.com", { getToken: () => assert.fail("no request was made") });
  const controller = new AbortController();
  const { signal: abortSignal } = controller;
  const aborted = [chat.createChatThread({ topic: "Lunch" }, { abortSignal }), chat.listChatThreads({ abortSignal }).next()];
  setTimeout(() => controller.abort(), 100);
  for (const promise of aborted) await assert.rejects(promise, { name: "AbortError" });
  await assert.rejects(chat.deleteChatThread("19:x@thread.v2", { abortSignal }), { name: "AbortError" });
});
