// The errors of this package, and the built-ins that the other modules use.

// The built-ins are bound when this module is evaluated, because pages replace them later, as zone.js replaces Promise. fetch is looked
// up for each call, because pages replace it on purpose. Go's support code uses some of these names. Object and URL cannot be declared
// here: transpilers put code that uses Object in front of a module, and bundlers look for URL.
export const { Array, DataView, Date, Error, Function, JSON, Map, Math, Number, Promise, RangeError, Reflect, Set, String, Symbol, TypeError } = globalThis;
export const { Uint8Array, Uint8ClampedArray, clearTimeout, isNaN, parseInt, performance, queueMicrotask, setTimeout } = globalThis;
export const { assign, defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf, keys } = Object;
export const PlainObject = Object, PageURL = globalThis.URL;
export const { parse, stringify } = JSON;

/** The error that every promise of this package rejects with, except after an abort: then it is the reason of the signal. */
export class ChatError extends Error {
  constructor(message, options) {
    const { cause, ...fields } = ownOf(options);
    super(message, cause === undefined ? undefined : { cause });
    assign(this, { attempts: 0 }, fields);
  }
}
defineProperty(ChatError.prototype, "name", { __proto__: null, value: "ChatError", writable: true, configurable: true });

/** Returns the own properties of an object, or of undefined. A page may have added properties to Object.prototype. */
export const ownOf = (object) => ({ __proto__: null, ...object });

/** Returns the error for all calls after the program has ended. */
export function programEnded(cause) {
  const hint = "Call initialize() and createClient() again. Please report what led to this.";
  return new ChatError("the client's program has ended", { code: "InternalError", hint, cause });
}

/** Returns the error for a message that was given to fetch before the program ended. sentBody is the request body. */
export function deliveryUnknown(sentBody, cause) {
  const { "acschat.idempotencyToken": idempotencyToken } = ownOf(ownOf(parse(sentBody)).metadata);
  const next = idempotencyToken ? "Send it again, unchanged and with the same idempotencyToken, to find out." : "Look at the thread before you send it again.";
  return new ChatError(`sendMessage: the message may or may not have been delivered (${cause.message})`, {
    operation: "sendMessage",
    code: "DeliveryUnknown",
    hint: `The message may have arrived. ${next}`,
    ...(idempotencyToken && { idempotencyToken }),
    cause,
  });
}

/** Returns a rejected promise. */
export async function rejected(reason) {
  throw reason;
}

/** Returns the error of initialize for a bad option. */
export function invalid(name, problem, cause) {
  return new ChatError(`initialize: ${name} ${problem}`, { operation: "initialize", code: "InvalidArgument", target: name, cause });
}

/** Returns the error of initialize for a file that cannot be loaded. */
export function loadError(problem, hint, fields) {
  return new ChatError(`initialize: ${problem}`, { operation: "initialize", code: "LoadError", hint, ...fields });
}

/** Returns what f returns, or undefined if it throws. */
export function tried(f) {
  try {
    return f();
  } catch {
    return undefined;
  }
}
