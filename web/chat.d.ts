// Types and reference of chat.js: Azure Communication Services Chat for web pages.
//
// The names are the REST documentation's. All sixteen operations of its stable versions are here; the three for images,
// which 2024-03-15-preview alone has, are left out.
//
// In the samples client, threadId, messageId, userId (a raw id), signal and show are the page's own.

/** The version of this client. */
export const version: string;

/**
 * Loads the client and starts it. Until the promise is fulfilled, `createClient` throws.
 *
 * Calling it again gives the same promise, or `InvalidArgument` where the options differ. After a failure it can be
 * tried again. The message of a `LoadError` names the address, status, MIME type, or what the page's
 * Content-Security-Policy lacks.
 *
 * Codes: LoadError, InvalidArgument.
 *
 * ```js
 * await initialize();
 * ```
 */
export function initialize(options?: InitializeOptions): Promise<void>;

export type InitializeOptions =
  | {
      /**
       * Where chat.wasm is, by default beside chat.js. A relative address is relative to the page, in a worker to its
       * script, in a worker made of a blob to its origin. In Node it has to be absolute, and may be a file: URL.
       */
      wasmURL?: string | URL;
      wasmModule?: undefined;
    }
  | {
      wasmURL?: undefined;
      /** A compiled chat.wasm, for hosts that cannot fetch it. */
      wasmModule: CompiledModule;
    };

/** A WebAssembly.Module, in projects that have its type. Node's own types do not. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object;

/**
 * Makes a token for sendMessage's option idempotencyToken, to be kept beside the draft of a message until it is sent: a
 * version 7 UUID, whose time says how far back a look-up has to go.
 *
 * Codes: NotInitialized, InternalError.
 *
 * ```js
 * const idempotencyToken = newIdempotencyToken();
 * ```
 */
export function newIdempotencyToken(): string;

/**
 * Makes a client of one user of one resource. It throws a `ChatError` where it cannot.
 *
 * Codes: NotInitialized, InvalidArgument, InternalError.
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
   * A user access token of that resource, without "Bearer" and any JSON around it (RFC 6750 allows letters, digits and
   * -._~+/, and = at the end); or a function that gives one. It is called at first use and,
   * with forceRefresh, up to two minutes before the token expires, where the token tells when, and after the service has
   * refused it; the call that was refused is then repeated, once. It is called once for any number of calls that wait for
   * it. Its signal is aborted when nobody waits for the answer any longer.
   */
  token: string | ((request: { forceRefresh: boolean; signal: AbortSignal }) => string | Promise<string>);
}

/** Options that a client has for all of its calls, and a call for itself. */
export interface CallDefaults {
  /**
   * The api-version of the REST API. By default createThread has 2024-03-07, addParticipants and sendMessage have
   * 2024-03-15-preview, as in the documents they were made from, and all others 2025-03-15. For production
   * "2025-03-15" is advised, for all.
   */
  apiVersion?: "2024-03-07" | "2024-03-15-preview" | "2025-03-15" | (string & {});
  /**
   * Milliseconds for one attempt, and for the wait for a token. Default 30000. If the page was suspended meanwhile, what has
   * arrived still counts: the wait ends a second after the page goes on.
   */
  timeoutMs?: number;
  /** Milliseconds for a call with everything it takes; of a list for each page. Default 120000. */
  totalTimeoutMs?: number;
  /** Used in place of the page's fetch. It must give a `Response`, and none from a cache: reads have cache: "no-store". */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Told of every attempt after the fact. What it throws is reported as an uncaught error. */
  onExchange?: (exchange: Exchange) => void;
  /**
   * How often a request is sent again that did not succeed, and after what pauses; false for never. Requests are repeated
   * after a network failure, a time-out, 408, 500, 502, 503 and 504 where that is safe: all but typing notifications and
   * messages. After a 429, messages are, too: nothing was stored. Where Retry-After can be read, that is the pause.
   */
  retry?: false | RetryOptions;
  /**
   * Milliseconds after which a request is not stored any more whose attempt ended without an answer. sendMessage with an
   * idempotencyToken waits that long before it sends again, and a write before it follows an earlier one to the same target
   * whose outcome is unknown. For watchMessages: how late a change may become visible and still be given. Default 5000.
   */
  settleMs?: number;
  /**
   * false leaves the documented limits of size to the service. Default true: beyond them is `InvalidArgument`. In any case an
   * argument whose texts are together longer than 1,048,576 characters is `InvalidArgument`, each member counting 16 more.
   */
  checkLimits?: boolean;
}

