// Calls of operations: { operation, ids, request, apiVersion, idempotencyToken, nextLink }. A call comes from a form or from an entry of
// the log. It becomes arguments of the client's method, or code.

import { operationOf, operations } from "./operation_table.js";

const tokenName = "acschat.idempotencyToken"; // in the metadata of messages that the client sends exactly once

/** Returns the arguments that the client's method takes. */
export function argumentsOf({ operation, ids, request, apiVersion, idempotencyToken }) {
  const { name, argument, isList } = operationOf(operation);
  const options = { ...(isList && request), ...(apiVersion && { apiVersion }), ...(idempotencyToken && { idempotencyToken }) };
  return [...idsOf(operation, ids), ...(argument && !isList ? [request ?? {}] : []), options];
}

const idsOf = (name, ids = {}) => operationOf(name).ids.map((id) => ids[id] ?? "");

/** Makes the call with a client. Of a list it gives one page. */
export async function run(client, call, extra) {
  const args = argumentsOf(call);
  Object.assign(args.at(-1), extra);
  if (!operationOf(call.operation).isList) return client[call.operation](...args);
  for await (const page of client[call.operation](...args).byPage({ nextLink: call.nextLink })) return page;
}

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns a call from data that anybody may have written, such as a link. It leaves out what does not have the form of a call. */
export function callFrom(operation, { ids, request, apiVersion, idempotencyToken }) {
  const isText = (value) => typeof value === "string";
  return {
    operation,
    ...(isObject(ids) && { ids: Object.fromEntries(Object.entries(ids).filter(([, id]) => isText(id))) }),
    ...(isObject(request) && { request }),
    ...(isText(apiVersion) && { apiVersion }),
    ...((isText(idempotencyToken) || idempotencyToken === true) && { idempotencyToken }),
  };
}

/** Returns the line that the request of a call begins with, such as "GET /chat/threads?api-version=2025-03-15". */
export function requestLine({ operation, ids = {}, request, apiVersion, nextLink }) {
  if (nextLink) return `GET ${nextLink}`;
  const { method, path, isList, version } = operationOf(operation);
  const filled = path.replace(/\{(\w+)\}/g, (placeholder, id) => (ids[id] ? encodeURIComponent(ids[id]) : placeholder));
  const query = new URLSearchParams({ "api-version": apiVersion || version });
  if (isList) for (const [name, value] of Object.entries(request ?? {})) query.set(name, value);
  return `${method} ${filled}?${query}`;
}

/** Returns the call that sends the request of an exchange, or undefined if the request is of no operation. */
export function callOf({ method, url, requestBody }) {
  const { pathname, searchParams } = new URL(url);
  for (const { name, method: own, path, isList, argument } of operations) {
    const ids = own === method && match(path, pathname);
    if (!ids) continue;
    const call = { operation: name, ids, apiVersion: searchParams.get("api-version") ?? undefined };
    if (isList) return { ...call, ...listOf(searchParams, url) };
    if (argument) call.request = requestBody ? JSON.parse(requestBody) : {};
    return withoutToken(call);
  }
}

/** Returns the ids in a path that has the form of an operation's, or undefined. */
function match(path, pathname) {
  const parts = path.split("/"), given = pathname.split("/");
  if (parts.length !== given.length) return undefined;
  const ids = {};
  for (const [i, part] of parts.entries()) {
    if (part.startsWith("{")) ids[part.slice(1, -1)] = decodeURIComponent(given[i]);
    else if (part !== given[i]) return undefined;
  }
  return ids;
}

const queryTypes = { maxPageSize: Number, skip: Number, startTime: String };

/** Returns the query of a list as its options. The query of a nextLink is the service's own, so such a call keeps the link. */
function listOf(searchParams, url) {
  const request = {};
  for (const [name, value] of searchParams) {
    if (name === "api-version") continue;
    if (!Object.hasOwn(queryTypes, name)) return { request: {}, nextLink: url };
    request[name] = queryTypes[name](value);
  }
  return { request };
}

/** Makes the call ask for a token of its own in place of the one that the client has put into the message: otherwise it would send nothing. */
function withoutToken(call) {
  if (call.operation !== "sendMessage" || !Object.hasOwn(call.request.metadata ?? {}, tokenName)) return call;
  const { [tokenName]: used, ...metadata } = call.request.metadata;
  const { metadata: _, ...request } = call.request;
  return { ...call, request: { ...request, ...(Object.keys(metadata).length > 0 && { metadata }) }, idempotencyToken: true };
}
