// Types and reference of chat.js: Azure Communication Services Chat for web pages.
//
// Names are those of the REST documentation. All sixteen operations of its stable versions are here. The three operations for
// images, which only 2024-03-15-preview has, are left out.
//
// In the samples, client, threadId, messageId, userId (a raw id), signal and show belong to the page.

/** The version of this client. */
export const version: string;

/**
 * Loads the client and starts it. Until the promise is fulfilled, `createClient` throws.
 *
 * The client has two modules: chat.wasm, and chat.conversation.wasm, which `openConversation`, `openInbox` and `forget` need. Both are
 * loaded at the same time. If the second one cannot be loaded, the promise is fulfilled all the same, and those methods throw the `LoadError`.
 *
 * If you call it again, it returns the same promise, or rejects with `InvalidArgument` if the options differ. After a failure you
 * can call it again. The message of a `LoadError` names the address, the status, the MIME type, the hash, or what the page's
 * Content-Security-Policy lacks.
 *
 * Codes: LoadError, InvalidArgument.
 *
 * ```js
 * await initialize();
 * ```
 */
export function initialize(options?: InitializeOptions): Promise<void>;

export type InitializeOptions = (
  | {
      /**
       * The address of chat.wasm. Default: beside chat.js. A relative address is relative to the page, in a worker to its
       * script, and in a worker that was created from a blob to its origin. In Node it must be absolute, and may be a file: URL.
       */
      wasmURL?: string | URL;
      wasmModule?: undefined;
      /**
       * Hashes of the modules, in the form of Subresource Integrity: "sha384-… sha384-…". Each module must have one of them, or it does not run. An
       * object stands for its values, so integrity.json of the package can be passed as it is. Only hashes of the strongest algorithm count. This needs
       * a secure context, such as https, and is not possible with compiled modules.
       */
      integrity?: string | Readonly<Record<string, string>>;
    }
  | {
      wasmURL?: undefined;
      /** A compiled chat.wasm, for platforms that cannot fetch it. */
      wasmModule: CompiledModule;
      integrity?: undefined;
    }
) & {
  /**
   * The address of chat.conversation.wasm, or the compiled module. It must be of the same build as chat.wasm. false: do not load it,
   * because the page opens no conversations and no inbox. That makes the download 81 KB smaller.
   *
   * Default: with a wasmURL beside that file, as X.conversation.wasm for X.wasm, otherwise beside chat.js.
   */
  conversations?: false | string | URL | CompiledModule;
};

/** A WebAssembly.Module, in projects that have this type. Node's own types do not have it. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object;

/**
 * Returns a token for sendMessage's option idempotencyToken. Keep it with the draft of a message until the message is sent.
 *
 * The token is a version 7 UUID. Its time says how far back a lookup must search.
 *
 * Codes: NotInitialized, InternalError.
 *
 * ```js
 * const idempotencyToken = newIdempotencyToken();
 * ```
 */
export function newIdempotencyToken(): string;

/**
 * Returns a client for one user of one resource, or throws a `ChatError`.
 *
 * Codes: NotInitialized, InvalidArgument, InternalError.
 *
 * ```js
 * const client = createClient({ endpoint: "https://contoso.communication.azure.com", token });
 * ```
 */
export function createClient(options: ClientOptions): ChatClient;

export interface ClientOptions extends CallDefaults {
  /** The resource's endpoint. It must be https. http is allowed on this machine only. */
  endpoint: string;
  /**
   * A user access token of that resource, or a function that returns one. Pass the bare token, without "Bearer" and without JSON
   * around it. RFC 6750 allows letters, digits and -._~+/, and = at the end.
   *
   * The client calls the function at first use. It calls it with forceRefresh up to two minutes before the token expires, if the
   * token says when, and after the service refused the token. After a refusal the client repeats the refused call, once. If several
   * calls wait for a token, the client calls the function once for all of them. It aborts signal when no call waits any longer.
   */
  token: string | ((request: { forceRefresh: boolean; signal: AbortSignal }) => string | Promise<string>);
}

/** Options of a client, for all its calls, and of a single call. */
export interface CallDefaults {
  /**
   * The api-version of the REST API. Recommended for production: "2025-03-15".
   *
   * Defaults differ per operation, because each uses the version of the document it was written from: createThread 2024-03-07,
   * addParticipants and sendMessage 2024-03-15-preview, all others 2025-03-15.
   */
  apiVersion?: "2024-03-07" | "2024-03-15-preview" | "2025-03-15" | (string & {});
  /**
   * The time limit of one attempt, and of the wait for a token, in milliseconds. Default 30000. If the page was suspended
   * meanwhile, the wait ends a second after it resumes. An answer that has arrived by then counts.
   */
  timeoutMs?: number;
  /** The time limit of a call with all its attempts and waits, in milliseconds. For a list, of each page. Default 120000. */
  totalTimeoutMs?: number;
  /** A function to use in place of the page's fetch. It must return a `Response`, but none from a cache: reads have cache: "no-store". */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Called after every attempt. If it throws, the error is reported as uncaught. */
  onExchange?: (exchange: Exchange) => void;
  /**
   * How often the client repeats a failed request, and after what pauses. false: never.
   *
   * After a network failure, a time-out, 408, 500, 502, 503 and 504 it repeats all requests except typing notifications and
   * messages. After a 429 it also repeats messages, because nothing was stored. If the page can read Retry-After, that is the pause.
   */
  retry?: false | RetryOptions;
  /**
   * How long after an attempt without an answer the service may still store its request, in milliseconds. Default 5000.
   *
   * sendMessage with an idempotencyToken waits that long before it sends again. A write waits that long after an earlier write to
   * the same target whose outcome is unknown. For watchMessages it is how late a change may become visible and still be given.
   */
  settleMs?: number;
  /**
   * Whether the client checks the documented size limits, and rejects with `InvalidArgument` above them. Default true. false
   * leaves them to the service.
   *
   * In any case an argument is an `InvalidArgument` if its strings together are longer than 1,048,576 characters. Each member
   * counts as 16 more.
   */
  checkLimits?: boolean;
}

