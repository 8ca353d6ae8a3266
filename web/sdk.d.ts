// Types and reference of acschat/sdk: the API of the official SDK, @azure/communication-chat 1.6.0, on this client.
//
// The names, arguments, results and events are the SDK's. docs/migration.md says what is different, and why.

import type { CompiledModule, InitializeOptions } from "./chat.js";

/**
 * Loads the client, with chat.js's options. You need it only for these options, such as wasmURL: the first call of a client loads it by
 * itself. Call it before that, and before an `initialize` of `acschat`.
 */
export function initialize(options?: InitializeOptions): Promise<void>;
export type { CompiledModule, InitializeOptions };

/** What the SDK's credentials are: AzureCommunicationTokenCredential of @azure/communication-common, or any object with this method. */
export interface CommunicationTokenCredential {
  getToken(options?: { abortSignal?: AbortSignalLike }): Promise<{ token: string; expiresOnTimestamp: number }>;
}

/** An AbortSignal, or one of a polyfill. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: (this: AbortSignalLike, event: any) => any, options?: any): void;
  removeEventListener(type: "abort", listener: (this: AbortSignalLike, event: any) => any, options?: any): void;
}

/** Options of every call. */
export interface OperationOptions {
  /** Ends the call, which then rejects with an AbortError. */
  abortSignal?: AbortSignalLike;
  /** timeout limits each attempt, in milliseconds. Default 30000. The other members have no effect. */
  requestOptions?: { timeout?: number; [name: string]: any };
  /** No effect. */
  tracingOptions?: any;
  /** No effect. */
  serializerOptions?: any;
  /** No effect. */
  onResponse?: any;
}

/** A call's error has these members. Its cause is the `ChatError` of this package. */
export interface RestError extends Error {
  name: "RestError";
  /** The HTTP status. 400 also for arguments that the client has refused. */
  statusCode?: number;
  /** The service's code. Without an answer: REQUEST_SEND_ERROR, PARSE_ERROR, or a `ChatErrorCode`, such as DeliveryUnknown. */
  code?: string;
  /** The body of the answer. */
  details?: unknown;
  request?: { url?: string; method?: string };
  response?: { status: number; bodyAsText?: string };
  /** Likely causes, and what to do next. Not in the SDK. */
  hint?: string;
}

export interface ChatClientOptions {
  /** http is allowed on this machine, with and without this option, and nowhere else. */
  allowInsecureConnection?: boolean;
  /** How often a failed request is repeated, and after what pauses. Default: three times, after up to 800 ms and then up to twice as long. */
  retryOptions?: { maxRetries?: number; retryDelayInMs?: number; maxRetryDelayInMs?: number; [name: string]: any };
  /** A function to use in place of the page's fetch, such as createEmulator's. Not in the SDK. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /**
   * Whether messages are sent exactly once. Each has then a token in its metadata, as "acschat.idempotencyToken". Default true. Not in the
   * SDK.
   */
  idempotencyToken?: boolean;
  /** The api-version of the REST API. Default "2025-03-15", as in the SDK. */
  apiVersion?: string;
  /** No effect. */
  httpClient?: any;
  /** No effect. */
  additionalPolicies?: any;
  /** No effect. */
  userAgentOptions?: any;
  /** No effect. */
  loggingOptions?: any;
  /** No effect. */
  proxyOptions?: any;
  /** No effect. */
  redirectOptions?: any;
  /** No effect. */
  tlsOptions?: any;
  /** No effect. */
  telemetryOptions?: any;
}

export interface ChatThreadClientOptions extends ChatClientOptions {}

/** A client of one user. */
export class ChatClient {
  /** The first call loads the module. A bad endpoint rejects the calls. */
  constructor(endpoint: string, credential: CommunicationTokenCredential, options?: ChatClientOptions);
  getChatThreadClient(threadId: string): ChatThreadClient;
  createChatThread(request: CreateChatThreadRequest, options?: CreateChatThreadOptions): Promise<CreateChatThreadResult>;
  listChatThreads(options?: ListChatThreadsOptions): PagedAsyncIterableIterator<ChatThreadItem>;
  deleteChatThread(threadId: string, options?: DeleteChatThreadOptions): Promise<void>;
  /**
   * Begins to poll. Resolves when the threads are listed: everything after that is told. Rejects if they cannot be listed. Needs
   * chat.conversation.wasm.
   */
  startRealtimeNotifications(): Promise<void>;
  /** Ends the notifications, and removes all listeners. */
  stopRealtimeNotifications(): Promise<void>;
  /** Adds a listener. Throws before startRealtimeNotifications is called, except for the events of the connection. */
  on<Name extends ChatEventId>(event: Name, listener: ChatEventListener<Name>): void;
  off<Name extends ChatEventId>(event: Name, listener: ChatEventListener<Name>): void;
  /** Passes on a hint that a thread has changed, as client.wake of `acschat` does. Not in the SDK. */
  wake(threadId: string, hint?: { version?: string | number }): void;
}

