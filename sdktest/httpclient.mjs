// Lets the official clients use a fetch function, such as createEmulator's.

import { AbortError } from "@azure/abort-controller";
import { RestError, createHttpHeaders } from "@azure/core-rest-pipeline";

/** Returns a value for the option httpClient of ChatClient and CommunicationIdentityClient. */
export function httpClientOf(fetch) {
  return {
    async sendRequest(request) {
      const { url, method, body, abortSignal } = request;
      const headers = [...request.headers];
      try {
        const response = await fetch(url, { method, headers, body, signal: abortSignal });
        return { request, status: response.status, headers: createHttpHeaders(Object.fromEntries(response.headers)), bodyAsText: await response.text() };
      } catch (error) {
        if (abortSignal?.aborted) throw new AbortError("The operation was aborted.");
        throw new RestError(error.message, { code: "ECONNRESET", request }); // after which the official clients try again
      }
    },
  };
}
