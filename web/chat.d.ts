// Types and reference of chat.js: Azure Communication Services Chat for web pages.

/** The version of this client. */
export const version: string;

/**
 * Loads the client and starts it. Until the promise is fulfilled, `createClient` throws.
 *
 * Calling it again gives the same promise, or `InvalidArgument` where the options differ. After a failure it can be
 * tried again.
 *
 * Rejects with `LoadError` (the message names the address, status, MIME type, or what the page's
 * Content-Security-Policy lacks) or `InvalidArgument`.
 *
 * ```js
 * await initialize();
 * ```
 */
export function initialize(options?: InitializeOptions): Promise<void>;

export type InitializeOptions =
  | {
      /** Where chat.wasm is, by default beside chat.js. A relative address is relative to the page. */
      wasmURL?: string | URL;
      wasmModule?: undefined;
    }
  | {
      wasmURL?: undefined;
      /** A compiled chat.wasm, for hosts that cannot fetch it. */
      wasmModule: WebAssembly.Module;
    };

/**
 * Makes a client of one user of one resource.
 *
 * Throws a `ChatError` with code `NotInitialized` or `InvalidArgument`.
 *
 * ```js
 * const client = createClient({ endpoint: "https://contoso.communication.azure.com", token });
 * ```
 */
export function createClient(options: ClientOptions): ChatClient;

export interface ClientOptions extends CallDefaults {
  /** The resource's endpoint: https, or http on this machine only. */
  endpoint: string;
  /**
   * A user access token of that resource, without "Bearer"; or a function that gives one. It is called at first use and,
   * with forceRefresh, by the first call after one whose token the service refused; that one fails. It is called once for
   * any number of calls that wait for it. Its signal is aborted when nobody waits for the answer any longer.
   */
  token: string | ((request: { forceRefresh: boolean; signal: AbortSignal }) => string | Promise<string>);
}

/** Options that a client has for all of its calls, and a call for itself. */
export interface CallDefaults {
  /**
   * The api-version of the REST API. By default that of each operation's document: createThread 2024-03-07,
   * addParticipants and sendMessage 2024-03-15-preview. For production "2025-03-15" is advised.
   */
  apiVersion?: "2024-03-07" | "2024-03-15-preview" | "2025-03-15" | (string & {});
  /** Milliseconds for one attempt, and for the wait for a token. Default 30000. */
  timeoutMs?: number;
  /** Milliseconds for a call with everything it takes. Default 120000. */
  totalTimeoutMs?: number;
  /** Used in place of the page's fetch. It must give a `Response`. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Told of every attempt after the fact. What it throws is reported as an uncaught error. */
  onExchange?: (exchange: Exchange) => void;
  /** Accepted and checked, without effect yet: this version makes one attempt. */
  retry?: false | { maxRetries?: number; baseDelayMs?: number; maxDelayMs?: number };
  /** Accepted and checked, without effect yet. */
  settleMs?: number;
  /** false leaves the documented limits of size to the service. Default true: beyond them is `InvalidArgument`. */
  checkLimits?: boolean;
}

export interface CallOptions extends CallDefaults {
  /**
   * Ends the call at any moment. Its promise then rejects with the signal's own reason, unchanged. A message that was
   * being sent may have arrived.
   */
  signal?: AbortSignal;
}

export interface CreateThreadOptions extends CallOptions {
  /**
   * Sent as repeatability-request-id: requests with the same token make one thread, however often they arrive. By
   * choice a version 4 UUID; by default one is made for each call.
   */
  idempotencyToken?: string;
}

/** Methods may be taken off the client and called alone. Each returns a promise, and rejects with a `ChatError`. */
export interface ChatClient {
  /**
   * Creates a chat thread, with the caller in it. Participants whom the service rejects are reported in
   * invalidParticipants; the thread is created all the same.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, TooManyRequests, ServiceUnavailable, HttpError,
   * TokenError, NetworkError, Timeout, ParseError, Closed, InternalError.
   *
   * ```js
   * const { chatThread, invalidParticipants } = await client.createThread({
   *   topic: "Lunch",
   *   participants: [{ communicationIdentifier: "8:acs:…", displayName: "Alex" }],
   * });
   * ```
   *
   * REST: Chat - Create Chat Thread.
   */
  createThread(request: CreateChatThreadRequest, options?: CreateThreadOptions): Promise<CreateChatThreadResult>;