export class ChatThreadClient {
  readonly threadId: string;
  constructor(endpoint: string, threadId: string, credential: CommunicationTokenCredential, options?: ChatThreadClientOptions);
  getProperties(options?: GetPropertiesOptions): Promise<ChatThreadProperties>;
  updateTopic(topic: string, options?: UpdateTopicOptions): Promise<void>;
  updateProperties(options?: UpdateChatThreadPropertiesOptions): Promise<void>;
  sendMessage(request: SendMessageRequest, options?: SendMessageOptions): Promise<SendChatMessageResult>;
  getMessage(messageId: string, options?: GetMessageOptions): Promise<ChatMessage>;
  listMessages(options?: ListMessagesOptions): PagedAsyncIterableIterator<ChatMessage>;
  updateMessage(messageId: string, options?: UpdateMessageOptions): Promise<void>;
  deleteMessage(messageId: string, options?: DeleteMessageOptions): Promise<void>;
  addParticipants(request: AddParticipantsRequest, options?: AddParticipantsOptions): Promise<AddChatParticipantsResult>;
  listParticipants(options?: ListParticipantsOptions): PagedAsyncIterableIterator<ChatParticipant>;
  removeParticipant(participant: CommunicationIdentifier, options?: RemoveParticipantOptions): Promise<void>;
  /** Resolves with false, and sends nothing, if this object has sent one in the last 8 seconds and no message since. */
  sendTypingNotification(options?: SendTypingNotificationOptions): Promise<boolean>;
  sendReadReceipt(request: SendReadReceiptRequest, options?: SendReadReceiptOptions): Promise<void>;
  listReadReceipts(options?: ListReadReceiptsOptions): PagedAsyncIterableIterator<ChatMessageReadReceipt>;
}

/** A list, item by item. byPage gives arrays. */
export interface PagedAsyncIterableIterator<Item, Page = Item[], Settings = { continuationToken?: string; maxPageSize?: number }> {
  next(): Promise<IteratorResult<Item>>;
  [Symbol.asyncIterator](): PagedAsyncIterableIterator<Item, Page, Settings>;
  byPage: (settings?: Settings) => AsyncIterableIterator<Page>;
}

/** After each page, continuationToken says where the next one begins. */
export interface ListPageSettings {
  continuationToken?: string;
}

// Requests and options

export interface CreateChatThreadRequest {
  topic: string;
}

export interface CreateChatThreadOptions extends OperationOptions {
  participants?: ChatParticipant[];
  /** Requests with the same token create one thread. By default each call has a token of its own. */
  idempotencyToken?: string;
  metadata?: Record<string, string>;
  retentionPolicy?: ChatRetentionPolicy;
}

export interface UpdateTopicOptions extends OperationOptions {}

export interface UpdateChatThreadPropertiesOptions extends OperationOptions {
  topic?: string;
  metadata?: Record<string, string>;
  retentionPolicy?: ChatRetentionPolicy;
}

export interface SendMessageRequest {
  content: string;
}

export interface SendMessageOptions extends OperationOptions {
  senderDisplayName?: string;
  type?: ChatMessageType;
  metadata?: Record<string, string>;
  /** Whether this message is sent exactly once, or a token of your own, kept with the draft. Not in the SDK. */
  idempotencyToken?: boolean | string;
}

export interface UpdateMessageOptions extends OperationOptions {
  content?: string;
  metadata?: Record<string, string>;
}

export interface AddParticipantsRequest {
  participants: ChatParticipant[];
}

export interface SendTypingNotificationOptions extends OperationOptions {
  senderDisplayName?: string;
}

export interface SendReadReceiptRequest {
  chatMessageId: string;
}

export interface RestListChatThreadsOptions extends OperationOptions {
  maxPageSize?: number;
  startTime?: Date;
}

export interface RestListMessagesOptions extends OperationOptions {
  maxPageSize?: number;
  startTime?: Date;
}

export interface RestListParticipantsOptions extends OperationOptions {
  maxPageSize?: number;
  skip?: number;
}

