// Tests the samples that show a conversation, in React and in plain JavaScript.

import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";

import { createThread, lastReadByJane, listTexts, sendAsAlex } from "./emulator.mjs";
import { open } from "./page.mjs";
import { project, staticProject } from "./project.mjs";
import { serve } from "./site.mjs";
import { buildVite, serveVite } from "./vite.mjs";

const limitMs = 20_000;
const count = 25; // messages in the thread; the samples load 20 at first

let react, plain;

before(async () => {
  [react, plain] = await Promise.all([project("react-conversation"), staticProject("conversation")]);
});

test("React: a conversation with useSyncExternalStore; Vite's dev server with StrictMode", async (t) => {
  await proveConversation(t, await serveVite(t, react));
});

test("React: a conversation, production build by Vite", async (t) => {
  await buildVite(react);
  await proveConversation(t, await serve(t, join(react, "dist")));
});

test("a module script: a conversation", async (t) => {
  await proveConversation(t, await serve(t, plain));
});

/** Opens a page with a thread. Checks that it shows, marks as read, sends, receives, and loads older messages. */
async function proveConversation(t, site) {
  const threadId = await createThread("Lunch", Array.from({ length: count }, (_, i) => `message ${i}.`));
  const { page, problems, failure } = await open(t, `${site}/?thread=${encodeURIComponent(threadId)}`);
  page.setDefaultTimeout(limitMs);
  /** Waits until a message is shown in a state, once. */
  const waitFor = async (text, state) => {
    const shown = page.waitForFunction(([text, state]) => {
      const items = [...document.querySelectorAll("li")].filter(({ textContent }) => textContent.includes(text));
      if (items.length > 1) throw new Error(`${text} is shown ${items.length} times`);
      return items.length === 1 && items[0].textContent.includes(state);
    }, [text, state]);
    await Promise.race([shown, failure]);
  };

  await waitFor(`message ${count - 1}.`, "sent");
  assert.equal(await page.textContent("h1"), "Lunch");
  await page.waitForFunction(() => document.body.innerText.includes("live, 0 unread"));
  assert.equal(await page.locator("li", { hasText: "message 0." }).count(), 0, "the first message is not loaded yet");

  await page.getByRole("button", { name: "Older messages" }).click();
  await waitFor("message 0.", "sent");

  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/messages?*", async (route) => {
    if (route.request().method() === "POST") await held;
    await route.continue();
  });
  await page.getByLabel("Message").fill("From the sample");
  await page.getByRole("button", { name: "Send" }).click();
  await waitFor("From the sample", "sending");
  release();
  await waitFor("From the sample", "sent");
  await page.waitForFunction(() => document.querySelector("input").value === "");
  const { id } = await sendAsAlex(threadId, "An answer");
  await waitFor("An answer", "sent");
  await until(async () => (await lastReadByJane(threadId)) === id, "Jane has read the answer");
  assert.deepEqual((await listTexts(threadId)).slice(0, 3), ["An answer", "From the sample", `message ${count - 1}.`]);
  assert.deepEqual(problems, []);
}

async function until(isTrue, what) {
  const end = Date.now() + limitMs;
  while (!(await isTrue())) {
    if (Date.now() > end) assert.fail(`not in ${limitMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