  /**
   * Adds participants to a thread. Who is in it already stays as is; whom the service rejects is reported in
   * invalidParticipants.
   *
   * Codes: as createThread, and NotFound.
   *
   * ```js
   * const { invalidParticipants } = await client.addParticipants(chatThread.id, {
   *   participants: [{ communicationIdentifier: "8:acs:…", displayName: "Bob", shareHistoryTime: "2026-01-01T00:00:00Z" }],
   * });
   * ```
   *
   * REST: Chat Thread - Add Chat Participants.
   */
  addParticipants(threadId: string, request: AddChatParticipantsRequest, options?: CallOptions): Promise<AddChatParticipantsResult>;

  /**
   * Sends a message to a thread.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, HttpError, TokenError,
   * Timeout (before anything was sent), ParseError, Closed, InternalError; and DeliveryUnknown when the request may
   * have arrived without an answer to tell: look at the thread before you send it again.
   *
   * ```js
   * const { id } = await client.sendMessage(chatThread.id, { content: "Hi", senderDisplayName: "Jane" });
   * ```
   *
   * REST: Chat Thread - Send Chat Message.
   */
  sendMessage(threadId: string, request: SendChatMessageRequest, options?: CallOptions): Promise<SendChatMessageResult>;

  /**
   * Ends every call under way with code Closed, and forgets the token. A closed client stays closed. A message that was
   * being sent may have arrived.
   */
  close(): void;
}

/**
 * A user, or another party of a conversation. At most one of the objects is there, and in a request that one, or rawId,
 * is enough. A kind that this version does not know has its rawId alone.
 */
export interface CommunicationIdentifierModel {
  /** As in `8:acs:<resource>_<user>`. Responses always have it. */
  rawId?: string;
  /** The name of the object. The service does not insist on it, and seldom sends it. */
  kind?: "unknown" | "communicationUser" | "phoneNumber" | "microsoftTeamsUser" | "microsoftTeamsApp" | "teamsExtensionUser" | (string & {});
  communicationUser?: { id: string };
  /** The last two in api-version 2025-03-15 only. */
  phoneNumber?: { value: string; isAnonymous?: boolean; assertedId?: string };
  microsoftTeamsUser?: { userId: string; isAnonymous?: boolean; cloud?: CommunicationCloudEnvironment };
  microsoftTeamsApp?: { appId: string; cloud?: CommunicationCloudEnvironment };
  /** api-version 2025-03-15 only. */
  teamsExtensionUser?: { userId: string; tenantId: string; resourceId: string; cloud?: CommunicationCloudEnvironment };
}

/** By default public. */
export type CommunicationCloudEnvironment = "public" | "dod" | "gcch" | (string & {});

export interface ChatParticipant {
  /** The identifier, or its raw id alone. */
  communicationIdentifier: CommunicationIdentifierModel | string;
  displayName?: string;
  /** RFC 3339; from when on the participant sees the thread's history. By default all of it. */
  shareHistoryTime?: string | Date;
  /** At most 1 KB in all. Not in api-version 2024-03-07, which is createThread's default. */
  metadata?: Record<string, string>;
}

export interface CreateChatThreadRequest {
  topic: string;
  /** At most 200. */
  participants?: readonly ChatParticipant[];
  /** At most 1 KB in all. Not in api-version 2024-03-07, which is createThread's default. */
  metadata?: Record<string, string>;
}

export interface CreateChatThreadResult {
  chatThread: ChatThreadProperties;
  /** Who was not added, and why. Empty when all were. */
  invalidParticipants: CommunicationError[];
}

export interface ChatThreadProperties {
  id: string;
  topic: string;
  /** RFC 3339. */
  createdOn: string;
  createdByCommunicationIdentifier: CommunicationIdentifierModel;
  deletedOn?: string;
  metadata?: Record<string, string>;
}

