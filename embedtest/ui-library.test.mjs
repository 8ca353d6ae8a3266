// Tests samples/ui-library: ChatComposite of Microsoft's UI library on acschat/sdk and the emulator. Leaves screenshots in the work folder.

import assert from "node:assert/strict";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { open } from "./page.mjs";
import { start } from "./project.mjs";
import { serve } from "./site.mjs";

const sample = fileURLToPath(new URL("../samples/ui-library/", import.meta.url));
const work = dirname(process.env.EMBED_PACKAGE);
const site = join(work, "ui-library");

before(async () => {
  const acschat = join(sample, "node_modules", "acschat");
  await rm(acschat, { recursive: true, force: true });
  await mkdir(acschat);
  await start("tar", sample, ["-xzf", process.env.EMBED_PACKAGE, "-C", acschat, "--strip-components=1"]);
  const vite = fileURLToPath(new URL("node_modules/vite/bin/vite.js", `file://${sample}`));
  await start(process.execPath, sample, [vite, "build", "--outDir", site, "--emptyOutDir"]);
});

// What the library writes by itself, and the warning that there are no typing notifications.
const expected = [/icons were re-registered/, /The icon "\w+" was used but not registered/, /typingIndicatorReceived never occurs/];

test("Microsoft's UI library: two users send, edit, delete and read, a third one comes and goes, and a lost answer leaves one message", async (t) => {
  const { page, problems } = await open(t, "about:blank");
  const requests = [];
  await page.route(() => true, (route) => (requests.push(new URL(route.request().url()).hostname), route.continue()));
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.goto(await serve(t, site));
  const [jane, alex] = ["Jane", "Alex"].map((name) => viewOf(page, name));
  const picture = (name) => page.screenshot({ path: join(work, `ui-library-${name}.png`) });
  for (const view of [jane, alex]) await view.status("Jane, Alex joined the chat.");

  await jane.send("Hi, Alex");
  await alex.sees("Hi, Alex");
  await alex.send("Hi, Jane");
  await jane.sees("Hi, Jane");
  await picture("sent");
  await jane.region.locator("[data-icon-name=MessageSeen]").waitFor(); // Alex's page sends the receipt
  await picture("read");

  await jane.choose("Hi, Alex", "Edit");
  await jane.region.getByPlaceholder("Edit your message").fill("Hello, Alex");
  await jane.region.getByPlaceholder("Edit your message").press("Enter");
  for (const view of [jane, alex]) {
    await view.sees("Hello, Alex");
    assert.equal(await view.messages.filter({ hasText: "Hi, Alex" }).count(), 0);
  }
  await picture("edited");
  await alex.choose("Hi, Jane", "Delete");
  for (const view of [jane, alex]) await view.messages.filter({ hasText: "Hi, Jane" }).waitFor({ state: "detached" });
  await picture("deleted");

  await page.getByRole("button", { name: "Add Bob" }).click();
  for (const view of [jane, alex]) await view.status("Bob joined the chat.");
  await page.getByRole("button", { name: "Remove Bob" }).click();
  for (const view of [jane, alex]) await view.status("Bob left the chat.");
  await picture("participants");

  await page.getByRole("button", { name: "Lose the next answer" }).click();
  await jane.send("Only once");
  await alex.sees("Only once");
  await jane.region.locator("[data-ui-status=delivered], [data-ui-status=seen]", { hasText: "Only once" }).waitFor();
  await page.waitForTimeout(3_000);
  for (const view of [jane, alex]) assert.equal(await view.messages.filter({ hasText: "Only once" }).count(), 1);
  await picture("lost-answer");

  assert.deepEqual(problems.filter((problem) => !expected.some((each) => each.test(problem))), []);
  assert.deepEqual([...new Set(requests)], ["localhost"]);
});

/** Returns what a test needs of one user's half of the page. */
function viewOf(page, name) {
  const region = page.getByRole("region", { name });
  const messages = region.getByTestId("chat-composite-message");
  return {
    region,
    messages,
    sees: (text) => messages.filter({ hasText: text }).waitFor(),
    status: (text) => region.getByRole("status", { name: text, exact: true }).waitFor(),
    async send(text) {
      await region.getByPlaceholder("Enter a message").fill(text);
      await region.getByPlaceholder("Enter a message").press("Enter");
    },
    async choose(text, action) {
      const message = messages.filter({ hasText: text });
      await message.hover();
      await message.getByTestId("chat-composite-message-action-icon").click();
      await page.getByRole("menuitem", { name: action }).click();
    },
  };
}