export interface RetryOptions {
  /** How many attempts may follow the first. Default 3. */
  maxRetries?: number;
  /** The longest first pause, in milliseconds. A pause is drawn from 0 up to this limit, which doubles with each retry. Default 800. */
  baseDelayMs?: number;
  /** The upper limit of all pauses, in milliseconds. Default 30000. */
  maxDelayMs?: number;
}

export interface CallOptions extends CallDefaults {
  /**
   * Ends the call at any moment. Its promise then rejects with the signal's own reason, unchanged. If a message was being sent,
   * it may have arrived.
   */
  signal?: AbortSignal;
}

export interface CreateThreadOptions extends CallOptions {
  /**
   * The client sends it as repeatability-request-id. Requests with the same token create one thread, however often they arrive.
   * Recommended: a version 4 UUID. By default the client creates one for each call.
   */
  idempotencyToken?: string;
}

export interface SendMessageOptions extends CallOptions {
  /**
   * Sends the message exactly once. The token is stored in the message's metadata, as "acschat.idempotencyToken". After an attempt
   * with unknown outcome the client looks for the token in the newest messages, and sends again only if it is not there.
   *
   * true creates a token for this call. A token of your own, kept with the draft, does the same across reloads, tabs and clients:
   * the client looks for it before the first attempt, and calls with the same token take turns. It must be a string of 16 to 256
   * printable ASCII characters. Recommended: newIdempotencyToken().
   */
  idempotencyToken?: true | string;
}

export interface ListChatThreadsOptions extends CallOptions {
  /** At least 1. The service may return smaller pages. Default: the service decides. A page above 8 MiB is a `ParseError`. */
  maxPageSize?: number;
  /** The time of the earliest thread to list, RFC 3339. */
  startTime?: string | Date;
}

export interface ListChatMessagesOptions extends CallOptions {
  /**
   * From 1 to 200. Default: the service decides, and has been seen to choose 10. A page above 8 MiB is a `ParseError`: 200
   * messages of 28 KB can be that long.
   */
  maxPageSize?: number;
  /** The time of the earliest message to list, RFC 3339. */
  startTime?: string | Date;
}

export interface ListChatParticipantsOptions extends CallOptions {
  /** At least 1. The service may return smaller pages. Default: the service decides. A page above 8 MiB is a `ParseError`. */
  maxPageSize?: number;
  /** How many items to skip at the beginning. Default 0. */
  skip?: number;
}

export interface ListChatReadReceiptsOptions extends CallOptions {
  /** At least 1. The service may return smaller pages. Default: the service decides. A page above 8 MiB is a `ParseError`. */
  maxPageSize?: number;
  /** How many items to skip at the beginning. Default 0. */
  skip?: number;
}

/** What a hint says about a change. */
export interface WakeOptions {
  /** The `version` of the changed message, as a number or in a string. Anything else counts as unknown. */
  version?: number | string;
}

/** Where a watch begins. Pass at most one of sinceMessageId and sinceVersion. With neither, it begins at the service's first answer. */
export interface WatchMessagesOptions extends CallOptions {
  /** Begins with all changes after this message was sent. "0" begins with all messages. */
  sinceMessageId?: string;
  /**
   * Begins with the changes that have a higher `version`. Pass the highest you have seen. Changes that appear late, with a lower
   * version, are missed.
   */
  sinceVersion?: string;
  /** The shortest wait between two polls, in milliseconds. Default 2000. Less than 300 counts as 300. */
  intervalMs?: number;
}

/**
 * A client of one user. Methods also work detached from the client.
 *
 * All methods except lists, watchMessages and close return a promise, which rejects with a `ChatError`. The promise of an operation
 * without a result is fulfilled with undefined.
 */
export interface ChatClient {
  /**
   * Creates a chat thread, with the caller as a participant. If the service rejects a participant, it still creates the thread.
   * invalidParticipants says whom it rejected, and why.
   *
   * Limit: 10 threads in 10 s per user.
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
   * REST: [Chat - Create Chat Thread](https://learn.microsoft.com/rest/api/communication/chat/chat/create-chat-thread).
   */
  createThread(request: CreateChatThreadRequest, options?: CreateThreadOptions): Promise<CreateChatThreadResult>;

  /**
   * Returns a list of the threads in which the caller is a participant.
   *
   * Limit: 50 pages in 10 s per user.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, ParseError, Closed, InternalError.
   *
   * ```js
   * for await (const { id, topic } of client.listThreads()) show(id, topic);
   * ```
   *
   * REST: [Chat - List Chat Threads](https://learn.microsoft.com/rest/api/communication/chat/chat/list-chat-threads).
   */
  listThreads(options?: ListChatThreadsOptions): PagedAsyncIterable<ChatThreadItem, ChatThreadsItemCollection>;

