// A program for the public API of the official SDK. The test also checks it with the import of acschat/sdk.

import { ChatClient, ChatThreadClient } from "@azure/communication-chat";
import type {
  AddChatParticipantsResult, AddParticipantsOptions, AddParticipantsRequest, ChatAttachment, ChatAttachmentType, ChatClientOptions, ChatError, ChatEventId,
  ChatMessage, ChatMessageContent, ChatMessageDeletedEvent, ChatMessageEditedEvent, ChatMessageReadReceipt, ChatMessageReceivedEvent, ChatMessageType,
  ChatParticipant, ChatRetentionPolicy, ChatThreadClientOptions, ChatThreadCreatedEvent, ChatThreadDeletedEvent, ChatThreadItem, ChatThreadProperties,
  ChatThreadPropertiesUpdatedEvent, CreateChatThreadOptions, CreateChatThreadRequest, CreateChatThreadResult, DeleteChatThreadOptions, DeleteMessageOptions,
  GetMessageOptions, GetPropertiesOptions, ListChatThreadsOptions, ListMessagesOptions, ListPageSettings, ListParticipantsOptions, ListReadReceiptsOptions,
  NoneRetentionPolicy, ParticipantsAddedEvent, ParticipantsRemovedEvent, ReadReceiptReceivedEvent, RemoveParticipantOptions, RestListChatThreadsOptions,
  RestListMessagesOptions, RestListParticipantsOptions, RestListReadReceiptsOptions, SendChatMessageResult, SendMessageOptions, SendMessageRequest,
  SendReadReceiptOptions, SendReadReceiptRequest, SendTypingNotificationOptions, ThreadCreationDateRetentionPolicy, TypingIndicatorReceivedEvent,
  UpdateChatThreadPropertiesOptions, UpdateMessageOptions, UpdateTopicOptions,
} from "@azure/communication-chat";
import { AzureCommunicationTokenCredential, getIdentifierRawId } from "@azure/communication-common";
import type { CommunicationIdentifier, CommunicationIdentifierKind, CommunicationTokenCredential, CommunicationUserIdentifier } from "@azure/communication-common";
import type { OperationOptions } from "@azure/core-client";
import type { PagedAsyncIterableIterator } from "@azure/core-paging";

/** Creates the clients in all ways. */
export function connect(endpoint: string, token: string, refresh: () => Promise<string>): ChatClient[] {
  const credential: CommunicationTokenCredential = new AzureCommunicationTokenCredential({ token, tokenRefresher: refresh, refreshProactively: true });
  const options: ChatClientOptions = { allowInsecureConnection: true, retryOptions: { maxRetries: 2, retryDelayInMs: 100 }, userAgentOptions: { userAgentPrefix: "page" } };
  return [new ChatClient(endpoint, credential), new ChatClient(endpoint, new AzureCommunicationTokenCredential(token), options)];
}

/** Calls every method of ChatClient. */
export async function manageThreads(chat: ChatClient, user: CommunicationUserIdentifier, abortSignal: AbortSignal): Promise<string> {
  const request: CreateChatThreadRequest = { topic: "Lunch" };
  const kept: NoneRetentionPolicy = { kind: "none" };
  const brief: ThreadCreationDateRetentionPolicy = { kind: "threadCreationDate", deleteThreadAfterDays: 30 };
  const retentionPolicy: ChatRetentionPolicy = abortSignal.aborted ? kept : brief;
  const participants: ChatParticipant[] = [{ id: user, displayName: "Alex", shareHistoryTime: new Date(), metadata: { seat: "2" } }];
  const options: CreateChatThreadOptions = { participants, metadata: { room: "7" }, retentionPolicy, idempotencyToken: "1", abortSignal };
  const result: CreateChatThreadResult = await chat.createChatThread(request, options);
  const failed: ChatError[] | undefined = result.invalidParticipants;
  const reasons: string[] = (failed ?? []).map(({ code, message, target, details, innerError }) => `${code} ${message} ${target} ${details?.length} ${innerError?.code}`);
  const thread: ChatThreadProperties | undefined = result.chatThread;
  if (thread === undefined) throw new Error(reasons.join());

  const listOptions: ListChatThreadsOptions = { maxPageSize: 10, startTime: new Date(0), abortSignal };
  const sameOptions: RestListChatThreadsOptions = listOptions;
  const threads: PagedAsyncIterableIterator<ChatThreadItem> = chat.listChatThreads(sameOptions);
  for await (const { id, topic, deletedOn, lastMessageReceivedOn } of threads) console.log(id, topic.length, deletedOn?.getTime(), lastMessageReceivedOn?.getTime());
  const settings: ListPageSettings = {};
  for await (const page of chat.listChatThreads().byPage({ ...settings, maxPageSize: 5 })) console.log(page.map((item: ChatThreadItem) => item.id));
  const deleteOptions: DeleteChatThreadOptions = { abortSignal, requestOptions: { timeout: 1000 } };
  await chat.deleteChatThread("19:other@thread.v2", deleteOptions);
  return thread.id;
}

