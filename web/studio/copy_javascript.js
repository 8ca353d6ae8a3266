// Writes a call as a program in JavaScript that uses this client. It runs in a module and in the console of a page beside chat.js. With an
// emulator in the page it brings an emulator of its own, which begins empty, and makes what the call needs.

import { jsString, jsValue } from "./copy_literal.js";
import { operationOf } from "./operation_table.js";

const head = "// Runs in a module beside chat.js, and in the console of the studio. In a project with npm, import";

/** context is { service, person, people } of the studio. */
export function javaScriptOf(call, context) {
  return context.service.kind === "emulator" ? withEmulator(call, context) : withToken(call, context);
}

function withToken(call, { service, person }) {
  return `${head} "acschat".
const { initialize, createClient } = await import("./chat.js");

await initialize();
const token = prompt(${jsString(`Access token of ${person.name}`)});
const client = createClient({ endpoint: ${jsString(service.endpoint)}, token${versionOf(call)} });
${invocation(call, () => undefined)}
`;
}

function withEmulator(call, { person, people }) {
  const names = people.map(({ name }) => name);
  const users = new Map(people.map(({ id, name }) => [id, `emulator.users${memberOf(name)}.id`]));
  const needs = { thread: Boolean(call.ids?.threadId), message: Boolean(call.ids?.messageId || call.request?.chatMessageId) };
  const others = people.filter(({ id }) => id !== person.id);
  const call2 = { ...call, nextLink: undefined }; // a link of another emulator
  return `${head} "acschat" and "acschat/emulator".
const { initialize, createClient } = await import("./chat.js");
const { createEmulator } = await import("./emulator.js");

await initialize();
const emulator = await createEmulator({ users: ${jsValue(names)} });
const { token } = emulator.users${memberOf(person.name)};
const client = createClient({ endpoint: emulator.endpoint, token, fetch: emulator.fetch${versionOf(call)} });
${setUp(needs, others, users)}${invocation(call2, (type, text) => {
    if (type === "thread" && needs.thread) return "threadId";
    if (type === "message" && needs.message) return "messageId";
    return type === "user" ? users.get(text) : undefined;
  })}
`;
}

/** Makes the thread and the message that a call is about. */
function setUp({ thread, message }, others, users) {
  if (!thread) return "";
  const participants = others.map(({ id, displayName }) => `{ communicationIdentifier: ${users.get(id)}, displayName: ${jsString(displayName)} }`);
  return `
// The emulator begins empty.
const participants = [${participants.join(", ")}];
const { chatThread: { id: threadId } } = await client.createThread({ topic: "Lunch", participants });
${message ? 'const { id: messageId } = await client.sendMessage(threadId, { content: "Hi" });\n' : ""}
`;
}

const memberOf = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${jsString(name)}]`);
const versionOf = ({ apiVersion }) => (apiVersion ? `, apiVersion: ${jsString(apiVersion)}` : "");

function invocation(call, expressionOf) {
  const { name, ids, argument, isList, fields, hasResult } = operationOf(call.operation);
  const types = Object.fromEntries(fields.map((field) => [field.name, field.type]));
  const request = call.request ?? {};
  const write = (value) => jsValue(value, { type: argument === "identifier" ? "identifier" : undefined, types, expressionOf });
  const args = ids.map((id) => jsValue(call.ids[id], { type: id.replace("Id", ""), expressionOf }));
  const options = call.idempotencyToken ? { idempotencyToken: call.idempotencyToken } : {};
  if (isList && Object.keys(request).length > 0) args.push(write(request));
  if (argument && !isList) args.push(write(request));
  if (Object.keys(options).length > 0) args.push(jsValue(options));
  const made = `client.${name}(${args.join(", ")})`;
  if (!isList) return hasResult ? `const result = await ${made};\nconsole.log(result);` : `await ${made};\nconsole.log("${name}: done");`;
  const settings = call.nextLink ? `{ nextLink: ${jsString(call.nextLink)} }` : "";
  return `for await (const page of ${made}.byPage(${settings})) {
  console.log(page);
  break; // one page is one request. Without this line, all pages
}`;
}