  /**
   * Gets the properties of a thread.
   *
   * Limit: 50 calls in 10 s per user.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, ParseError, Closed, InternalError.
   *
   * ```js
   * const { topic, createdOn } = await client.getThread(threadId);
   * ```
   *
   * REST: [Chat Thread - Get Chat Thread Properties](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/get-chat-thread-properties).
   */
  getThread(threadId: string, options?: CallOptions): Promise<ChatThreadProperties>;

  /**
   * Changes properties of a thread. Properties that the request lacks stay unchanged.
   *
   * Limit: 5 calls in 10 s per thread.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.updateThread(threadId, { topic: "Dinner", metadata: { place: "canteen" } });
   * ```
   *
   * REST: [Chat Thread - Update Chat Thread Properties](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/update-chat-thread-properties).
   */
  updateThread(threadId: string, request: UpdateChatThreadRequest, options?: CallOptions): Promise<void>;

  /**
   * Deletes a thread. It cannot be restored. If the service refuses the call after an attempt with unknown outcome, the client reads
   * whether the thread is gone.
   *
   * Limit: 10 threads in 10 s per user.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.deleteThread(threadId);
   * ```
   *
   * REST: [Chat - Delete Chat Thread](https://learn.microsoft.com/rest/api/communication/chat/chat/delete-chat-thread).
   */
  deleteThread(threadId: string, options?: CallOptions): Promise<void>;

  /**
   * Sends a message to a thread, and gives its id.
   *
   * It rejects with DeliveryUnknown if the message may or may not have arrived. Without an idempotencyToken that is so after a lost
   * connection, a time-out, a 408, any 5xx, and a 2xx or 3xx without the message's id: look at the thread before you send the message
   * again. With one, the client looks by itself. It rejects with DeliveryUnknown only if it cannot find out: call again with
   * `error.idempotencyToken`.
   *
   * Limits: 10 messages in 10 s and 30 a minute per thread.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, HttpError, TokenError,
   * NetworkError, Timeout, Closed, InternalError, DeliveryUnknown.
   *
   * ```js
   * const { id } = await client.sendMessage(threadId, { content: "Hi", senderDisplayName: "Jane" });
   * ```
   *
   * REST: [Chat Thread - Send Chat Message](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/send-chat-message).
   */
  sendMessage(threadId: string, request: SendChatMessageRequest, options?: SendMessageOptions): Promise<SendChatMessageResult>;

  /**
   * Returns a list of the messages of a thread, the newest first. Messages that were edited or deleted move to the front. The list
   * contains the service's own messages, such as one that says who was added.
   *
   * Limits: 50 pages in 10 s and 200 a minute per user in a thread. 250 and 400 per thread.
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
   * REST: [Chat Thread - List Chat Messages](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-messages).
   */
  listMessages(threadId: string, options?: ListChatMessagesOptions): PagedAsyncIterable<ChatMessage, ChatMessagesCollection>;

  /**
   * Gets a message.
   *
   * Limits: 50 calls in 10 s per user in a thread. 250 per thread.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, ParseError, Closed, InternalError.
   *
   * ```js
   * const { content, editedOn } = await client.getMessage(threadId, messageId);
   * ```
   *
   * REST: [Chat Thread - Get Chat Message](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/get-chat-message).
   */
  getMessage(threadId: string, messageId: string, options?: CallOptions): Promise<ChatMessage>;

  /**
   * Edits a message. Only its sender may do this. Fields that the request lacks stay unchanged.
   *
   * Limits: 10 edits in 10 s and 30 a minute per thread.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.updateMessage(threadId, messageId, { content: "Hi, all", metadata: { draft: "" } });
   * ```
   *
   * REST: [Chat Thread - Update Chat Message](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/update-chat-message).
   */
  updateMessage(threadId: string, messageId: string, request: UpdateChatMessageRequest, options?: CallOptions): Promise<void>;

  /**
   * Deletes a message. Only its sender may do this. The message stays in the list, without its content and with deletedOn.
   *
   * Limits: 10 deletions in 10 s and 30 a minute per thread.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.deleteMessage(threadId, messageId);
   * ```
   *
   * REST: [Chat Thread - Delete Chat Message](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/delete-chat-message).
   */
  deleteMessage(threadId: string, messageId: string, options?: CallOptions): Promise<void>;

  /**
   * Adds participants to a thread. Participants who are in it already stay unchanged. invalidParticipants says whom the service
   * rejected, and why.
   *
   * Limits: 250 participants in a thread. 10 calls in 10 s and 30 a minute per thread.
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
   * REST: [Chat Thread - Add Chat Participants](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/add-chat-participants).
   */
  addParticipants(threadId: string, request: AddChatParticipantsRequest, options?: CallOptions): Promise<AddChatParticipantsResult>;

  /**
   * Returns a list of the participants of a thread.
   *
   * Limits: 10 pages in 10 s per user in a thread. 250 per thread.
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
   * REST: [Chat Thread - List Chat Participants](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-participants).
   */
  listParticipants(threadId: string, options?: ListChatParticipantsOptions): PagedAsyncIterable<ChatParticipant, ChatParticipantsCollection>;

