// Checks what every set-up must do.

import assert from "node:assert/strict";

import { getMessage } from "./emulator.mjs";
import { open } from "./page.mjs";

const limitMs = 20_000;

/** Opens a page that sends a message. Checks that the emulator has the message and that the page reports no problems. */
export async function proveSent(t, url, content) {
  const tab = await open(t, url);
  const { page, problems } = tab;
  const text = await greeted(tab);
  await proveArrived(text, content);
  assert.deepEqual(problems, []);
  return page;
}

/** Checks that the emulator has the message that the page's text names. */
export async function proveArrived(text, content) {
  const [, messageId, threadId] = /Message (\d+) is in thread (19:\S+@thread\.v2)\./.exec(text) ?? assert.fail(`no message was sent: ${text}`);
  const message = await getMessage(threadId, messageId);
  assert.equal(message.content.message, content);
  assert.equal(message.senderDisplayName, "Jane");
}

/** Waits until the page shows that it has sent a message, and returns its text. */
async function greeted({ page, problems, failure }) {
  try {
    const greeting = page.waitForFunction(() => /Message .*\./.exec(document.body?.innerText ?? "")?.[0], undefined, { timeout: limitMs });
    return await (await Promise.race([greeting, failure])).jsonValue();
  } catch (error) {
    throw new Error([error.message, ...problems].join("\n"));
  }
}
