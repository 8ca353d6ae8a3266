// Serves files from memory, raw or with brotli, and receives what the pages report.

import { once } from "node:events";
import { createServer } from "node:http";
import { extname } from "node:path";
import { json } from "node:stream/consumers";

const types = { "": "text/html; charset=utf-8", ".css": "text/css", ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".wasm": "application/wasm" };

/**
 * Starts a server on a port of localhost. compressed has brotli versions of files. The server's started() returns a promise for the times that the
 * next page reports. /blank?PAGE is a page that navigates to PAGE.
 */
export async function serve(files, compressed) {
  let resolveStarted;
  const server = createServer(async (request, response) => {
    const { url } = request;
    if (url === "/started") {
      resolveStarted(await json(request));
      return response.writeHead(204).end();
    }
    if (url.startsWith("/blank?")) {
      response.writeHead(200, { "Content-Type": types[""] });
      return response.end(`<!doctype html><link rel="icon" href="data:,"><script>onload = () => setTimeout(() => location.replace(location.search.slice(1)), 100);</script>`);
    }
    const body = compressed.get(url) ?? files.get(url);
    if (body === undefined) return response.writeHead(404).end();
    response.writeHead(200, {
      "Content-Type": types[extname(url)],
      "Content-Length": body.length,
      ...(compressed.has(url) && { "Content-Encoding": "br" }),
    });
    response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const started = () => new Promise((resolve) => (resolveStarted = resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, started, close: () => server.close() };
}