  /**
   * Removes a participant from a thread. This may be the caller. A removed participant can still read what was there before. If the
   * caller leaves, and the service refuses the call after an attempt with unknown outcome, the client reads whether the caller is
   * still a participant.
   *
   * Limits: 10 calls in 10 s and 30 a minute per thread.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.removeParticipant(threadId, userId);
   * ```
   *
   * REST: [Chat Thread - Remove Chat Participant](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/remove-chat-participant).
   */
  removeParticipant(threadId: string, identifier: CommunicationIdentifier, options?: CallOptions): Promise<void>;

  /**
   * Tells the other participants of a thread that the caller is typing. The service does not support this in threads of more than
   * 20 participants.
   *
   * Limits: 5 calls in 10 s and 15 a minute per user in a thread. 10 and 30 per thread. So do not call it at every key press.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.sendTypingNotification(threadId, { senderDisplayName: "Jane" });
   * ```
   *
   * REST: [Chat Thread - Send Typing Notification](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/send-typing-notification).
   */
  sendTypingNotification(threadId: string, request?: SendTypingNotificationRequest, options?: CallOptions): Promise<void>;

  /**
   * Tells the other participants of a thread up to which message the caller has read. The service does not support this in threads of
   * more than 20 participants.
   *
   * Limits: 10 calls in 10 s and 30 a minute per user in a thread.
   *
   * Codes: InvalidArgument, BadRequest, Unauthorized, Forbidden, NotFound, TooManyRequests, ServiceUnavailable,
   * HttpError, TokenError, NetworkError, Timeout, Closed, InternalError.
   *
   * ```js
   * await client.sendReadReceipt(threadId, { chatMessageId: messageId });
   * ```
   *
   * REST: [Chat Thread - Send Chat Read Receipt](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/send-chat-read-receipt).
   */
  sendReadReceipt(threadId: string, request: SendReadReceiptRequest, options?: CallOptions): Promise<void>;

  /**
   * Returns a list of the latest read receipt of each participant, including the caller's own.
   *
   * Limits: 5 pages in 10 s per user in a thread. 100 per thread.
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
   * REST: [Chat Thread - List Chat Read Receipts](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-read-receipts).
   */
  listReadReceipts(threadId: string, options?: ListChatReadReceiptsOptions): PagedAsyncIterable<ChatMessageReadReceipt, ChatMessageReadReceiptsCollection>;

  /**
   * Gives each message of a thread when it is sent, edited (with editedOn) or deleted (with deletedOn). It gives each change once, the
   * oldest first, including the caller's own and the service's own messages. Of several changes of one message between two polls it
   * gives the last. If a change becomes visible up to settleMs after one with a higher version, it gives it when it appears. It goes on
   * until you leave the loop or abort its signal. Each iteration begins anew.
   *
   * To resume later, keep the highest `version` and pass it as sinceVersion. Late changes with a lower version may be missed then.
   *
   * It polls, because the protocol with which the service pushes changes is not published. It polls only while you wait for the next
   * message. Between two polls it waits for intervalMs, or for 300 ms per participant if that is longer, because all participants share
   * one limit. It waits up to 10 s while nothing happens, a minute while the page is hidden, up to 30 s after failures, or as long as
   * the service asks.
   *
   * It survives temporary failures: NetworkError, Timeout, TooManyRequests, 408 and 5xx forever; TokenError, ParseError and, with a
   * token callback, Unauthorized five times in a row. totalTimeoutMs has no effect.
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
   * REST: [Chat Thread - List Chat Messages](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-messages),
   * and [List Chat Participants](https://learn.microsoft.com/rest/api/communication/chat/chat-thread/list-chat-participants) to count
   * them.
   */
  watchMessages(threadId: string, options?: WatchMessagesOptions): AsyncIterable<ChatMessage>;

  /**
   * Opens a conversation: what a page shows of a thread, with the messages that are being sent, and a queue for sending. Opening a
   * thread twice on one client shares the conversation until its last close. Then the options of the first call count.
   *
   * Conversations need chat.js. They do not exist in pages that load chat.wasm without it.
   *
   * Codes: InvalidArgument, LoadError, Closed, InternalError.
   *
   * ```js
   * const conversation = client.openConversation(threadId, { senderDisplayName: "Jane", durable: true });
   * const stop = conversation.subscribe(() => show(conversation.getSnapshot().messages));
   * const { key, done } = conversation.send({ content: "Hi" });
   * const { id } = await done;
   * stop();
   * ```
   */
  openConversation(threadId: string, options?: ConversationOptions): Conversation;

  /**
   * Opens the inbox: the list of the user's threads, the one with the newest message first, each with its last message and the number of
   * unread messages. Opening it twice on one client shares the inbox until its last close. Then the options of the first call count.
   *
   * The inbox needs chat.js. It does not exist in pages that load chat.wasm without it.
   *
   * Codes: InvalidArgument, LoadError, Closed, InternalError.
   *
   * ```js
   * const inbox = client.openInbox({ durable: true });
   * const stop = inbox.subscribe(() => show(inbox.getSnapshot().threads));
   * show(inbox.getSnapshot().status); // and once the list is not shown any more:
   * stop();
   * inbox.close();
   * ```
   */
  openInbox(options?: InboxOptions): Inbox;

