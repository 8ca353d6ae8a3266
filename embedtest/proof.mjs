// What a set-up has to show.

import assert from "node:assert/strict";

import { getMessage } from "./emulator.mjs";
import { open } from "./page.mjs";

const limitMs = 20_000;

/** Opens a page that sends a message and says so: the emulator has it, and the page has complained of nothing. */
export async function proveSent(t, url, content) {
  const tab = await open(t, url);
  const { page, complaints } = tab;
  const text = await greeted(tab);
  await proveArrived(text, content);
  assert.deepEqual(complaints, []);
  return page;
}

/** Checks that the message a text tells of is in the emulator. */
export async function proveArrived(text, content) {
  const [, messageId, threadId] = /Message (\d+) is in thread (19:\S+@thread\.v2)\./.exec(text) ?? assert.fail(`no message was sent: ${text}`);
  const message = await getMessage(threadId, messageId);
  assert.equal(message.content.message, content);
  assert.equal(message.senderDisplayName, "Jane");
}

/** Waits until a page says that it has sent a message, and gives its text. */
async function greeted({ page, complaints, failure }) {
  try {
    const greeting = page.waitForFunction(() => /Message .*\./.exec(document.body?.innerText ?? "")?.[0], undefined, { timeout: limitMs });
    return await (await Promise.race([greeting, failure])).jsonValue();
  } catch (error) {
    throw new Error([error.message, ...complaints].join("\n"));
  }
}
