// An emulator for each test of this folder, and requests to it.

import assert from "node:assert/strict";

import { createEmulator } from "../../web/emulator.js";

/** Starts an emulator that ends with the test. It has the users jane and alex. */
export async function startEmulator(t, options) {
  const emulator = await createEmulator({ users: ["jane", "alex"], ...options });
  t.after(() => emulator.close());
  return emulator;
}

/** Returns a request of jane's: the arguments of fetch. */
export function request(emulator, method, path, body, more) {
  const headers = { Authorization: `Bearer ${emulator.users.jane.token}`, ...(body !== undefined && { "Content-Type": "application/json" }) };
  return [`${emulator.endpoint}${path}?api-version=2025-03-15`, { method, headers, body, ...more }];
}

export const create = (emulator, more) => emulator.fetch(...request(emulator, "POST", "/chat/threads", '{"topic":"Lunch"}', more));

/** Creates a thread, and returns its path. */
export async function createThread(emulator) {
  const response = await create(emulator);
  assert.equal(response.status, 201);
  const { chatThread } = await response.json();
  return `/chat/threads/${chatThread.id}`;
}

export const list = (emulator, more) => emulator.fetch(...request(emulator, "GET", "/chat/threads", undefined, more));

/** Returns how many threads jane has. */
export const threadCount = async (emulator) => (await (await list(emulator)).json()).value.length;

/** Returns the text of jane's newest message in a thread. */
export async function newestContent(emulator, thread) {
  const response = await emulator.fetch(...request(emulator, "GET", `${thread}/messages`));
  return (await response.json()).value[0].content.message;
}
