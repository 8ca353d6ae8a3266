// The page of this repository's client. wasm is where the page has it load the client from.

import { createClient, initialize } from "/here/chat.js";

import { run } from "./runner.js";
import { endpoint, threadId, token, work } from "./work.js";

await run(async () => {
  await initialize({ wasmURL: wasm });
  const client = createClient({ endpoint, token });
  return {
    sendMessage: () => client.sendMessage(threadId, work.sendMessage.body),
    createThread: () => client.createThread(work.createThread.body),
    addParticipants: () => client.addParticipants(threadId, work.addParticipants.body),
  };
});