export interface RestListReadReceiptsOptions extends OperationOptions {
  maxPageSize?: number;
  skip?: number;
}

export type ListChatThreadsOptions = RestListChatThreadsOptions;
export type ListMessagesOptions = RestListMessagesOptions;
export type ListParticipantsOptions = RestListParticipantsOptions;
export type ListReadReceiptsOptions = RestListReadReceiptsOptions;
export type GetPropertiesOptions = OperationOptions;
export type DeleteChatThreadOptions = OperationOptions;
export type GetMessageOptions = OperationOptions;
export type DeleteMessageOptions = OperationOptions;
export type AddParticipantsOptions = OperationOptions;
export type RemoveParticipantOptions = OperationOptions;
export type SendReadReceiptOptions = OperationOptions;

// Models

export interface ChatThreadProperties {
  id: string;
  topic: string;
  createdOn: Date;
  readonly createdBy?: CommunicationIdentifierKind;
  deletedOn?: Date;
  metadata?: Record<string, string>;
  retentionPolicy?: ChatRetentionPolicy;
}

export type ChatRetentionPolicy = ThreadCreationDateRetentionPolicy | NoneRetentionPolicy;

export interface ThreadCreationDateRetentionPolicy {
  kind: "threadCreationDate";
  deleteThreadAfterDays: number;
}

export interface NoneRetentionPolicy {
  kind: "none";
}

export interface CreateChatThreadResult {
  chatThread?: ChatThreadProperties;
  /** Who was not added, and why. Absent if all were added. */
  readonly invalidParticipants?: ChatError[];
}

export interface AddChatParticipantsResult {
  /** Who was not added, and why. Absent if all were added. */
  readonly invalidParticipants?: ChatError[];
}

export interface ChatThreadItem {
  id: string;
  topic: string;
  deletedOn?: Date;
  readonly lastMessageReceivedOn?: Date;
}

export interface ChatMessage {
  id: string;
  type: ChatMessageType;
  sequenceId: string;
  version: string;
  content?: ChatMessageContent;
  senderDisplayName?: string;
  createdOn: Date;
  sender?: CommunicationIdentifierKind;
  deletedOn?: Date;
  editedOn?: Date;
  /** Also the idempotency token of a message that was sent with one. */
  metadata?: Record<string, string>;
}

export type ChatMessageType = "text" | "html" | "topicUpdated" | "participantAdded" | "participantRemoved";

export interface ChatMessageContent {
  message?: string;
  topic?: string;
  participants?: ChatParticipant[];
  initiator?: CommunicationIdentifierKind;
  attachments?: ChatAttachment[];
}

export type ChatAttachmentType = "image" | "file" | "unknown";

export interface ChatAttachment {
  id: string;
  attachmentType: ChatAttachmentType;
  name?: string;
  url?: string;
  previewUrl?: string;
}

export interface ChatParticipant {
  id: CommunicationIdentifier;
  displayName?: string;
  shareHistoryTime?: Date;
  metadata?: Record<string, string>;
}

export interface SendChatMessageResult {
  id: string;
}

export interface ChatMessageReadReceipt {
  sender: CommunicationIdentifierKind;
  chatMessageId: string;
  readOn: Date;
}

/** The service's description of a failure, as in the SDK. It is not the class of the same name in `acschat`. */
export interface ChatError {
  code: string;
  message: string;
  readonly target?: string;
  readonly details?: ChatError[];
  readonly innerError?: ChatError;
}

// Identifiers, as in @azure/communication-common

export type CommunicationIdentifier =
  | CommunicationUserIdentifier
  | PhoneNumberIdentifier
  | MicrosoftTeamsUserIdentifier
  | MicrosoftTeamsAppIdentifier
  | TeamsExtensionUserIdentifier
  | UnknownIdentifier;

export type CommunicationIdentifierKind =
  | (CommunicationUserIdentifier & { kind: "communicationUser" })
  | (PhoneNumberIdentifier & { kind: "phoneNumber" })
  | (MicrosoftTeamsUserIdentifier & { kind: "microsoftTeamsUser" })
  | (MicrosoftTeamsAppIdentifier & { kind: "microsoftTeamsApp" })
  | (TeamsExtensionUserIdentifier & { kind: "teamsExtensionUser" })
  | (UnknownIdentifier & { kind: "unknown" });

export interface CommunicationUserIdentifier {
  communicationUserId: string;
}

export interface PhoneNumberIdentifier {
  phoneNumber: string;
  rawId?: string;
  isAnonymous?: boolean;
  assertedId?: string;
}

