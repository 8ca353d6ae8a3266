// The faults that the page offers, each with what the client does about it. faults.js says what the members mean.

export const catalog = [
  {
    title: "Lose the answer",
    operation: "sendMessage",
    loses: "answer",
    effect: "The service stores the message, and the answer is lost. The client looks for the message before it sends again, so it is there once.",
  },
  {
    title: "Lose the request",
    operation: "sendMessage",
    loses: "request",
    effect: "The connection breaks before the service has stored the message. The client looks for it, does not find it, and sends it again.",
  },
  {
    title: "429 Too many requests",
    rule: { status: 429, retryAfter: 3, exposeRetryAfter: true },
    effect: "The client waits the 3 seconds that the service asks for. Then it repeats the call: nothing was stored before.",
  },
  {
    title: "503 Unavailable",
    rule: { status: 503 },
    effect: "The message may have been stored, or not. The client looks before it sends again, and simply repeats other calls.",
  },
  {
    title: "Refuse the message",
    operation: "sendMessage",
    rule: { status: 400 },
    effect: "Sending again would fail in the same way. The message stays as “not sent”, with the reason, until you retry or discard it.",
  },
  {
    title: "Refuse the token",
    rule: { status: 401 },
    effect: "The client asks for a new token, and repeats the refused call once.",
  },
  {
    title: "Slow answer",
    rule: { trickleMs: 700 },
    effect: "The answer arrives in pieces over 3 seconds. The message is shown at once, as being sent.",
  },
];

/** Forwards of the emulator's clock, in milliseconds. */
export const advances = [
  ["1 minute", 60_000],
  ["1 hour", 3_600_000],
  ["25 hours", 90_000_000],
];
