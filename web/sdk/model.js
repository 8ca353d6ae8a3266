// The SDK's models: participants, messages, threads and receipts, from and to the shapes of the REST API.

import { identifierOf, modelOf } from "./identifier.js";

/** Returns a copy with Dates in place of these members, as far as it has them. */
function withDates(object, ...names) {
  const copy = { ...object };
  for (const name of names) if (copy[name] !== undefined) copy[name] = new Date(copy[name]);
  return copy;
}

/** Returns the REST API's form of a participant to add. */
export function participantRequestOf({ id, ...participant }) {
  return { ...participant, communicationIdentifier: modelOf(id) };
}

export function participantOf({ communicationIdentifier, ...participant }) {
  return { ...withDates(participant, "shareHistoryTime"), id: identifierOf(communicationIdentifier) };
}

export function messageOf({ content, senderCommunicationIdentifier, ...message }) {
  const result = withDates(message, "createdOn", "deletedOn", "editedOn");
  if (content !== undefined) result.content = contentOf(content);
  if (senderCommunicationIdentifier === undefined) return result; // the service's own message
  return { senderDisplayName: "", ...result, sender: identifierOf(senderCommunicationIdentifier) };
}

function contentOf({ participants, initiatorCommunicationIdentifier, ...content }) {
  return {
    ...content,
    ...(initiatorCommunicationIdentifier && { initiator: identifierOf(initiatorCommunicationIdentifier) }),
    ...(participants && { participants: participants.map(participantOf) }),
  };
}

export function threadOf({ createdByCommunicationIdentifier, ...thread }) {
  return { ...withDates(thread, "createdOn", "deletedOn"), createdBy: identifierOf(createdByCommunicationIdentifier) };
}

export const threadItemOf = (item) => withDates(item, "deletedOn", "lastMessageReceivedOn");

export function receiptOf({ senderCommunicationIdentifier, ...receipt }) {
  return { ...withDates(receipt, "readOn"), sender: identifierOf(senderCommunicationIdentifier) };
}

/** Returns the member invalidParticipants of a result, which the SDK leaves out if there are none. */
export function invalidParticipantsOf({ invalidParticipants }) {
  return invalidParticipants.length > 0 ? { invalidParticipants: invalidParticipants.map(errorOf) } : {};
}

function errorOf({ details, innererror, ...error }) {
  return { ...error, ...(details && { details: details.map(errorOf) }), ...(innererror && { innerError: errorOf(innererror) }) };
}
