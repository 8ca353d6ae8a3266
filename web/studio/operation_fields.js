// The fields of requests: their types, which ones are required, and their limits. operation_table.js says which operation has which.

/** The api-versions of the service, the recommended one first. */
export const apiVersions = ["2025-03-15", "2024-03-15-preview", "2024-03-07"];

const since2024 = ["2024-03-15-preview", "2025-03-15"];
const preview = ["2024-03-15-preview"];
const latest = ["2025-03-15"];

// A type of a field is one of these, or the name of a model below. "Name[]" is a list of such models.
//
// text, longText, boolean, number, time (RFC 3339), metadata (names and values), thread, message, user (the raw id of each)
const clouds = ["public", "dod", "gcch"];

/** The models of the REST documentation. go is the type's name in chatcore, oneOf says that at most one of the objects is set. */
export const models = {
  identifier: {
    go: "CommunicationIdentifierModel",
    fields: [
      { name: "rawId", type: "user" },
      { name: "kind", type: "text" },
      { name: "communicationUser", type: "communicationUser" },
      { name: "phoneNumber", type: "phoneNumber" },
      { name: "microsoftTeamsUser", type: "microsoftTeamsUser" },
      { name: "microsoftTeamsApp", type: "microsoftTeamsApp" },
      { name: "teamsExtensionUser", type: "teamsExtensionUser", versions: latest },
    ],
  },
  communicationUser: { go: "CommunicationUserIdentifierModel", isPointer: true, fields: [{ name: "id", type: "user", required: true }] },
  phoneNumber: {
    go: "PhoneNumberIdentifierModel",
    isPointer: true,
    fields: [
      { name: "value", type: "text", required: true },
      { name: "isAnonymous", type: "boolean", versions: latest },
      { name: "assertedId", type: "text", versions: latest },
    ],
  },
  microsoftTeamsUser: {
    go: "MicrosoftTeamsUserIdentifierModel",
    isPointer: true,
    fields: [
      { name: "userId", type: "text", required: true },
      { name: "isAnonymous", type: "boolean" },
      { name: "cloud", type: "text", choices: clouds },
    ],
  },
  microsoftTeamsApp: {
    go: "MicrosoftTeamsAppIdentifierModel",
    isPointer: true,
    fields: [
      { name: "appId", type: "text", required: true },
      { name: "cloud", type: "text", choices: clouds },
    ],
  },
  teamsExtensionUser: {
    go: "TeamsExtensionUserIdentifierModel",
    isPointer: true,
    fields: [
      { name: "userId", type: "text", required: true },
      { name: "tenantId", type: "text", required: true },
      { name: "resourceId", type: "text", required: true },
      { name: "cloud", type: "text", choices: clouds },
    ],
  },
  participant: {
    go: "ChatParticipant",
    fields: [
      { name: "communicationIdentifier", type: "identifier", required: true },
      { name: "displayName", type: "text" },
      { name: "shareHistoryTime", type: "time", limit: "RFC 3339. Default: all of the history" },
      { name: "metadata", type: "metadata", limit: "1 KB in all", versions: since2024 },
    ],
  },
  retentionPolicy: {
    go: "ChatRetentionPolicy",
    isPointer: true,
    fields: [
      { name: "kind", type: "text", required: true, choices: ["threadCreationDate", "none"] },
      { name: "deleteThreadAfterDays", type: "number", limit: "30 to 90, with threadCreationDate" },
    ],
  },
  attachment: {
    go: "ChatAttachment",
    fields: [
      { name: "id", type: "text", required: true },
      { name: "attachmentType", type: "text", required: true, choices: ["image", "file"] },
      { name: "name", type: "text" },
      { name: "url", type: "text" },
      { name: "previewUrl", type: "text" },
    ],
  },
};

const topic = { name: "topic", type: "text" };
const participants = { name: "participants", type: "participant[]", limit: "at most 200" };
const metadata = { name: "metadata", type: "metadata" };
const threadMetadata = { ...metadata, limit: "1 KB in all", versions: since2024 };
const retentionPolicy = { name: "retentionPolicy", type: "retentionPolicy", versions: since2024 };
const senderDisplayName = { name: "senderDisplayName", type: "text" };
const content = { name: "content", type: "longText", limit: "at most 28 KB" };
const attachments = { name: "attachments", type: "attachment[]", versions: preview, limit: "Microsoft Teams only" };
const maxPageSize = { name: "maxPageSize", type: "number", limit: "at least 1" };
const startTime = { name: "startTime", type: "time", limit: "RFC 3339" };
const skip = { name: "skip", type: "number" };

/** The fields of each request, with the name that its type has in chatcore. Required fields come first. */
export const requests = {
  createThread: { go: "CreateChatThreadRequest", fields: [{ ...topic, required: true }, participants, threadMetadata, retentionPolicy] },
  updateThread: { go: "UpdateChatThreadRequest", fields: [topic, threadMetadata, retentionPolicy] },
  sendMessage: {
    go: "SendChatMessageRequest",
    fields: [{ ...content, required: true }, senderDisplayName, { name: "type", type: "text", choices: ["text", "html"], go: "ChatMessageType" }, metadata, attachments],
  },
  updateMessage: { go: "UpdateChatMessageRequest", fields: [content, metadata, attachments] },
  addParticipants: { go: "AddChatParticipantsRequest", fields: [{ ...participants, required: true, limit: "1 to 200" }] },
  sendTypingNotification: { go: "SendTypingNotificationRequest", fields: [senderDisplayName] },
  sendReadReceipt: { go: "SendReadReceiptRequest", fields: [{ name: "chatMessageId", type: "message", required: true }] },
  listThreads: { go: "ListChatThreadsOptions", fields: [maxPageSize, startTime] },
  listMessages: { go: "ListChatMessagesOptions", fields: [{ ...maxPageSize, limit: "1 to 200" }, startTime] },
  listParticipants: { go: "ListChatParticipantsOptions", fields: [maxPageSize, skip] },
  listReadReceipts: { go: "ListChatReadReceiptsOptions", fields: [maxPageSize, skip] },
  removeParticipant: models.identifier,
};
