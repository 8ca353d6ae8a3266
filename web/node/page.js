// Serves the demo page, and the token route from which the page gets a token for a user.

import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";

import { hostOf, isLoopback } from "./loopback.js";

const types = { css: "text/css; charset=utf-8", html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", svg: "image/svg+xml", ts: "text/plain; charset=utf-8", wasm: "application/wasm" };
const fileName = /^\/(?:(?:studio\/)?[\w-][\w.-]*\.(css|html|js|svg|ts|wasm))?$/; // no other folders, and no files that begin with a dot
const userName = /^[A-Za-z0-9_.-]{1,64}$/;
const maxUsers = 1000; // a runaway script cannot create more
const maxTokenRequest = 1 << 10; // bytes

/** Throws an error if this cannot be the name of a user. */
export function checkName(name) {
  if (typeof name !== "string" || !userName.test(name)) throw new Error("a user's name must have 1 to 64 characters: letters (a to z), digits, dots, hyphens or underscores");
}

/** Returns a request handler. folders are file: URLs, and the first that has a file is used. host is where the page is served. */
export function pageOf(folders, emulator, host) {
  return (request, response) => {
    response.setHeader("X-Content-Type-Options", "nosniff");
    const path = request.url.split("?", 1)[0];
    if (path.startsWith("/emulator/")) return emulator.answer(request, response); // the control endpoints, which check where requests come from
    const answered = path === "/token" ? serveToken(request, response, emulator, host) : serveFile(request, response, path, folders);
    answered.catch(() => response.destroy()); // the client has gone
  };
}

async function serveFile({ method, headers }, response, path, folders) {
  response.setHeader("Content-Security-Policy", "frame-ancestors 'self'"); // against clickjacking
  response.setHeader("Cache-Control", "no-cache"); // a page never combines a new chat.wasm with an old chat.js
  if (method !== "GET" && method !== "HEAD") return text(response.setHeader("Allow", "GET, HEAD"), 405, "the page's files can only be read: use GET");
  const found = fileName.exec(path);
  const content = found && (await read(folders, path === "/" ? "index.html" : path.slice(1)));
  if (!content) return text(response, 404, "404 page not found");
  const tag = `"${createHash("sha256").update(content).digest("base64url")}"`;
  response.setHeader("ETag", tag);
  if (headers["if-none-match"] === tag) return response.writeHead(304).end();
  response.writeHead(200, { "Content-Type": types[found[1] ?? "html"], "Content-Length": content.length }).end(content);
}

async function read(folders, name) {
  for (const folder of folders) {
    const url = new URL(name, folder);
    if ((await stat(url).catch(() => undefined))?.isFile()) return readFile(url);
  }
}

const text = (response, status, content) => response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${content}\n`);

/**
 * Answers POST /token with what the page needs to chat as the user in the body, such as {"user":"jane"}. It keeps other pages out: it has no CORS
 * headers, it requires a content type that forms cannot send, and it checks Origin, and Host because of DNS rebinding.
 */
async function serveToken(request, response, emulator, host) {
  const { origin, host: header = "", "content-type": type = "" } = request.headers;
  response.setHeader("Cache-Control", "no-store");
  const fail = (status, code, message) => json(response, status, { error: { code, message } });
  const name = hostOf(header);
  if (!isLoopback(name) && !(host !== "" && name.toLowerCase() === host.toLowerCase())) {
    return fail(403, "Forbidden", `there are no tokens for host "${header}": open the page as localhost, or start acschat with that host in -page`);
  }
  if (origin && origin.toLowerCase() !== `http://${header}`.toLowerCase()) {
    return fail(403, "Forbidden", `there are no tokens for pages of "${origin}": only this server's own page gets them`);
  }
  if (request.method !== "POST") {
    response.setHeader("Allow", "POST");
    return fail(405, "MethodNotAllowed", "use POST to get a token");
  }
  if (!/^application\/json\s*(;|$)/i.test(type)) return fail(415, "UnsupportedMediaType", "send the user's name as application/json");
  let user;
  try {
    user = userOf(await bodyOf(request));
    checkName(user);
  } catch (error) {
    return fail(400, "BadRequest", error.message);
  }
  user = user.toLowerCase();
  if (emulator.users[user] === undefined && Object.keys(emulator.users).length >= maxUsers) {
    return fail(429, "TooManyRequests", `there are ${maxUsers} users already: use one of their names, or restart the server`);
  }
  const { id, token } = await emulator.createUser(user);
  return json(response, 200, { endpoint: emulator.endpoint, id, token, expiresOn: expiryOf(token) });
}

async function bodyOf(request) {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) {
    body += chunk;
    if (body.length > maxTokenRequest) throw new Error(`the body is larger than ${maxTokenRequest} bytes`);
  }
  return body;
}

function userOf(body) {
  let value;
  try {
    value = JSON.parse(body);
  } catch {} // value is undefined then
  if (typeof value !== "object" || value === null || Object.keys(value).join() !== "user") throw new Error('the body must be a JSON object such as {"user":"jane"}');
  return value.user;
}

/** Returns when a token expires, which is in its payload as seconds. */
const expiryOf = (token) => new Date(JSON.parse(Buffer.from(token.split(".")[1], "base64url")).exp * 1000).toISOString().replace(".000Z", "Z");

const json = (response, status, body) => response.writeHead(status, { "Content-Type": "application/json; charset=utf-8" }).end(`${JSON.stringify(body)}\n`);
