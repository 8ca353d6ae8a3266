// The API of the official SDK, @azure/communication-chat 1.6.0, on this client. Types and reference: sdk.d.ts.

export { initialize } from "./sdk/connection.js";
export { ChatClient } from "./sdk/chat_client.js";
export { ChatThreadClient } from "./sdk/chat_thread_client.js";