export interface MicrosoftTeamsUserIdentifier {
  microsoftTeamsUserId: string;
  rawId?: string;
  isAnonymous?: boolean;
  cloud?: "public" | "dod" | "gcch";
}

export interface MicrosoftTeamsAppIdentifier {
  teamsAppId: string;
  rawId?: string;
  cloud?: "public" | "dod" | "gcch";
}

export interface TeamsExtensionUserIdentifier {
  userId: string;
  tenantId: string;
  resourceId: string;
  rawId?: string;
  cloud?: "public" | "dod" | "gcch";
}

export interface UnknownIdentifier {
  id: string;
}

// Events

interface ChatEvents {
  /** A new text or html message, also one of the user's own. */
  chatMessageReceived: ChatMessageReceivedEvent;
  chatMessageEdited: ChatMessageEditedEvent;
  chatMessageDeleted: ChatMessageDeletedEvent;
  /** Never occurs: the service sends typing notifications through its own channel only. */
  typingIndicatorReceived: TypingIndicatorReceivedEvent;
  /** A receipt of another user, in a thread for which the page has a ChatThreadClient. */
  readReceiptReceived: ReadReceiptReceivedEvent;
  chatThreadCreated: ChatThreadCreatedEvent;
  chatThreadDeleted: ChatThreadDeletedEvent;
  /** A new topic. A change of the other properties alone is not told. */
  chatThreadPropertiesUpdated: ChatThreadPropertiesUpdatedEvent;
  participantsAdded: ParticipantsAddedEvent;
  participantsRemoved: ParticipantsRemovedEvent;
  realTimeNotificationConnected: undefined;
  realTimeNotificationDisconnected: undefined;
}

export type ChatEventId = keyof ChatEvents;

export type ChatEventListener<Name extends ChatEventId> = ChatEvents[Name] extends undefined ? () => void : (event: ChatEvents[Name]) => void;

export interface BaseChatEvent {
  threadId: string;
  sender: CommunicationIdentifierKind;
  senderDisplayName: string;
  /** The user of the token. */
  recipient: CommunicationIdentifierKind;
}

export interface BaseChatMessageEvent extends BaseChatEvent {
  id: string;
  createdOn: Date;
  version: string;
  /** "Text" or "RichText/Html". */
  type: string;
}

export interface ChatMessageReceivedEvent extends BaseChatMessageEvent {
  message: string;
  metadata: Record<string, string>;
  attachments?: ChatAttachment[];
}

export interface ChatMessageEditedEvent extends ChatMessageReceivedEvent {
  editedOn: Date;
}

export interface ChatMessageDeletedEvent extends BaseChatMessageEvent {
  deletedOn: Date;
}

export interface TypingIndicatorReceivedEvent extends BaseChatEvent {
  version: string;
  receivedOn: Date;
}

export interface ReadReceiptReceivedEvent extends BaseChatEvent {
  chatMessageId: string;
  readOn: Date;
}

export interface BaseChatThreadEvent {
  threadId: string;
  version: string;
}

/** A participant in an event. displayName is "" where the service does not list it. */
export interface ChatEventParticipant {
  id: CommunicationIdentifierKind;
  displayName: string;
  shareHistoryTime?: Date;
  metadata: Record<string, string>;
}

export interface ChatThreadCreatedEvent extends BaseChatThreadEvent {
  createdOn: Date;
  createdBy: ChatEventParticipant;
  properties: { topic: string; metadata: Record<string, string> };
  participants: ChatEventParticipant[];
  retentionPolicy: ChatRetentionPolicy;
}

export interface ChatThreadPropertiesUpdatedEvent extends BaseChatThreadEvent {
  properties: { topic: string; metadata: Record<string, string> };
  updatedOn: Date;
  updatedBy: ChatEventParticipant;
  retentionPolicy: ChatRetentionPolicy;
}

export interface ChatThreadDeletedEvent extends BaseChatThreadEvent {
  /** When the client noticed it. */
  deletedOn: Date;
  /** Unknown: the service does not list it. */
  deletedBy: ChatEventParticipant;
  /** Empty: the service does not list it. */
  reason: string;
}

export interface ParticipantsAddedEvent extends BaseChatThreadEvent {
  addedOn: Date;
  addedBy: ChatEventParticipant;
  participantsAdded: ChatEventParticipant[];
}

export interface ParticipantsRemovedEvent extends BaseChatThreadEvent {
  removedOn: Date;
  removedBy: ChatEventParticipant;
  participantsRemoved: ChatEventParticipant[];
}