/** Calls every method of ChatThreadClient. */
export async function useThread(chat: ChatClient, threadId: string, user: CommunicationIdentifier, operation: OperationOptions): Promise<void> {
  const thread: ChatThreadClient = chat.getChatThreadClient(threadId);
  const options: GetPropertiesOptions = operation;
  const { createdOn, createdBy, retentionPolicy, metadata }: ChatThreadProperties = await thread.getProperties(options);
  console.log(thread.threadId, createdOn.toISOString(), createdBy && nameOf(createdBy), retentionPolicy?.kind, metadata?.room);
  const topicOptions: UpdateTopicOptions = operation;
  await thread.updateTopic("Dinner", topicOptions);
  const changes: UpdateChatThreadPropertiesOptions = { topic: "Dinner", metadata: { room: "8" }, retentionPolicy: { kind: "none" } };
  await thread.updateProperties(changes);

  const message: SendMessageRequest = { content: "Hi" };
  const type: ChatMessageType = "html";
  const sendOptions: SendMessageOptions = { senderDisplayName: "Jane", type, metadata: { a: "1" } };
  const { id }: SendChatMessageResult = await thread.sendMessage(message, sendOptions);
  const getOptions: GetMessageOptions = operation;
  show(await thread.getMessage(id, getOptions));
  const listOptions: ListMessagesOptions = { maxPageSize: 20, startTime: createdOn };
  const sameOptions: RestListMessagesOptions = listOptions;
  for await (const each of thread.listMessages(sameOptions)) show(each);
  const first: IteratorResult<ChatMessage> = await thread.listMessages().next();
  if (!first.done) show(first.value);
  const update: UpdateMessageOptions = { content: "Hello", metadata: { a: "" } };
  await thread.updateMessage(id, update);
  const deleteOptions: DeleteMessageOptions = operation;
  await thread.deleteMessage(id, deleteOptions);

  const added: AddParticipantsRequest = { participants: [{ id: user }, { id: { phoneNumber: "+14255550123" } }, { id: { microsoftTeamsUserId: "1" } }] };
  const addOptions: AddParticipantsOptions = operation;
  const result: AddChatParticipantsResult = await thread.addParticipants(added, addOptions);
  console.log(result.invalidParticipants?.[0]?.message);
  const participantOptions: ListParticipantsOptions = { maxPageSize: 5, skip: 1 };
  const sameParticipantOptions: RestListParticipantsOptions = participantOptions;
  for await (const participant of thread.listParticipants(sameParticipantOptions)) console.log(getIdentifierRawId(participant.id), participant.displayName, participant.shareHistoryTime?.getTime());
  const removeOptions: RemoveParticipantOptions = operation;
  await thread.removeParticipant(user, removeOptions);

  const typingOptions: SendTypingNotificationOptions = { senderDisplayName: "Jane" };
  const isSent: boolean = await thread.sendTypingNotification(typingOptions);
  const receipt: SendReadReceiptRequest = { chatMessageId: id };
  const receiptOptions: SendReadReceiptOptions = operation;
  await thread.sendReadReceipt(receipt, receiptOptions);
  const listReceiptOptions: ListReadReceiptsOptions = { maxPageSize: 5, skip: 0 };
  const sameReceiptOptions: RestListReadReceiptsOptions = listReceiptOptions;
  const receipts: PagedAsyncIterableIterator<ChatMessageReadReceipt> = thread.listReadReceipts(sameReceiptOptions);
  for await (const { sender, chatMessageId, readOn } of receipts) console.log(nameOf(sender), chatMessageId, readOn.getTime(), isSent);
}

