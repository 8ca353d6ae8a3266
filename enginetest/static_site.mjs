// A site of files only, which the journey without a network shuts down.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const pagePrefix = "/pages/chat", modulePrefix = "/npm/acschat@0.2.0";
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".wasm": "application/wasm" };

/**
 * Serves the files of a folder twice: below a path for the page, with a strict policy, and on another origin for its modules. Returns both URLs,
 * and a function that cuts all connections.
 */
export async function startStaticSite(folder) {
  const modules = await serve(folder, modulePrefix, { "Access-Control-Allow-Origin": "*" });
  const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src ${modules.origin}`;
  const page = await serve(folder, pagePrefix, { "Content-Security-Policy": policy });
  return {
    page: `${page.origin}${pagePrefix}/`,
    modules: `${modules.origin}${modulePrefix}/`,
    cut: () => Promise.all([page.close(), modules.close()]),
  };
}

async function serve(folder, prefix, headers) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const body = pathname.startsWith(`${prefix}/`) && (await readFile(join(folder, pathname.slice(prefix.length))).catch(() => undefined));
    if (!body) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": types[extname(pathname)] ?? "application/octet-stream", ...headers }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}