export interface RetryOptions {
  /** Beside the first attempt. Default 3. */
  maxRetries?: number;
  /** A pause is drawn from 0 up to this, which doubles with each retry. Default 800. */
  baseDelayMs?: number;
  /** Up to this. Default 30000. */
  maxDelayMs?: number;
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

export interface SendMessageOptions extends CallOptions {
  /**
   * Sends the message exactly once. The token is kept in its metadata, as "acschat.idempotencyToken". After an attempt
   * whose outcome is not known the client looks for it among the newest messages, and sends again only if it is not there.
   *
   * true makes a token for this call. One of your own, kept beside the draft, does the same across reloads, tabs and clients:
   * it is looked for before the first attempt, and calls with it take turns. At least 16 characters; recommended:
   * newIdempotencyToken().
   */
  idempotencyToken?: true | string;
}

export interface ListChatThreadsOptions extends CallOptions {
  /** From 1; the service may make pages smaller. By default it decides. A page of more than 8 MiB is a `ParseError`. */
  maxPageSize?: number;
  /** RFC 3339; the earliest of the threads to list. */
  startTime?: string | Date;
}

export interface ListChatMessagesOptions extends CallOptions {
  /**
   * From 1 to 200. By default the service decides, and has been seen to choose 10. A page of more than 8 MiB is a
   * `ParseError`: 200 messages of 28 KB can be as long.
   */
  maxPageSize?: number;
  /** RFC 3339; the earliest of the messages to list. */
  startTime?: string | Date;
}

export interface ListChatParticipantsOptions extends CallOptions {
  /** From 1; the service may make pages smaller. By default it decides. A page of more than 8 MiB is a `ParseError`. */
  maxPageSize?: number;
  /** So many are left out at the beginning. Default 0. */
  skip?: number;
}

export interface ListChatReadReceiptsOptions extends CallOptions {
  /** From 1; the service may make pages smaller. By default it decides. A page of more than 8 MiB is a `ParseError`. */
  maxPageSize?: number;
  /** So many are left out at the beginning. Default 0. */
  skip?: number;
}

/** Where a watch begins: without either of the first two, at the service's first answer. At most one may be given. */
export interface WatchMessagesOptions extends CallOptions {
  /** Everything that has changed after this message was sent. "0" begins with all that there is. */
  sinceMessageId?: string;
  /** The highest `version` seen: exactly the changes with a higher one. What appears late with a lower one is missed. */
  sinceVersion?: string;
  /** The shortest wait between two questions, in milliseconds. Default 2000; less than 300 counts as 300. */
  intervalMs?: number;
}

/**
 * Methods may be taken off the client and called alone. All but lists and close return a promise, which rejects with a
 * `ChatError`; that of an operation without a result is fulfilled with undefined.
 */
export interface ChatClient {
  /**
   * Creates a chat thread, with the caller in it. Participants whom the service rejects are reported in
   * invalidParticipants; the thread is created all the same.
   *
   * A user may create 10 threads in 10 s.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, ParseError, Closed, InternalError.
   *
   * ```js
   * const { chatThread, invalidParticipants } = await client.createThread({
   *   topic: "Lunch",
   *   participants: [{ communicationIdentifier: userId, displayName: "Alex" }],
   * });
   * ```
   *
   * REST: Chat - Create Chat Thread.
   */
  createThread(request: CreateChatThreadRequest, options?: CreateThreadOptions): Promise<CreateChatThreadResult>;

  /**
   * Lists the threads that the caller is in.
   *
   * A user may ask for 50 pages in 10 s.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, ParseError, Closed, InternalError.
   *
   * ```js
   * for await (const { id, topic } of client.listThreads()) show(id, topic);
   * ```
   *
   * REST: Chat - List Chat Threads.
   */
  listThreads(options?: ListChatThreadsOptions): PagedAsyncIterable<ChatThreadItem, ChatThreadsItemCollection>;