export function alone(endpoint: string, threadId: string, credential: CommunicationTokenCredential): ChatThreadClient {
  const options: ChatThreadClientOptions = {};
  return new ChatThreadClient(endpoint, threadId, credential, options);
}

function show({ id, type, sequenceId, version, content, senderDisplayName, createdOn, sender, deletedOn, editedOn, metadata }: ChatMessage): void {
  const { message, topic, participants, initiator, attachments }: ChatMessageContent = content ?? {};
  console.log(id, type === "text", sequenceId, version, message, topic, participants?.length, initiator && nameOf(initiator), senderDisplayName);
  console.log(createdOn.getTime(), sender && nameOf(sender), deletedOn?.getTime(), editedOn?.getTime(), metadata?.a, attachments?.map(attachmentOf));
}

function attachmentOf({ id, attachmentType, name, url, previewUrl }: ChatAttachment): string {
  const type: ChatAttachmentType = attachmentType;
  return [id, type, name, url, previewUrl].join();
}

// Compiles only if the switch covers all kinds.
function nameOf(identifier: CommunicationIdentifierKind): string {
  switch (identifier.kind) {
    case "communicationUser": return identifier.communicationUserId;
    case "phoneNumber": return identifier.phoneNumber;
    case "microsoftTeamsUser": return `${identifier.microsoftTeamsUserId} ${identifier.cloud} ${identifier.isAnonymous}`;
    case "microsoftTeamsApp": return identifier.teamsAppId;
    case "teamsExtensionUser": return identifier.userId;
    case "unknown": return identifier.id;
  }
}

/** Listens for every event. */
export async function follow(chat: ChatClient): Promise<void> {
  chat.on("realTimeNotificationConnected", () => console.log("connected"));
  chat.on("realTimeNotificationDisconnected", () => console.log("disconnected"));
  await chat.startRealtimeNotifications();
  const received = (event: ChatMessageReceivedEvent): void => console.log(event.threadId, event.id, event.message, event.metadata.a, event.attachments?.length);
  chat.on("chatMessageReceived", received);
  chat.on("chatMessageEdited", (event: ChatMessageEditedEvent) => console.log(event.message, event.editedOn.getTime()));
  chat.on("chatMessageDeleted", (event: ChatMessageDeletedEvent) => console.log(event.id, event.deletedOn.getTime(), nameOf(event.sender)));
  chat.on("typingIndicatorReceived", (event: TypingIndicatorReceivedEvent) => console.log(event.version, event.receivedOn.getTime()));
  chat.on("readReceiptReceived", (event: ReadReceiptReceivedEvent) => console.log(event.chatMessageId, event.readOn.getTime(), nameOf(event.recipient)));
  chat.on("chatThreadCreated", (event: ChatThreadCreatedEvent) => console.log(event.createdOn.getTime(), nameOf(event.createdBy.id), event.properties.metadata.room, event.retentionPolicy.kind));
  chat.on("chatThreadDeleted", (event: ChatThreadDeletedEvent) => console.log(event.deletedOn.getTime(), event.deletedBy.displayName, event.reason));
  chat.on("chatThreadPropertiesUpdated", (event: ChatThreadPropertiesUpdatedEvent) => console.log(event.properties.topic, event.updatedOn.getTime(), event.updatedBy.id.kind));
  chat.on("participantsAdded", (event: ParticipantsAddedEvent) => console.log(event.addedOn.getTime(), event.addedBy.id.kind, event.participantsAdded.map(({ displayName }) => displayName.length)));
  chat.on("participantsRemoved", (event: ParticipantsRemovedEvent) => console.log(event.removedOn.getTime(), event.removedBy.id.kind, event.participantsRemoved.map(({ metadata }) => metadata.seat)));
  chat.off("chatMessageReceived", received);
  const names: ChatEventId[] = ["chatMessageReceived", "realTimeNotificationConnected"];
  console.log(names);
  await chat.stopRealtimeNotifications();
}