  /**
   * Erases what durable conversations and inboxes of this user have stored in the browser at this endpoint: messages that are not sent, and how far
   * the user has read. Messages that are still in a queue of this page or of another tab are discarded. Call it at logout.
   *
   * If no token is known yet, it asks for one first. If the token does not say whose it is, nothing was stored.
   *
   * Codes: StorageError, TokenError, Unauthorized, NetworkError, Timeout, LoadError, Closed, InternalError.
   *
   * ```js
   * await client.forget();
   * ```
   */
  forget(): Promise<void>;

  /** The raw id of the user whom the token belongs to. undefined until a token is known, and if the token does not say. */
  readonly userId: string | undefined;

  /**
   * Tells the client that a thread has changed. The thread's watches and the inbox poll at once, unless they have seen that version. Call it with
   * every hint that you get, from wherever, and after a connection to the source of hints was made again. Hints may be wrong, late,
   * doubled or missing: they only decide when the client polls. It keeps to the service's limits, whatever the hints.
   *
   * It never throws. It ignores threads that nothing follows.
   *
   * ```js
   * client.wake(threadId, { version: "1613694358927" }); // without a version: the thread has changed somehow
   * ```
   */
  wake(threadId: string, options?: WakeOptions): void;

  /**
   * Ends every call in flight, and forgets the token. The calls reject with Closed, or with DeliveryUnknown if the message may have been
   * sent before. If a message was being sent, it may have arrived. A closed client stays closed. It closes its conversations
   * and its inbox, too.
   *
   * ```js
   * client.close();
   * ```
   */
  close(): void;
}

export interface ConversationOptions {
  /** The sender's name in messages that do not have one. Push notifications show it. */
  senderDisplayName?: string;
  /** How many messages one request loads, at most 200. Default 50. */
  pageSize?: number;
  /**
   * Whether messages that are not sent yet are stored in the browser, in IndexedDB. They are then sent after a reload, by this page or by
   * another tab of the same user, once and in order. Default false.
   */
  durable?: boolean;
  /** The shortest time between two polls, in milliseconds, as for watchMessages. Default 2000. */
  intervalMs?: number;
}

/**
 * A conversation: the state of one thread, and the queue of the messages that the user sends to it. The functions work without the object,
 * as in `const { getSnapshot, subscribe } = conversation`.
 */
export interface Conversation {
  /** Calls render after changes, at most once a task. Returns a function that ends this. Fits React's useSyncExternalStore. */
  subscribe(render: () => void): () => void;
  /** Returns the state. It is immutable, and the same object until something changes. A message that does not change stays the same object. */
  getSnapshot(): ConversationSnapshot;
  /**
   * Puts a message into the queue. When it returns, the message is in the snapshot. Throws `InvalidArgument` or `Closed`: then nothing is
   * queued.
   *
   * done resolves when the message is sent. It rejects with `Cancelled` or `Closed`, but not after a failure that can be retried. You may
   * ignore it.
   */
  send(request: SendChatMessageRequest): QueuedMessage;
  /** Replaces a message that is not sent yet. Resolves with false if it is too late: the service may have the message. */
  edit(key: string, request: SendChatMessageRequest): Promise<boolean>;
  /** Removes a message that is not sent yet. Resolves with false if it is too late: the service may have the message. */
  cancel(key: string): Promise<boolean>;
  /** Sends a message that has failed again, with the same token. Returns false if it is being sent, or is not in the queue. */
  retry(key: string): boolean;
  /** Removes a message from the queue, whatever became of it: the service may have it. Returns false if it is being sent, or is not in the queue. */
  discard(key: string): boolean;
  /** Loads older messages. */
  loadOlder(): Promise<void>;
  /** Loads newer messages, if the newest ones are not loaded. */
  loadNewer(): Promise<void>;
  /** Loads the newest messages instead of those around an older one. */
  jumpToNewest(): Promise<void>;
  /** Marks messages as read up to this one, by default up to the newest. In threads of up to 20 participants it sends a read receipt. */
  markRead(messageId?: string): Promise<void>;
  /** Ends the conversation. Messages in a durable queue stay stored; done of all unsent messages rejects with `Closed`. */
  close(): void;
}

export interface QueuedMessage {
  /** Identifies the message in snapshots, before and after it is sent. */
  key: string;
  done: Promise<SendChatMessageResult>;
}

export interface ConversationSnapshot {
  /**
   * "loading" until the first messages are there, "live" while changes arrive, "waiting" while the service cannot be reached, "ended" after
   * the thread was deleted or the user was removed.
   */
  readonly status: "loading" | "live" | "waiting" | "ended";
  /** Why the conversation is waiting or has ended. */
  readonly error?: ChatError;
  /** Empty until it is known. */
  readonly topic: string;
  /** The sent messages in the service's order, then those that are not sent yet, in the order of sending. Deleted ones have deletedOn. */
  readonly messages: readonly ConversationMessage[];
  /** Whether loadOlder may load more. */
  readonly hasOlder: boolean;
  /** Whether newer messages exist that are not loaded. */
  readonly hasNewer: boolean;
  readonly participants: readonly ConversationParticipant[];
  /** Text and html messages of others after the newest one that the user has read. */
  readonly unreadCount: number;
  /** Whether there may be more unread messages than unreadCount, because older ones are not loaded. */
  readonly unreadIsCapped: boolean;
  /** What becomes of unsent messages when the page goes: "disk" if they are stored, "memory" if they are lost. */
  readonly durability: "disk" | "memory";
  /** Why messages are not sent at the moment: the browser is offline, or there is no usable token of this user. */
  readonly paused?: "offline" | "token";
}

