// The arguments of the calls, the expected requests, and the answers of the stubbed service, all as in the REST documentation. The pages and
// check.mjs use them.

export const endpoint = "https://bench.communication.azure.com";

const base64 = (value) => btoa(JSON.stringify(value)).replace(/=+$/, "");
const user = (n) => `8:acs:6f1c7e0a-52d4-4a0e-9c39-0d5b1f6a7e21_0000001f-3a5c-9b0e-84f2-${String(n).padStart(12, "0")}`;

/** A token that expires in 2096. */
export const token = [base64({ alg: "none" }), base64({ skypeid: user(0).slice(2), exp: 4_000_000_000 }), "c2lnbmVk"].join(".");

export const identifier = (n) => ({ rawId: user(n), communicationUser: { id: user(n) } });
const participant = (n, displayName, more) => ({ communicationIdentifier: identifier(n), displayName, ...more });
const shareHistoryTime = "2026-03-01T08:30:00Z";

export const threadId = "19:Qm9hcmRzIGFuZCBub3RlcyBmb3IgYSBiZW5jaG1hcms1@thread.v2";
const messageId = "1772354400123";
const newThread = {
  id: "19:VGhlIHRocmVhZCB0aGF0IGhhcyBqdXN0IGJlZW4gbWFkZQ2@thread.v2",
  topic: "Release on Friday",
  createdOn: "2026-03-01T08:40:00Z",
  createdByCommunicationIdentifier: identifier(0),
};
const refusal = { target: user(3), code: "403", message: "The user may not be added." };

const senders = ["Jane", "Alex", "Bob", "Chris", "Dana"];
const words = "the build for Friday is green and we ship it before lunch unless somebody still finds a bug in it".split(" ");

/** Returns the n-th message of a thread. Every third one has metadata. */
export function message(n) {
  const sentAt = Date.parse("2026-03-01T08:40:00Z") + n * 61_007;
  return {
    id: String(sentAt),
    type: "text",
    sequenceId: String(n + 4),
    version: String(sentAt),
    content: { message: `${n}: ${words.map((_, w) => words[(w + n) % words.length]).join(" ").slice(0, 76)}` },
    senderDisplayName: senders[n % senders.length],
    createdOn: `${new Date(sentAt).toISOString().slice(0, 19)}Z`,
    senderCommunicationIdentifier: identifier(n % senders.length),
    ...(n % 3 === 0 && { metadata: { draft: String(n), origin: "keyboard" } }),
  };
}

/** Returns a page of messages, the newest first. */
const messages = (count) => Array.from({ length: count }, (_, i) => message(count - i));

export const pageSize = 200;

const threadPath = `/chat/threads/${encodeURIComponent(threadId)}`;

/**
 * The request and the answer of each operation. A POST is answered with 201. An operation with a query is a GET, answered
 * with 200.
 */
export const work = {
  sendMessage: {
    path: `${threadPath}/messages`,
    body: { content: "The build is green, shall we ship it before lunch?", senderDisplayName: "Jane", metadata: { draft: "17", origin: "keyboard" } },
    location: `${endpoint}${threadPath}/messages/${messageId}`,
    answer: { id: messageId },
  },
  createThread: {
    path: "/chat/threads",
    body: { topic: newThread.topic, participants: [participant(1, "Alex"), participant(2, "Bob"), participant(3, "Chris"), participant(4, "Dana")] },
    location: `${endpoint}/chat/threads/${encodeURIComponent(newThread.id)}`,
    answer: { chatThread: newThread, invalidParticipants: [refusal] },
    isRepeatable: true,
  },
  addParticipants: {
    path: `${threadPath}/participants/:add`,
    body: { participants: [participant(1, "Alex", { shareHistoryTime }), participant(2, "Bob", { shareHistoryTime }), participant(3, "Chris", { shareHistoryTime })] },
    answer: { invalidParticipants: [refusal] },
  },
  listMessages: {
    path: `${threadPath}/messages`,
    query: { maxPageSize: String(pageSize) },
    // A getter, because pages that do not list messages must not spend time and memory on them.
    get answer() {
      return { value: messages(pageSize) };
    },
  },
};

/** The calls that every page can make, and the operation of each. Those with WithSignal share one signal. */
export const calls = {
  sendMessage: "sendMessage",
  sendMessageWithSignal: "sendMessage",
  sendMessageWithUndefined: "sendMessage",
  createThread: "createThread",
  createThreadWithSignal: "createThread",
  addParticipants: "addParticipants",
  addParticipantsWithSignal: "addParticipants",
  listMessages: "listMessages",
};