  /**
   * Gets the properties of a thread.
   *
   * A user may do so 50 times in 10 s.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, ParseError, Closed, InternalError.
   *
   * ```js
   * const { topic, createdOn } = await client.getThread(threadId);
   * ```
   *
   * REST: Chat Thread - Get Chat Thread Properties.
   */
  getThread(threadId: string, options?: CallOptions): Promise<ChatThreadProperties>;

  /**
   * Changes properties of a thread. What the request does not have stays as it is.
   *
   * A thread may be updated 5 times in 10 s.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.updateThread(threadId, { topic: "Dinner", metadata: { place: "canteen" } });
   * ```
   *
   * REST: Chat Thread - Update Chat Thread Properties.
   */
  updateThread(threadId: string, request: UpdateChatThreadRequest, options?: CallOptions): Promise<void>;

  /**
   * Deletes a thread, for good. If it is refused after an attempt whose outcome is unknown, the client reads whether the
   * thread is gone.
   *
   * A user may delete 10 threads in 10 s.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.deleteThread(threadId);
   * ```
   *
   * REST: Chat - Delete Chat Thread.
   */
  deleteThread(threadId: string, options?: CallOptions): Promise<void>;

  /**
   * Sends a message to a thread.
   *
   * DeliveryUnknown means that the request may have arrived without an answer to tell. Without an idempotencyToken a lost
   * connection, a time-out, a 408, any 5xx, and a 2xx or 3xx without the message's id end in it: look at the thread before you send it again. With one, the client
   * looks by itself, and only what it cannot find out ends in it; call again with `error.idempotencyToken`.
   *
   * A thread takes 10 messages in 10 s, and 30 a minute.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, HttpError, TokenError,
   * NetworkError, Timeout, Closed, InternalError, DeliveryUnknown.
   *
   * ```js
   * const { id } = await client.sendMessage(threadId, { content: "Hi", senderDisplayName: "Jane" });
   * ```
   *
   * REST: Chat Thread - Send Chat Message.
   */
  sendMessage(threadId: string, request: SendChatMessageRequest, options?: SendMessageOptions): Promise<SendChatMessageResult>;

  /**
   * Lists the messages of a thread, the newest first. Messages that were edited or deleted move to the front; the
   * service's own, such as that of who was added, are among them.
   *
   * In a thread a user may ask for 50 pages in 10 s and 200 a minute, and all who are in it together for 250 and 400.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, ParseError, Closed, InternalError.
   *
   * ```js
   * for await (const { type, content } of client.listMessages(threadId, { maxPageSize: 50 })) {
   *   if (type === "text") show(content?.message);
   * }
   * ```
   *
   * REST: Chat Thread - List Chat Messages.
   */
  listMessages(threadId: string, options?: ListChatMessagesOptions): PagedAsyncIterable<ChatMessage, ChatMessagesCollection>;

  /**
   * Gets a message.
   *
   * A user may do so 50 times in 10 s in a thread, and all who are in it together 250 times.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, ParseError, Closed, InternalError.
   *
   * ```js
   * const { content, editedOn } = await client.getMessage(threadId, messageId);
   * ```
   *
   * REST: Chat Thread - Get Chat Message.
   */
  getMessage(threadId: string, messageId: string, options?: CallOptions): Promise<ChatMessage>;

  /**
   * Edits a message, which only its sender may. What the request does not have stays as it is.
   *
   * A thread takes 10 edits in 10 s, and 30 a minute.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.updateMessage(threadId, messageId, { content: "Hi, all", metadata: { draft: "" } });
   * ```
   *
   * REST: Chat Thread - Update Chat Message.
   */
  updateMessage(threadId: string, messageId: string, request: UpdateChatMessageRequest, options?: CallOptions): Promise<void>;

  /**
   * Deletes a message, which only its sender may. It stays in the list, without its content and with deletedOn.
   *
   * A thread takes 10 deletions in 10 s, and 30 a minute.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.deleteMessage(threadId, messageId);
   * ```
   *
   * REST: Chat Thread - Delete Chat Message.
   */
  deleteMessage(threadId: string, messageId: string, options?: CallOptions): Promise<void>;