export interface InboxOptions {
  /**
   * Whether the browser stores how far the user has read, in IndexedDB. Then other tabs of the user and later visits know it, also for threads of
   * more than 20 participants, of which the service lists no read receipts. Durable conversations share it. Default false.
   */
  durable?: boolean;
  /** The shortest time between two lists of the threads, in milliseconds. Default 5000. */
  intervalMs?: number;
}

/** The list of the user's threads. The functions work without the object, as in `const { getSnapshot, subscribe } = inbox`. */
export interface Inbox {
  /** Calls render after changes, at most once a task. Returns a function that ends this. Fits React's useSyncExternalStore. */
  subscribe(render: () => void): () => void;
  /** Returns the state. It is immutable, and the same object until something changes. A thread that does not change stays the same object. */
  getSnapshot(): InboxSnapshot;
  /**
   * Marks all known messages of a thread as read. In threads of up to 20 participants it sends a read receipt, and waits for the answer. If
   * the messages are not known yet, it waits for them. Rejects with `InvalidArgument` if the inbox does not have the thread.
   */
  markRead(threadId: string): Promise<void>;
  /** Ends the inbox. What it has stored stays. */
  close(): void;
}

export interface InboxSnapshot {
  /**
   * "loading" until all threads were listed, "live" while changes arrive, "waiting" while the service cannot be reached, "ended" only after a
   * failure of this client, with an `InternalError`. The first threads are there while it is loading.
   */
  readonly status: "loading" | "live" | "waiting" | "ended";
  /** Why the inbox is waiting or has ended. */
  readonly error?: ChatError;
  /** The one with the newest message first, messages that are not sent yet included. */
  readonly threads: readonly InboxThread[];
  /** Whether the browser stores how far the user has read. */
  readonly durability: "disk" | "memory";
}

export interface InboxThread {
  readonly id: string;
  readonly topic: string;
  /**
   * The newest message, also if the service has sent it, or if it is in the queue of a conversation of the same client. undefined until
   * the inbox has read the thread.
   */
  readonly lastMessage?: ConversationMessage;
  /** Text and html messages of others after the newest one that the user has read. */
  readonly unreadCount: number;
  /** Whether there may be more unread messages than unreadCount. */
  readonly unreadIsCapped: boolean;
  /** Whether the user was removed, or the thread deleted. Such a thread stays in the list until the inbox is closed. */
  readonly left: boolean;
}

/** A message of the service, or one that is not sent yet. The latter has no id, version, sequenceId and createdOn. */
export interface ConversationMessage extends Partial<ChatMessage> {
  readonly key: string;
  /** Whether the user of the client's token has sent it. */
  readonly mine: boolean;
  /** "unknown" says that an attempt may have succeeded: the next one finds out. "failed" blocks the queue until retry or discard. */
  readonly state: "sent" | "queued" | "sending" | "failed" | "unknown";
  /** Why it has failed, or the error of the last attempt. */
  readonly error?: ChatError;
}

export interface ConversationParticipant extends ChatParticipant {
  /** The id of the newest message that the participant has read, if that is known. */
  readonly lastReadMessageId?: string;
}

/**
 * A list. Iterate over it with `for await`, item by item, any number of times. Each iteration queries the service again. The list
 * requests pages when it needs them. Each page is a call of its own. A failure, such as a bad argument, rejects the `next()` that needs
 * the page. Leaving the loop ends the call in flight.
 *
 * If the service's nextLinks lead in a circle or to another origin, the list gives the pages before, and then rejects with `ParseError`.
 * It may go through a circle up to three times before it detects it.
 */
export interface PagedAsyncIterable<Item, Page> extends AsyncIterable<Item> {
  /**
   * Returns the same list, page by page. With nextLink it begins at that page: the client follows the link unchanged, and the link
   * replaces maxPageSize and the like. Without nextLink it begins at the first page. A nextLink to another origin is
   * `InvalidArgument`.
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
  /** The address of the next page. Absent on the last page. */
  nextLink?: string;
}

export interface ChatMessagesCollection {
  value: ChatMessage[];
  /** The address of the next page. Absent on the last page. */
  nextLink?: string;
}

export interface ChatParticipantsCollection {
  value: ChatParticipant[];
  /** The address of the next page. Absent on the last page. */
  nextLink?: string;
}

export interface ChatMessageReadReceiptsCollection {
  value: ChatMessageReadReceipt[];
  /** The address of the next page. Absent on the last page. */
  nextLink?: string;
}

/** A user or another participant, in a request: an object, an object with only its rawId, or the raw id as a string. */
export type CommunicationIdentifier = string | Partial<CommunicationIdentifierModel>;

/**
 * A user or another participant, as the service writes it. It has at most one of the objects. A kind that this version does not know
 * has only its rawId.
 */
