// Names that the samples of the documents use without declaring them: the page's own, and the package's where there is no import.

declare const initialize: typeof import("acschat").initialize;
declare const createClient: typeof import("acschat").createClient;
declare const newIdempotencyToken: typeof import("acschat").newIdempotencyToken;
declare const ChatError: typeof import("acschat").ChatError;

declare const client: import("acschat").ChatClient;
declare const wasmURL: string, url: string, endpoint: string, token: string, threadId: string, messageId: string, userId: string, content: string;
declare const openThreads: string[];
declare const signal: AbortSignal;
declare const draft: { text: string; token?: string };
declare let lastSeen: string, resumeHere: string | undefined;

declare function show(...what: unknown[]): void;
declare function showAsPerhapsSent(hint?: string): void;
declare function save(what: unknown): void;
declare function remove(what: unknown): void;
declare function renderConversation(): void;

// The imports of chat.wasm in bundlers. vite/client declares the first one.
declare module "*.wasm?url" {
  const url: string;
  export default url;
}
declare module "*.wasm" {
  const url: string;
  export default url;
}

declare module "https://*/emulator.js" {
  export * from "acschat/emulator";
}

// Packages that the samples mention and that are not installed here.
declare module "@playwright/test";
declare module "@vitest/browser-playwright";
declare module "vitest";
declare module "vitest/browser";
declare module "vitest/config";
declare module "*/src/chat.js"; // another sample
declare module "@azure/communication-chat";
declare const ChatClient: any, chatClient: any, AzureCommunicationTokenCredential: any, credential: any, tokenRefresher: any;
declare const AbortError: any, RestError: any, createHttpHeaders: any;
