// Tests how the realtime notifications of acschat/sdk begin and end.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { ChatClient } from "@azure/communication-chat";

import { endpoint, fetch, newUser } from "./emulator.mjs";

let jane, alex, thread;
let isOnline = true;

before(async () => {
  [jane, alex] = await Promise.all([newUser(), newUser()]);
  const { chatThread } = await jane.chat.createChatThread({ topic: "Lunch" }, { participants: [{ id: alex.user }] });
  thread = jane.chat.getChatThreadClient(chatThread.id);
});

/** Returns a client of Alex that has no network while isOnline is false. */
function newChat() {
  const credential = { getToken: async () => ({ token: alex.token, expiresOnTimestamp: 0 }) };
  const gated = (url, init) => (isOnline ? fetch(url, init) : Promise.reject(new TypeError("Failed to fetch")));
  return new ChatClient(endpoint, credential, { fetch: gated, retryOptions: { maxRetries: 0 } });
}

async function until(condition, patienceMs = 15_000) {
  for (const end = Date.now() + patienceMs; !condition(); ) {
    assert.ok(Date.now() < end, "nothing has happened");
    await pause(20);
  }
}

test("only the events of the connection can be listened for before the start", async () => {
  const chat = newChat();
  assert.throws(() => chat.on("chatMessageReceived", () => {}), /startRealtimeNotifications/);
  let connected = 0;
  chat.on("realTimeNotificationConnected", () => connected++);
  const started = chat.startRealtimeNotifications();
  chat.on("chatMessageReceived", () => {}); // as in the SDK, at once after the call
  assert.equal(chat.startRealtimeNotifications(), started);
  await started;
  assert.equal(connected, 1);
  await chat.stopRealtimeNotifications();
  assert.throws(() => chat.on("chatMessageReceived", () => {}), /startRealtimeNotifications/);
});

test("a listener that was removed, and one after the stop, are not called", async () => {
  const chat = newChat();
  await chat.startRealtimeNotifications();
  const received = [], removed = () => received.push("removed"), twice = () => received.push("twice");
  chat.on("chatMessageReceived", removed);
  for (let i = 0; i < 2; i++) chat.on("chatMessageReceived", twice);
  chat.off("chatMessageReceived", removed);
  chat.off("chatMessageReceived", twice);
  chat.off("chatMessageReceived", () => {});
  await thread.sendMessage({ content: "Hi" });
  await until(() => received.length > 0);
  assert.deepEqual(received, ["twice"]);
  let disconnected = 0;
  chat.on("realTimeNotificationDisconnected", () => disconnected++);
  await chat.stopRealtimeNotifications();
  assert.equal(disconnected, 1);
  await thread.sendMessage({ content: "Hi again" });
  await pause(3_000);
  assert.deepEqual([received, disconnected], [["twice"], 1]);
  await chat.stopRealtimeNotifications();
});

test("after a restart the notifications begin anew", async () => {
  const chat = newChat();
  await chat.startRealtimeNotifications();
  await chat.stopRealtimeNotifications();
  await thread.sendMessage({ content: "between" });
  await chat.startRealtimeNotifications();
  const received = [];
  chat.on("chatMessageReceived", ({ message }) => received.push(message));
  await thread.sendMessage({ content: "after" });
  await until(() => received.length > 0);
  await pause(1_000);
  assert.deepEqual(received, ["after"]);
  await chat.stopRealtimeNotifications();
});

test("without a network the start rejects, and can be tried again", async () => {
  const chat = newChat();
  isOnline = false;
  await assert.rejects(chat.startRealtimeNotifications(), { name: "RestError", code: "REQUEST_SEND_ERROR" });
  isOnline = true;
  await chat.startRealtimeNotifications();
  await chat.stopRealtimeNotifications();
});

test("a stop during the start rejects it", async () => {
  const chat = newChat();
  const started = chat.startRealtimeNotifications();
  await chat.stopRealtimeNotifications();
  await assert.rejects(started, /stopRealtimeNotifications/);
});

test("an outage is told, and what was sent meanwhile is received once", async () => {
  const chat = newChat();
  const log = [];
  chat.on("realTimeNotificationConnected", () => log.push("connected"));
  chat.on("realTimeNotificationDisconnected", () => log.push("disconnected"));
  await chat.startRealtimeNotifications();
  chat.on("chatMessageReceived", ({ message }) => log.push(message));
  isOnline = false;
  await until(() => log.includes("disconnected"));
  await thread.sendMessage({ content: "meanwhile" });
  isOnline = true;
  await until(() => log.includes("meanwhile") && log.lastIndexOf("connected") > 0, 30_000);
  await pause(2_000);
  assert.deepEqual([...log].sort(), ["connected", "connected", "disconnected", "meanwhile"]);
  assert.deepEqual(log.slice(0, 2), ["connected", "disconnected"]);
  await chat.stopRealtimeNotifications();
});

test("typingIndicatorReceived can be listened for, and one warning says that it never occurs", async (t) => {
  const warn = t.mock.method(console, "warn", () => {});
  for (let i = 0; i < 2; i++) {
    const chat = newChat();
    await chat.startRealtimeNotifications();
    chat.on("typingIndicatorReceived", () => {});
    await chat.stopRealtimeNotifications();
  }
  assert.equal(warn.mock.callCount(), 1);
  assert.match(warn.mock.calls[0].arguments[0], /typingIndicatorReceived/);
});
