import { initialize, createClient, version } from "./chat.js";

// All that an embedding needs: load the module, create a client, call it.

initialize().catch(() => {}); // early, while the page gets a token; errors surface where you await initialize() again

async function connect(endpoint, token, options) {
  await initialize(); // the same promise
  return createClient({ endpoint, token, ...options }); // the token, or a function that returns one
}

async function createThread(client, topic, participants) {
  const { chatThread, invalidParticipants } = await client.createThread({ topic, participants });
  return { threadId: chatThread.id, invalidParticipants };
}

async function addParticipants(client, threadId, participants) {
  const { invalidParticipants } = await client.addParticipants(threadId, { participants });
  return invalidParticipants;
}

async function sendMessage(client, threadId, content, senderDisplayName, type) {
  const { id } = await client.sendMessage(threadId, { content, senderDisplayName, type });
  return id;
}

function openConversation(client, threadId, senderDisplayName, render) {
  // The messages, also those that are still being sent, the participants, and what is unread.
  const conversation = client.openConversation(threadId, { senderDisplayName });
  conversation.subscribe(() => render(conversation.getSnapshot()));
  return conversation;
}

// The rest of this file is about this page only. It puts the panels of the studio together.

import { mountColumn } from "./studio/column.js";
import { mountFaults } from "./studio/fault_panel.js";
import { mountFrame } from "./studio/frame.js";
import { mountLog } from "./studio/log.js";
import { mountOperations } from "./studio/operation_panel.js";
import { openService } from "./studio/service.js";
import { Studio } from "./studio/studio.js";

const panels = [
  { name: "requests", title: "Requests", mount: mountLog },
  { name: "operations", title: "Operations", mount: mountOperations },
  { name: "faults", title: "Faults and time", mount: mountFaults },
];
const frame = mountFrame(version, begin);
let studio;

/** Begins with a service, in place of another. If that fails, it goes back to the one before. */
async function begin(service, previous = studio?.service ?? null) {
  studio?.close();
  studio = new Studio(service, { connect, createThread, addParticipants, sendMessage, openConversation, begin });
  frame.show(studio, mountColumn, panels);
  try {
    await studio.start();
  } catch (error) {
    if (previous) await begin(previous, null);
    throw error;
  }
}

try {
  await begin(await openService());
} catch (error) {
  frame.fail(error);
}
