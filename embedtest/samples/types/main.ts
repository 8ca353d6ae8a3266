import { initialize, createClient, newIdempotencyToken, ChatError, version } from "acschat";
import "acschat/wasm_exec.js";
import { listen } from "acschat/emulator/node";
import type { ListeningEmulator } from "acschat/emulator/node";
import { initialize as initializeSlim } from "acschat/slim";
import type { ChatClient, ChatErrorCode, ChatMessage, Conversation, ConversationMessage, ClientOptions, CommunicationIdentifierModel } from "acschat";

/** Sends a text exactly once, also across reloads. Returns the message's id. */
export async function send(client: ChatClient, threadId: string, draft: { text: string; token?: string }): Promise<string> {
  draft.token ??= newIdempotencyToken();
  try {
    const { id } = await client.sendMessage(threadId, { content: draft.text, type: "text" }, { idempotencyToken: draft.token });
    return id;
  } catch (error) {
    if (error instanceof ChatError) throw new Error(explain(error.code), { cause: error });
    throw error;
  }
}

// Compiles only if the switch covers all codes.
function explain(code: ChatErrorCode): string {
  switch (code) {
    case "DeliveryUnknown":
      return "It may have arrived.";
    case "BadRequest": case "Unauthorized": case "Forbidden": case "NotFound": case "TooManyRequests": case "ServiceUnavailable": case "HttpError":
      return "The service has refused it.";
    case "NetworkError": case "Timeout": case "ParseError":
      return "There was no answer.";
    case "InvalidArgument": case "TokenError": case "LoadError": case "NotInitialized": case "Closed": case "InternalError":
    case "Cancelled": case "Expired": case "StorageError":
      return "It was not sent.";
  }
}

function authorOf({ senderDisplayName, senderCommunicationIdentifier }: ChatMessage): string | undefined {
  const identifier: CommunicationIdentifierModel | undefined = senderCommunicationIdentifier;
  return senderDisplayName ?? identifier?.rawId;
}

export async function main(options: ClientOptions): Promise<void> {
  await initialize({ wasmURL: new URL("https://cdn.example/chat.wasm"), conversations: false });
  const client = createClient({ ...options, retry: false, token: async ({ forceRefresh, signal }) => String(forceRefresh && signal.aborted) });
  const { chatThread, invalidParticipants } = await client.createThread({ topic: version, participants: [{ communicationIdentifier: "8:acs:x" }] });
  for (const { target } of invalidParticipants) console.log(target?.toUpperCase());
  for await (const message of client.listMessages(chatThread.id, { maxPageSize: 50 })) console.log(authorOf(message), message.content?.message);
  for await (const { value, nextLink } of client.listThreads().byPage()) console.log(value.map(({ topic }) => topic), nextLink?.length);
  // @ts-expect-error: an unknown option
  createClient({ ...options, tokens: "x" });
  // @ts-expect-error: both sources
  await initialize({ wasmURL: "chat.wasm", wasmModule: new WebAssembly.Module(new Uint8Array()) });
  await initialize({ integrity: "sha384-x" });
  await initialize({ integrity: { "chat.wasm": "sha384-x" } });
  // @ts-expect-error: a compiled module has no hash
  await initialize({ wasmModule: new WebAssembly.Module(new Uint8Array()), integrity: "sha384-x" });
  // @ts-expect-error: no content
  await client.sendMessage(chatThread.id, { senderDisplayName: "Jane" });
  client.close();
}

/** Starts the client without chat.js. */
export async function startBare(instantiate: (imports: Go["importObject"]) => Promise<object>): Promise<void> {
  const go = new Go();
  go.run(await instantiate(go.importObject)).catch(console.error);
}

/** Retries the message that blocks the queue. Returns the texts of those that are not sent yet. */
export function retryFirst({ getSnapshot, retry }: Conversation): string[] {
  const { messages } = getSnapshot();
  const failed: ConversationMessage | undefined = messages.find(({ state }) => state === "failed");
  if (failed !== undefined) retry(failed.key);
  return messages.filter(({ state }) => state !== "sent").map(({ content }) => content?.message ?? "");
}

/** Starts an emulator with one user, who is in the result by name. */
export async function startEmulator(file: string): Promise<ListeningEmulator> {
  await initializeSlim({ conversations: false });
  const emulator = await listen({ users: ["jane"], port: 0, persist: file, events: ({ eventType }) => console.log(eventType) });
  await emulator.fail({ operation: "sendMessage", status: 503 });
  console.log(emulator.endpoint.length, emulator.users.jane?.token.length);
  const closed: Promise<void> = emulator.close();
  // @ts-expect-error: for pages
  await listen({ shared: "x" });
  await closed;
  return emulator;
}
