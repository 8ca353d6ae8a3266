import { createClient, initialize } from "acschat";
import { createEmulator } from "acschat/emulator";
import { afterEach, beforeEach, expect, test } from "vitest";
import { page } from "vitest/browser";

import { openChat } from "../src/chat.js";

const [emulator] = await Promise.all([createEmulator({ users: ["jane", "alex"] }), initialize()]);
const { jane, alex } = emulator.users;
const optionsOf = ({ token }) => ({ endpoint: emulator.endpoint, token, fetch: emulator.fetch });

let other, threadId, closeChat;

// Jane has the page open. Alex takes part through a client of the test.
beforeEach(async () => {
  other = createClient(optionsOf(alex));
  const participants = [{ communicationIdentifier: { rawId: jane.id } }];
  threadId = (await other.createThread({ topic: "Lunch", participants })).chatThread.id;
  document.body.innerHTML = "<main></main>";
  closeChat = await openChat(document.querySelector("main"), { ...optionsOf(jane), threadId });
});

afterEach(async () => {
  closeChat();
  other.close();
  await emulator.reset(); // also removes faults
});

const messages = page.getByRole("list", { name: "Messages" });

async function write(text) {
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

test("what others send is shown", async () => {
  await other.sendMessage(threadId, { content: "Pizza?" });
  await expect.element(messages).toHaveTextContent("Pizza?");
});

test("what is sent reaches others", async () => {
  await write("Pasta?");
  for await (const { type, content } of other.watchMessages(threadId, { sinceMessageId: "0" })) {
    if (type !== "text") continue;
    expect(content.message).toBe("Pasta?");
    break;
  }
});

test("a message that was refused can be sent again", async () => {
  emulator.fail({ operation: "sendMessage", call: 1, status: 400 });
  await write("Sushi?");
  await expect.element(messages).toHaveTextContent("Sushi? was not sent.");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => messages.element().textContent).toBe("Sushi?");
});
