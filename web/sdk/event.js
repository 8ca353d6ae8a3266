// The events of the SDK, made from what the service lists.

import { identifierOf } from "./identifier.js";
import { messageOf, participantOf, receiptOf, threadOf } from "./model.js";

// The types of messages have these names in events.
const types = { text: "Text", html: "RichText/Html" };

/** Returns the name and the event that tell of the service's message, or nothing for one that has no event. */
export function changeOf(threadId, message, recipient) {
  const { id, version } = message;
  const { type, content, createdOn, deletedOn, editedOn, sender, senderDisplayName, metadata = {} } = messageOf(message);
  const by = () => participantEventOf({ id: content.initiator ?? unknown });
  switch (type) {
    case "participantAdded":
      return { name: "participantsAdded", event: { threadId, version, addedOn: createdOn, addedBy: by(), participantsAdded: content.participants.map(participantEventOf) } };
    case "participantRemoved":
      return { name: "participantsRemoved", event: { threadId, version, removedOn: createdOn, removedBy: by(), participantsRemoved: content.participants.map(participantEventOf) } };
    case "topicUpdated":
      return { name: "chatThreadPropertiesUpdated", event: { threadId, version, updatedOn: createdOn, updatedBy: by(), properties: { topic: content.topic, metadata: {} } } };
  }
  if (sender === undefined) return undefined; // another message of the service's own
  const event = { threadId, sender, senderDisplayName, recipient, id, createdOn, version, type: types[type] ?? type };
  if (deletedOn !== undefined) return { name: "chatMessageDeleted", event: { ...event, deletedOn } };
  const received = { ...event, message: content?.message ?? "", metadata, attachments: content?.attachments ?? [] };
  return editedOn === undefined ? { name: "chatMessageReceived", event: received } : { name: "chatMessageEdited", event: { ...received, editedOn } };
}

/** Returns a chatThreadCreated for the service's thread and its participants. version is that of the thread's first messages. */
export function createdEvent(thread, participants, version) {
  const { id, createdOn, createdBy, ...rest } = threadOf(thread);
  const people = participants.map((participant) => participantEventOf(participantOf(participant)));
  const creator = people.find((participant) => rawIdOf(participant.id) === rawIdOf(createdBy));
  return { threadId: id, version, createdOn, createdBy: creator ?? participantEventOf({ id: createdBy }), participants: people, ...propertiesOf(rest) };
}

/** Returns the members of an event for the properties of a thread. */
export const propertiesOf = ({ topic, metadata = {}, retentionPolicy = { kind: "none" } }) => ({ properties: { topic, metadata }, retentionPolicy });

/** Returns a chatThreadDeleted. The service does not list by whom, when and why. */
export function deletedEvent(threadId) {
  const deletedOn = new Date();
  return { threadId, version: `${deletedOn.getTime()}`, deletedOn, deletedBy: participantEventOf({ id: unknown }), reason: "" };
}

export function receiptEvent(threadId, receipt, recipient) {
  return { threadId, senderDisplayName: "", recipient, ...receiptOf(receipt) };
}

const unknown = identifierOf({ rawId: "" });

const participantEventOf = (participant) => ({ displayName: "", metadata: {}, ...participant });

const rawIdOf = ({ rawId, communicationUserId, id }) => rawId ?? communicationUserId ?? id;
