// A server for static files, with a token route.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

import { endpoint, users } from "./emulator.mjs";

const mimeTypes = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};

/**
 * Serves a folder until the end of the test. Returns the origin. Options: MIME types by extension, headers of all answers, and a fallback, the file
 * for unknown paths.
 */
export async function serve(t, folder, { types, headers = {}, fallback } = {}) {
  const server = createServer(async (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname === "/token") return issueToken(request, response);
    const name = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    const file = (await read(folder, name, 200)) ?? (fallback && (await read(folder, fallback, 200))) ?? { status: 404, type: ".html", body: "<p>Not found" };
    response.writeHead(file.status, { "Content-Type": { ...mimeTypes, ...types }[file.type] ?? "application/octet-stream" }).end(file.body);
  });
  await new Promise((listening) => server.listen(0, "localhost", listening));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://localhost:${server.address().port}`;
}

async function read(folder, name, status) {
  try {
    return { status, type: extname(name), body: await readFile(join(folder, name)) };
  } catch {
    return undefined;
  }
}

/** Answers with the endpoint and with a user's id and token. Refuses the same requests as chatdev's route. */
async function issueToken(request, response) {
  const { origin, host, "content-type": type } = request.headers;
  if (origin && origin !== `http://${host}`) return response.writeHead(403).end();
  if (type !== "application/json") return response.writeHead(415).end();
  let body = "";
  for await (const chunk of request) body += chunk;
  const { id, token } = users[JSON.parse(body).user];
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ endpoint, id, token }));
}
