// Errors in the form of the SDK's RestError.

import { ChatError } from "../chat.js";

/** Has the name, statusCode, code, message and details of the SDK's RestError, which code recognizes by its name. cause is the ChatError. */
class RestError extends Error {
  constructor(message, cause, fields) {
    super(message, { cause });
    Object.assign(this, { hint: cause.hint }, fields);
  }
}
Object.defineProperty(RestError.prototype, "name", { value: "RestError", writable: true, configurable: true });

class AbortError extends Error {}
Object.defineProperty(AbortError.prototype, "name", { value: "AbortError", writable: true, configurable: true });

// The SDK's codes where there is no answer of the service, and ours otherwise.
const codes = { NetworkError: "REQUEST_SEND_ERROR", ParseError: "PARSE_ERROR" };

// The answers whose body the SDK knows. The details of others have it as member body.
const documented = [401, 403, 429, 503];

/** Translates what a call of this package rejected with. exchange is its last one, if there was one. */
export function sdkError(error, exchange, abortSignal) {
  if (!(error instanceof ChatError)) return abortSignal?.aborted ? new AbortError("The operation was aborted.", { cause: error }) : error;
  const { code, message, status, serviceCode, target, cause } = error;
  if (code === "TokenError" && cause !== undefined) return cause; // what the credential threw
  if (code === "InvalidArgument" && error.operation !== "createClient") {
    const answer = { code: "BadRequest", message, target }; // what the service would say
    return new RestError(message, error, { statusCode: 400, code: answer.code, details: { body: { error: answer } } });
  }
  if (code === "DeliveryUnknown") return new RestError(message, error, { statusCode: status ?? cause?.status, code });
  if (status === undefined || code === "ParseError") return new RestError(message, error, { statusCode: status, code: codes[code] ?? code });
  const body = bodyOf(exchange);
  return new RestError(body?.error?.message ?? message, error, {
    statusCode: status,
    code: serviceCode,
    details: documented.includes(status) ? { ...body } : { body },
    request: { url: exchange?.url, method: exchange?.method },
    response: { status, bodyAsText: exchange?.responseBody },
  });
}

function bodyOf(exchange) {
  try {
    return JSON.parse(exchange.responseBody);
  } catch {
    return undefined; // no answer, or a proxy's HTML page
  }
}