  /**
   * Adds participants to a thread, which has room for 250. Who is in it already stays as is; whom the service rejects is
   * reported in invalidParticipants.
   *
   * A thread takes 10 such calls in 10 s, and 30 a minute.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, ParseError, Closed, InternalError.
   *
   * ```js
   * const { invalidParticipants } = await client.addParticipants(threadId, {
   *   participants: [{ communicationIdentifier: userId, displayName: "Bob", shareHistoryTime: new Date() }],
   * });
   * ```
   *
   * REST: Chat Thread - Add Chat Participants.
   */
  addParticipants(threadId: string, request: AddChatParticipantsRequest, options?: CallOptions): Promise<AddChatParticipantsResult>;

  /**
   * Lists the participants of a thread.
   *
   * In a thread a user may ask for 10 pages in 10 s, and all who are in it together for 250.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, ParseError, Closed, InternalError.
   *
   * ```js
   * for await (const { communicationIdentifier, displayName } of client.listParticipants(threadId)) {
   *   show(displayName ?? communicationIdentifier.rawId);
   * }
   * ```
   *
   * REST: Chat Thread - List Chat Participants.
   */
  listParticipants(threadId: string, options?: ListChatParticipantsOptions): PagedAsyncIterable<ChatParticipant, ChatParticipantsCollection>;

  /**
   * Removes a participant from a thread, who may be the caller. Who was removed can still read what was there before.
   * If leaving is refused after an attempt whose outcome is unknown, the client reads whether the caller is still there.
   *
   * A thread takes 10 such calls in 10 s, and 30 a minute.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.removeParticipant(threadId, userId);
   * ```
   *
   * REST: Chat Thread - Remove Chat Participant.
   */
  removeParticipant(threadId: string, identifier: CommunicationIdentifier, options?: CallOptions): Promise<void>;

  /**
   * Tells the others in a thread that the caller is typing. The service does not support it in threads of more than 20.
   *
   * A user may do so 5 times in 10 s and 15 a minute in a thread, and all who are in it together 10 and 30 times: not
   * with every key.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.sendTypingNotification(threadId, { senderDisplayName: "Jane" });
   * ```
   *
   * REST: Chat Thread - Send Typing Notification.
   */
  sendTypingNotification(threadId: string, request?: SendTypingNotificationRequest, options?: CallOptions): Promise<void>;

  /**
   * Tells the others in a thread up to which message the caller has read. The service does not support it in threads of
   * more than 20.
   *
   * A user may do so 10 times in 10 s, and 30 a minute, in a thread.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.sendReadReceipt(threadId, { chatMessageId: messageId });
   * ```
   *
   * REST: Chat Thread - Send Chat Read Receipt.
   */
  sendReadReceipt(threadId: string, request: SendReadReceiptRequest, options?: CallOptions): Promise<void>;

  /**
   * Lists the latest read receipt of each participant, the caller's own included.
   *
   * In a thread a user may ask for 5 pages in 10 s, and all who are in it together for 100.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, ParseError, Closed, InternalError.
   *
   * ```js
   * for await (const { senderCommunicationIdentifier, chatMessageId } of client.listReadReceipts(threadId)) {
   *   show(senderCommunicationIdentifier.rawId, chatMessageId);
   * }
   * ```
   *
   * REST: Chat Thread - List Chat Read Receipts.
   */
  listReadReceipts(threadId: string, options?: ListChatReadReceiptsOptions): PagedAsyncIterable<ChatMessageReadReceipt, ChatMessageReadReceiptsCollection>;

