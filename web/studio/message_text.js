// What a message says, as text.

import { element, listed } from "../view.js";

const nameOf = ({ displayName, communicationIdentifier }) => displayName ?? communicationIdentifier.rawId;

/** Returns what the service's own message says, or undefined for a user's message. */
export function noteOf({ type, content = {} }) {
  const names = () => listed((content.participants ?? []).map(nameOf));
  switch (type) {
    case "topicUpdated":
      return `The topic is “${content.topic}”`;
    case "participantAdded":
      return `${names()} joined`;
    case "participantRemoved":
      return `${names()} left`;
  }
  return undefined;
}

/** Returns a message in one line, as parts of an element. The text has its own direction: it may be Arabic after a Latin name. */
export function summaryOf(message) {
  const { content, deletedOn, mine, senderDisplayName } = message;
  const sender = mine ? "You" : senderDisplayName || "Somebody";
  const note = noteOf(message);
  return note === undefined ? [element("bdi", {}, sender), ": ", element("bdi", {}, deletedOn ? "deleted" : (content?.message ?? message.type))] : [note];
}

/** Returns the time of a message, which for a message that is not sent is now. */
export function timeOf({ createdOn }) {
  return createdOn === undefined ? "" : new Date(createdOn).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
