// The sixteen operations of the service, from which the studio makes its forms, its calls and the code that it copies.

import { requests } from "./operation_fields.js";

const thread = "/chat/threads/{threadId}";
const message = `${thread}/messages/{messageId}`;

/**
 * The operations by the name of the client's method. title is the REST documentation's. argument is how the method calls its request: request,
 * identifier, or options for a list, which sends them as the query. fields are those of the request. version is the client's default. hasResult
 * says whether the method gives anything.
 */
export const operations = [
  row("createThread", "Create Chat Thread", "POST", "/chat/threads", { group: "chat", version: "2024-03-07", hasResult: true }),
  row("listThreads", "List Chat Threads", "GET", "/chat/threads", { group: "chat", argument: "options" }),
  row("getThread", "Get Chat Thread Properties", "GET", thread, { hasResult: true }),
  row("updateThread", "Update Chat Thread Properties", "PATCH", thread),
  row("deleteThread", "Delete Chat Thread", "DELETE", thread, { group: "chat", destroys: "the thread with all its messages" }),
  row("sendMessage", "Send Chat Message", "POST", `${thread}/messages`, { version: "2024-03-15-preview", hasResult: true, takesIdempotencyToken: true }),
  row("listMessages", "List Chat Messages", "GET", `${thread}/messages`, { argument: "options" }),
  row("getMessage", "Get Chat Message", "GET", message, { hasResult: true }),
  row("updateMessage", "Update Chat Message", "PATCH", message),
  row("deleteMessage", "Delete Chat Message", "DELETE", message, { destroys: "the message" }),
  row("addParticipants", "Add Chat Participants", "POST", `${thread}/participants/:add`, { version: "2024-03-15-preview", hasResult: true }),
  row("listParticipants", "List Chat Participants", "GET", `${thread}/participants`, { argument: "options" }),
  row("removeParticipant", "Remove Chat Participant", "POST", `${thread}/participants/:remove`, { argument: "identifier", destroys: "the participant's access to the thread" }),
  row("sendTypingNotification", "Send Typing Notification", "POST", `${thread}/typing`),
  row("sendReadReceipt", "Send Chat Read Receipt", "POST", `${thread}/readReceipts`),
  row("listReadReceipts", "List Chat Read Receipts", "GET", `${thread}/readReceipts`, { argument: "options" }),
];

function row(name, title, method, path, { group = "chat-thread", argument = "request", version = "2025-03-15", ...rest } = {}) {
  const slug = title.toLowerCase().replaceAll(" ", "-");
  const request = requests[name];
  return {
    name,
    title,
    method,
    path,
    ids: [...path.matchAll(/\{(\w+)\}/g)].map(([, id]) => id),
    argument: request && argument,
    isList: argument === "options",
    request,
    fields: request?.fields ?? [],
    version,
    documentation: `https://learn.microsoft.com/rest/api/communication/chat/${group}/${slug}`,
    ...rest,
  };
}

export const operationOf = (name) => operations.find((operation) => operation.name === name);

/** Returns the operations that contain all words of the query, in their names, titles or paths. */
export function searchOperations(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter(({ name, title, method, path }) => {
    const text = `${name} ${title} ${method} ${path}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