  /**
   * Watches a thread: gives messages that are sent, edited (with editedOn) or deleted (with deletedOn), each change
   * once, the oldest first, the caller's own and the service's included. Of several changes of one message between two
   * questions to the service it gives the last. A change that becomes visible up to settleMs after one with a higher
   * version is given when it appears. It goes on until it is left, or its signal is aborted; each iteration begins anew.
   *
   * To resume later, keep the highest `version` and give it as sinceVersion. Late changes below it may be missed then.
   *
   * It asks again and again, since the protocol by which the service pushes changes is not published, and only while
   * something waits for its next message. How long it waits in between: intervalMs, or 300 ms for each participant where
   * that is longer, because all in a thread share one limit; up to 10 s when nothing happens, a minute while the page is
   * hidden, up to 30 s after failures, or as long as the service asks.
   *
   * It lives through failures that may pass: NetworkError, Timeout, TooManyRequests, 408 and 5xx for any time;
   * TokenError, ParseError and, with a token callback, Unauthorized five times in a row. totalTimeoutMs has no effect.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, HttpError, TokenError, ParseError, Closed,
   * InternalError.
   *
   * ```js
   * for await (const message of client.watchMessages(threadId, { sinceMessageId: messageId, signal })) {
   *   if (message.deletedOn) show(message.id, "was deleted");
   *   else show(message.id, message.content?.message);
   * }
   * ```
   *
   * REST: Chat Thread - List Chat Messages, and List Chat Participants to count them.
   */
  watchMessages(threadId: string, options?: WatchMessagesOptions): AsyncIterable<ChatMessage>;