export interface CommunicationIdentifierModel {
  /** The raw id, such as `8:acs:<resource>_<user>`. */
  rawId: string;
  /** The name of the object. The service does not require it, and seldom sends it. */
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
  /** The phone number, such as +14255550123. */
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

/** The cloud of a user or an app. Default "public". */
export type CommunicationCloudEnvironment = "public" | "dod" | "gcch" | (string & {});

/** A participant of a thread. */
export interface ChatParticipant {
  communicationIdentifier: CommunicationIdentifierModel;
  displayName?: string;
  /** The time from which the participant sees the thread's history, RFC 3339. For a participant who sees all of it: 1970. */
  shareHistoryTime?: string;
  metadata?: Record<string, string>;
}

/** A participant to add. */
export interface ChatParticipantRequest {
  communicationIdentifier: CommunicationIdentifier;
  displayName?: string;
  /** The time from which the participant sees the thread's history, RFC 3339. Default: all of it. */
  shareHistoryTime?: string | Date;
  /** At most 1 KB in all. Not in api-version 2024-03-07, which is createThread's default. */
  metadata?: Record<string, string>;
}

export interface CreateChatThreadRequest {
  topic: string;
  /** At most 200, not counting the caller. */
  participants?: readonly ChatParticipantRequest[];
  /** At most 1 KB in all. Not in api-version 2024-03-07, which is createThread's default. */
  metadata?: Record<string, string>;
  /** Not in api-version 2024-03-07, which is createThread's default. */
  retentionPolicy?: ChatRetentionPolicy;
}

export interface CreateChatThreadResult {
  chatThread: ChatThreadProperties;
  /** Who was not added, and why. Empty if all were added. */
  invalidParticipants: CommunicationError[];
}

export interface ChatThreadProperties {
  id: string;
  topic: string;
  /** RFC 3339. */
  createdOn: string;
  createdByCommunicationIdentifier: CommunicationIdentifierModel;
  /** The time of the deletion, RFC 3339. Absent if the thread was not deleted. */
  deletedOn?: string;
  /** Not in api-version 2024-03-07, which is createThread's default. */
  metadata?: Record<string, string>;
  /** Not in api-version 2024-03-07, which is createThread's default. Later api-versions may have more kinds. */
  retentionPolicy?: ChatRetentionPolicy;
}

export interface ChatThreadItem {
  id: string;
  topic: string;
  /** The time of the deletion, RFC 3339. Absent if the thread was not deleted. */
  deletedOn?: string;
  /** RFC 3339. It is not reliably the time of the newest message. */
  lastMessageReceivedOn?: string;
}

/** Changes of a thread. Strings must not be empty. */
export interface UpdateChatThreadRequest {
  topic?: string;
  /** Names that it lacks stay unchanged. At most 1 KB in all. Not in api-version 2024-03-07. */
  metadata?: Record<string, string>;
  /** Not in api-version 2024-03-07. */
  retentionPolicy?: ChatRetentionPolicy;
}

/** Says when the service deletes a thread by itself. */
export type ChatRetentionPolicy = ThreadCreationDateRetentionPolicy | NoneRetentionPolicy;

/** The service deletes the thread this many days after it was created. */
export interface ThreadCreationDateRetentionPolicy {
  kind: "threadCreationDate";
  /** From 30 to 90. */
  deleteThreadAfterDays: number;
}

/** The service never deletes the thread by itself. api-version 2025-03-15 only. */
export interface NoneRetentionPolicy {
  kind: "none";
}

export interface AddChatParticipantsRequest {
  /** From 1 to 200. */
  participants: readonly ChatParticipantRequest[];
}

export interface AddChatParticipantsResult {
  /** Who was not added, and why. Empty if all were added. */
  invalidParticipants: CommunicationError[];
}

export interface SendChatMessageRequest {
  /** At most 28 KB of UTF-8. */
  content: string;
  /** The name that push notifications show. */
  senderDisplayName?: string;
  /** Default "text". If your page shows html messages, sanitize them. */
  type?: "text" | "html";
  metadata?: Record<string, string>;
  /** Conversations with Microsoft Teams only, and only in api-version 2024-03-15-preview, which is sendMessage's default. */
  attachments?: readonly ChatAttachment[];
}

export interface SendChatMessageResult {
  id: string;
}

/** Changes of a message. Strings and attachments must not be empty. */
export interface UpdateChatMessageRequest {
  /** At most 28 KB of UTF-8. */
  content?: string;
  /** The value "" removes a name. */
  metadata?: Record<string, string>;
  /** Conversations with Microsoft Teams only, and only in api-version 2024-03-15-preview. */
  attachments?: readonly ChatAttachment[];
}

export interface ChatMessage {
  /** The time at which it was sent, in milliseconds since 1970. */
  id: string;
  type: ChatMessageType;
  /** A whole number. It grows with every message and every change. */
  sequenceId: string;
  /** The time of the last change, in milliseconds since 1970. A higher version is newer. */
  version: string;
  content?: ChatMessageContent;
  senderDisplayName?: string;
  /** RFC 3339. */
  createdOn: string;
  /** The sender. Absent from the service's own messages. */
  senderCommunicationIdentifier?: CommunicationIdentifierModel;
  /** The time of the deletion, RFC 3339. Absent if the message was not deleted. */
  deletedOn?: string;
  /** The time of the last edit, RFC 3339. Absent if the message was not edited. */
  editedOn?: string;
  metadata?: Record<string, string>;
}

/** The type of a message. Users send text and html. The service itself sends the others. */
export type ChatMessageType = "text" | "html" | "topicUpdated" | "participantAdded" | "participantRemoved" | (string & {});

export interface ChatMessageContent {
  /** The text of a user's message. Empty if the message was deleted. If your page shows html messages, sanitize them. */
  message?: string;
  /** The new topic, for topicUpdated. */
  topic?: string;
  /** Who was added or removed, for participantAdded and participantRemoved. */
  participants?: ChatParticipant[];
  attachments?: ChatAttachment[];
  /** Who caused a message of the service's own. */
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
  /** The name that push notifications show. */
  senderDisplayName?: string;
}

export interface SendReadReceiptRequest {
  /** The id of the latest message that was read. */
  chatMessageId: string;
}

export interface ChatMessageReadReceipt {
  senderCommunicationIdentifier: CommunicationIdentifierModel;
  chatMessageId: string;
  /** RFC 3339. */
  readOn: string;
}

/** The service's description of a failure, of a request or of one participant. */
export interface CommunicationError {
  /** For a participant: an HTTP status as a string, such as "403". */
  code: string;
  message: string;
  /** For a participant: the raw id. */
  target?: string;
  details?: CommunicationError[];
  innererror?: CommunicationError;
}

/** Says what went wrong. The list is closed. */
export type ChatErrorCode =
  /** The service answered 400. */
  | "BadRequest"
  /** The service answered 401: the token has expired, was revoked, or is not a token. */
  | "Unauthorized"
  /**
   * The service answered 403: the caller is not a participant or not the message's sender, the token is of another resource, or its
   * scope does not suffice.
   */
  | "Forbidden"
  /** The service answered 404. */
  | "NotFound"
  /** The service answered 429. */
  | "TooManyRequests"
  /** The service answered 503. */
  | "ServiceUnavailable"
  /** The service answered with another status that does not mean success of the operation. */
  | "HttpError"
  /** The client refused an argument and sent nothing. `target` is the path of the field. */
  | "InvalidArgument"
  /** The token callback failed, or returned something that cannot be a token, such as the text of a JSON answer. */
  | "TokenError"
  /** No answer could be read. With `attempts` 0 the browser was offline, and nothing was sent. */
  | "NetworkError"
  /** No answer, or no token, arrived in time. */
  | "Timeout"
  /** The service reported success, but its answer could not be read. */
  | "ParseError"
  /** A message may or may not have arrived. `cause` says why this is unknown. */
  | "DeliveryUnknown"
  /** The client could not be loaded, or its module was built without conversations. */
  | "LoadError"
  /** initialize() has not finished. */
  | "NotInitialized"
  /** The client, the conversation or the inbox was closed. */
  | "Closed"
  /** A message in a queue was cancelled or discarded. */
  | "Cancelled"
  /** A message has waited in a queue for more than 24 hours. Only `retry` sends it. */
  | "Expired"
  /** The browser's storage of unsent messages cannot be used. */
  | "StorageError"
  /** A bug in this client, or its program has ended. If a message was handed to fetch before, the code is `DeliveryUnknown`. */
  | "InternalError";

/**
 * The error with which every promise of this module rejects. Exception: an aborted call rejects with the signal's reason.
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
  /** The operation, the status and the service's words, for people. The wording may change. */
  readonly message: string;
  /** Likely causes, and what to do next. */
  readonly hint?: string;
  /** The method that failed. */
  readonly operation?: string;
  /** The HTTP status, if there was an answer. */
  readonly status?: number;
  /** The code in the body of the answer, unchanged. */
  readonly serviceCode?: string;
  /** For `InvalidArgument`: the path of the field, such as participants[0].displayName. Else: the service's own target. */
  readonly target?: string;
  readonly details?: CommunicationError[];
  readonly innererror?: CommunicationError;
  /** How long the service asks to wait, in milliseconds. Present if it says so and the page can read it. */
  readonly retryAfterMs?: number;
  /** How many requests the call sent. */
  readonly attempts: number;
  /** The message's token, for `DeliveryUnknown` and for a send that was closed. Call again with it to find out whether the message was sent. */
  readonly idempotencyToken?: string;
  /**
   * The error that led to this one: the TypeError of fetch, what the token callback threw, or another ChatError. If a write was refused
   * after an attempt with unknown outcome: the error of that attempt.
   */
  readonly cause?: unknown;
}

/** One attempt of a call, after it ended. It contains no token: "[redacted]" stands in its place, also in bodies. Results are not redacted. */
export interface Exchange {
  operation: string;
  /** The call's number in its client. Each page of a list is a call. The wait for each batch of a watch's changes is also a call. */
  callId: string;
  /** The number of the attempt, from 1. */
  attempt: number;
  method: string;
  url: string;
  /** The request's headers, with the token redacted. */
  requestHeaders: Record<string, string>;
  requestBody?: string;
  /** The HTTP status. Absent if there was no answer. */
  status?: number;
  responseBody?: string;
  durationMs: number;
  /** How the attempt ended. */
  outcome: "success" | "aborted" | ChatErrorCode;
  /**
   * What the call does next: it has ended with a result ("done") or an error ("failed"), sends another request, asks for a token, or
   * waits before it does.
   */
  next: "done" | "failed" | "send" | "token" | "wait";
}