export interface AddChatParticipantsRequest {
  /** From 1 to 200. */
  participants: readonly ChatParticipant[];
}

export interface AddChatParticipantsResult {
  /** Who was not added, and why. Empty when all were. */
  invalidParticipants: CommunicationError[];
}

export interface SendChatMessageRequest {
  /** About 28 KB at most. */
  content: string;
  /** Shown in push notifications. */
  senderDisplayName?: string;
  /** Default "text". A reader of html messages should sanitise them. */
  type?: "text" | "html";
  metadata?: Record<string, string>;
  /** Conversations with Microsoft Teams only, and only in api-version 2024-03-15-preview, which is sendMessage's default. */
  attachments?: readonly ChatAttachment[];
}

export interface ChatAttachment {
  id: string;
  attachmentType: "image" | "file";
  name?: string;
  url?: string;
  previewUrl?: string;
}

export interface SendChatMessageResult {
  id: string;
}

/** The service's account of a failure, of a request or of one participant. */
export interface CommunicationError {
  /** Of a participant an HTTP status as text, as in "403". */
  code: string;
  message: string;
  /** Of a participant the raw id. */
  target?: string;
  details?: CommunicationError[];
  innererror?: CommunicationError;
}

/** What a `ChatError` is about. The list is closed. */
export type ChatErrorCode =
  /** 400. */
  | "BadRequest"
  /** 401: the token has expired, was revoked, or is none. */
  | "Unauthorized"
  /** 403: not a participant, a token of another resource, or one whose scope does not suffice. */
  | "Forbidden"
  /** 404. */
  | "NotFound"
  /** 429. */
  | "TooManyRequests"
  /** 503. */
  | "ServiceUnavailable"
  /** Any other status that is not the operation's success. */
  | "HttpError"
  /** Refused before anything was sent; `target` is the path of the field. */
  | "InvalidArgument"
  /** The token callback gave none. */
  | "TokenError"
  /** No answer that could be read. */
  | "NetworkError"
  /** No answer in time. */
  | "Timeout"
  /** A success whose body could not be read. */
  | "ParseError"
  /** A message that may or may not have arrived; `cause` says why that is not known. */
  | "DeliveryUnknown"
  /** The client could not be loaded. */
  | "LoadError"
  /** initialize() has not finished. */
  | "NotInitialized"
  /** The client was closed. */
  | "Closed"
  /** A bug of this client. */
  | "InternalError";

export class ChatError extends Error {
  readonly name: "ChatError";
  readonly code: ChatErrorCode;
  /** The operation, the status and the service's words. For people, and free to change. */
  readonly message: string;
  /** Likely causes, and the next step. */
  readonly hint?: string;
  /** The method that failed. */
  readonly operation?: string;
  /** The HTTP status, if there was an answer. */
  readonly status?: number;
  /** The code in the body of the answer, as it stood there. */
  readonly serviceCode?: string;
  /** Of `InvalidArgument` the path of the field, as in participants[0].displayName; else the service's word. */
  readonly target?: string;
  readonly details?: CommunicationError[];
  readonly innererror?: CommunicationError;
  /** Milliseconds that the service asks to wait, where it says so and the browser lets a page see it. */
  readonly retryAfterMs?: number;
  /** Requests that were sent, where any were. */
  readonly attempts?: number;
  /** What led to it: the TypeError of fetch, what the token callback threw, or another ChatError. */
  readonly cause?: unknown;
}

/** One attempt of a call, after the fact. It holds no token. */
export interface Exchange {
  operation: string;
  /** The call's number in its client. */
  callId: string;
  /** From 1. */
  attempt: number;
  method: string;
  url: string;
  /** With the token redacted. */
  requestHeaders: Record<string, string>;
  requestBody?: string;
  /** Absent without an answer. */
  status?: number;
  responseBody?: string;
  durationMs: number;
  /** How the attempt ended. */
  outcome: "success" | "aborted" | ChatErrorCode;
  /** How the call goes on. */
  next: "done" | "failed";
}
