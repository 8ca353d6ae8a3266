// A thread with many messages, and a fetch that answers requests for it at once.

import { endpoint, identifier, message, threadId } from "./work.js";

const path = `${endpoint}/chat/threads/${encodeURIComponent(threadId)}`;
const participants = [{ communicationIdentifier: identifier(0), displayName: "Jane" }];

export class Thread {
  #count;
  #sent = new Map(); // requests of messages that were sent here, by number
  requests = 0; // of messages
  answeredAt = 0; // when the last page of messages was answered

  constructor(count) {
    this.#count = count;
  }

  /** Adds a message. Returns its id. */
  add() {
    this.#count++;
    return message(this.#count).id;
  }

  /** Answers as fetch does. */
  fetch = async (address, { method, body }) => {
    const url = new URL(address);
    const resource = url.href.slice(path.length, -url.search.length);
    switch (`${method} ${resource}`) {
      case "GET /messages":
        return json(200, this.#page(url));
      case "POST /messages":
        this.#count++;
        this.#sent.set(this.#count, JSON.parse(body));
        return json(201, { id: message(this.#count).id });
      case "GET /participants":
        return json(200, { value: participants });
      case "GET /readReceipts":
        return json(200, { value: [] });
      case "POST /readReceipts":
        return new Response(null, { status: 200 });
      case "GET ":
        return json(200, { id: threadId, topic: "Release on Friday", createdOn: "2026-03-01T08:40:00Z", createdByCommunicationIdentifier: identifier(0) });
    }
    throw new Error(`the stubbed service does not know ${method} ${url}`);
  };

  #page(url) {
    this.requests++;
    const size = Number(url.searchParams.get("maxPageSize"));
    const last = Number(url.searchParams.get("last") ?? this.#count);
    const value = Array.from({ length: Math.min(size, last) }, (_, i) => this.#message(last - i));
    url.searchParams.set("last", last - size);
    this.answeredAt = performance.now();
    return { value, ...(last > size && { nextLink: url.href }) };
  }

  #message(n) {
    const request = this.#sent.get(n);
    if (request === undefined) return message(n);
    const { content, senderDisplayName, metadata } = request;
    return { ...message(n), content: { message: content }, senderDisplayName, senderCommunicationIdentifier: identifier(0), metadata };
  }
}

const json = (status, value) => new Response(JSON.stringify(value), { status, headers: { "Content-Type": "application/json; charset=utf-8" } });