  /**
   * Ends every call under way with code Closed, or DeliveryUnknown if its message may have been sent before, and forgets the token. A closed client stays closed. A message that was
   * being sent may have arrived.
   *
   * ```js
   * client.close();
   * ```
   */
  close(): void;
}

/**
 * A list: it can be iterated over with `for await`, item by item, any number of times, and each time asks the service
 * anew. Pages are asked for as they are needed; each is a call of its own. Whatever fails, bad arguments included,
 * rejects the `next()` that needs it. Leaving the loop ends the call under way.
 *
 * If the service's nextLinks lead in a circle or to another origin, the pages before are given and then the list ends in
 * `ParseError`. A circle may be gone through up to three times before it is noticed.
 */
export interface PagedAsyncIterable<Item, Page> extends AsyncIterable<Item> {
  /**
   * The same, page by page: from where a page's nextLink leads, which is followed as it stands, in place of maxPageSize
   * and the like; without it from the beginning. A nextLink of yours to another origin is `InvalidArgument`.
   *
   * ```js
   * let bookmark;
   * for await (const { value, nextLink } of client.listMessages(threadId, { maxPageSize: 20 }).byPage()) {
   *   show(value);
   *   bookmark = nextLink; // undefined on the last page
   *   break;
   * }
   * // and later, to go on: client.listMessages(threadId).byPage({ nextLink: bookmark })
   * ```
   */
  byPage(settings?: { nextLink?: string | undefined }): AsyncIterable<Page>;
}

export interface ChatThreadsItemCollection {
  value: ChatThreadItem[];
  /** Where the next page is; absent on the last. */
  nextLink?: string;
}

export interface ChatMessagesCollection {
  value: ChatMessage[];
  /** Where the next page is; absent on the last. */
  nextLink?: string;
}

export interface ChatParticipantsCollection {
  value: ChatParticipant[];
  /** Where the next page is; absent on the last. */
  nextLink?: string;
}

export interface ChatMessageReadReceiptsCollection {
  value: ChatMessageReadReceipt[];
  /** Where the next page is; absent on the last. */
  nextLink?: string;
}

/** A user, or another party of a conversation, as requests may name one: by an object, its rawId, or that text alone. */
export type CommunicationIdentifier = string | Partial<CommunicationIdentifierModel>;

/**
 * The same as the service writes it. At most one of the objects is there; a kind that this version does not know has its
 * rawId alone.
 */
export interface CommunicationIdentifierModel {
  /** As in `8:acs:<resource>_<user>`. */
  rawId: string;
  /** The name of the object. The service does not insist on it, and seldom sends it. */
  kind?: "unknown" | "communicationUser" | "phoneNumber" | "microsoftTeamsUser" | "microsoftTeamsApp" | "teamsExtensionUser" | (string & {});
  communicationUser?: CommunicationUserIdentifierModel;
  phoneNumber?: PhoneNumberIdentifierModel;
  microsoftTeamsUser?: MicrosoftTeamsUserIdentifierModel;
  microsoftTeamsApp?: MicrosoftTeamsAppIdentifierModel;
  /** api-version 2025-03-15 only. */
  teamsExtensionUser?: TeamsExtensionUserIdentifierModel;
}

/** A user of a Communication Services resource. */
export interface CommunicationUserIdentifierModel {
  /** The raw id. */
  id: string;
}

export interface PhoneNumberIdentifierModel {
  /** As in +14255550123. */
  value: string;
  /** api-version 2025-03-15 only. */
  isAnonymous?: boolean;
  /** api-version 2025-03-15 only. */
  assertedId?: string;
}

export interface MicrosoftTeamsUserIdentifierModel {
  userId: string;
  /** Default false. */
  isAnonymous?: boolean;
  cloud?: CommunicationCloudEnvironment;
}

export interface MicrosoftTeamsAppIdentifierModel {
  appId: string;
  cloud?: CommunicationCloudEnvironment;
}

/** A user of Microsoft Teams who acts through a Communication Services resource. */
export interface TeamsExtensionUserIdentifierModel {
  userId: string;
  tenantId: string;
  resourceId: string;
  cloud?: CommunicationCloudEnvironment;
}

/** By default public. */
export type CommunicationCloudEnvironment = "public" | "dod" | "gcch" | (string & {});

/** A participant of a thread. */
export interface ChatParticipant {
  communicationIdentifier: CommunicationIdentifierModel;
  displayName?: string;
  /** RFC 3339; from when on the participant sees the thread's history. Of one who sees all of it, 1970. */
  shareHistoryTime?: string;
  metadata?: Record<string, string>;
}

/** A participant to be added. */
export interface ChatParticipantRequest {
  communicationIdentifier: CommunicationIdentifier;
  displayName?: string;
  /** RFC 3339; from when on the participant sees the thread's history. By default all of it. */
  shareHistoryTime?: string | Date;
  /** At most 1 KB in all. Not in api-version 2024-03-07, which is createThread's default. */
  metadata?: Record<string, string>;
}

export interface CreateChatThreadRequest {
  topic: string;
  /** At most 200, beside the caller. */
  participants?: readonly ChatParticipantRequest[];
  /** At most 1 KB in all. Not in api-version 2024-03-07, which is createThread's default. */
  metadata?: Record<string, string>;
  /** Not in api-version 2024-03-07, which is createThread's default. */
  retentionPolicy?: ChatRetentionPolicy;
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
  /** RFC 3339; of a thread that was deleted. */
  deletedOn?: string;
  /** Not in api-version 2024-03-07, which is createThread's default. */
  metadata?: Record<string, string>;
  /** Not in api-version 2024-03-07, which is createThread's default. Later versions may have further kinds. */
  retentionPolicy?: ChatRetentionPolicy;
}

export interface ChatThreadItem {
  id: string;
  topic: string;
  /** RFC 3339; of a thread that was deleted. */
  deletedOn?: string;
  /** RFC 3339. Not reliably the time of the newest message. */
  lastMessageReceivedOn?: string;
}

/** Strings must not be empty. */
export interface UpdateChatThreadRequest {
  topic?: string;
  /** Names that are not in it stay as they are. At most 1 KB in all. Not in api-version 2024-03-07. */
  metadata?: Record<string, string>;
  /** Not in api-version 2024-03-07. */
  retentionPolicy?: ChatRetentionPolicy;
}

/** When the service deletes a thread by itself. */
export type ChatRetentionPolicy = ThreadCreationDateRetentionPolicy | NoneRetentionPolicy;

/** So many days after the thread was created. */
export interface ThreadCreationDateRetentionPolicy {
  kind: "threadCreationDate";
  /** From 30 to 90. */
  deleteThreadAfterDays: number;
}

/** Never. api-version 2025-03-15 only. */
export interface NoneRetentionPolicy {
  kind: "none";
}

export interface AddChatParticipantsRequest {
  /** From 1 to 200. */
  participants: readonly ChatParticipantRequest[];
}

export interface AddChatParticipantsResult {
  /** Who was not added, and why. Empty when all were. */
  invalidParticipants: CommunicationError[];
}

export interface SendChatMessageRequest {
  /** At most 28 KB of UTF-8. */
  content: string;
  /** Shown in push notifications. */
  senderDisplayName?: string;
  /** Default "text". A reader of html messages should sanitise them. */
  type?: "text" | "html";
  metadata?: Record<string, string>;
  /** Conversations with Microsoft Teams only, and only in api-version 2024-03-15-preview, which is sendMessage's default. */
  attachments?: readonly ChatAttachment[];
}

export interface SendChatMessageResult {
  id: string;
}

/** Strings must not be empty, nor attachments. */
export interface UpdateChatMessageRequest {
  /** At most 28 KB of UTF-8. */
  content?: string;
  /** The value "" removes a name. */
  metadata?: Record<string, string>;
  /** Conversations with Microsoft Teams only, and only in api-version 2024-03-15-preview. */
  attachments?: readonly ChatAttachment[];
}

export interface ChatMessage {
  /** The time it was sent, in milliseconds since 1970. */
  id: string;
  type: ChatMessageType;
  /** A whole number; it grows with every message and every change. */
  sequenceId: string;
  /** The time of the last change, in milliseconds since 1970: the higher, the newer. */
  version: string;
  content?: ChatMessageContent;
  senderDisplayName?: string;
  /** RFC 3339. */
  createdOn: string;
  /** Absent from the service's own messages. */
  senderCommunicationIdentifier?: CommunicationIdentifierModel;
  /** RFC 3339; of a message that was deleted. */
  deletedOn?: string;
  /** RFC 3339; of a message that was edited. */
  editedOn?: string;
  metadata?: Record<string, string>;
}

/** Users send text and html; the others are the service's own. */
export type ChatMessageType = "text" | "html" | "topicUpdated" | "participantAdded" | "participantRemoved" | (string & {});

export interface ChatMessageContent {
  /** Of a user's message; empty in one that was deleted. A reader of html messages should sanitise them. */
  message?: string;
  /** Of topicUpdated. */
  topic?: string;
  /** Of participantAdded and participantRemoved. */
  participants?: ChatParticipant[];
  attachments?: ChatAttachment[];
  /** Who was behind a message of the service's own. */
  initiatorCommunicationIdentifier?: CommunicationIdentifierModel;
}

export interface ChatAttachment {
  id: string;
  attachmentType: "image" | "file";
  name?: string;
  url?: string;
  previewUrl?: string;
}

export interface SendTypingNotificationRequest {
  /** Shown in push notifications. */
  senderDisplayName?: string;
}

export interface SendReadReceiptRequest {
  /** The latest message that was read. */
  chatMessageId: string;
}

export interface ChatMessageReadReceipt {
  senderCommunicationIdentifier: CommunicationIdentifierModel;
  chatMessageId: string;
  /** RFC 3339. */
  readOn: string;
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
  /** 403: not a participant, another's message, a token of another resource, or one whose scope does not suffice. */
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
  /** The token callback gave none, or what cannot be one, such as the text of a JSON answer. */
  | "TokenError"
  /** No answer that could be read. With `attempts` 0 the browser was offline, and nothing was sent. */
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
  /** A bug of this client, or its program has ended. A message that was handed to fetch before is `DeliveryUnknown` instead. */
  | "InternalError";

/**
 * What every promise of this module rejects with, but for the reason of an aborted signal.
 *
 * ```js
 * try {
 *   await client.sendMessage(threadId, { content: "Hi" });
 * } catch (error) {
 *   if (!(error instanceof ChatError)) throw error;
 *   show(error.code, error.message, error.hint);
 * }
 * ```
 */
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
  /** How many requests the call has sent. */
  readonly attempts: number;
  /** Of `DeliveryUnknown`, and of a send that was closed, the token of the message: the same call with it finds out. */
  readonly idempotencyToken?: string;
  /**
   * What led to it: the TypeError of fetch, what the token callback threw, or another ChatError. If a write is refused after an
   * attempt whose outcome is unknown, the error of that attempt.
   */
  readonly cause?: unknown;
}

/** One attempt of a call, after the fact. It holds no token: "[redacted]" stands where it was, in bodies, too. Results keep it. */
export interface Exchange {
  operation: string;
  /** The call's number in its client. Each page of a list is a call, as is the wait for each batch of a watch's changes. */
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
  /** How the call goes on: it has ended, or sends another request, asks for a token, or waits before it does. */
  next: "done" | "failed" | "send" | "token" | "wait";
}
