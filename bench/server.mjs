// Serves files from memory, as they are or compressed with brotli.

import { once } from "node:events";
import { createServer } from "node:http";
import { extname } from "node:path";

const types = { "": "text/html; charset=utf-8", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Gives a server on this machine; compressed has what is there of the files in brotli. */
export async function serve(files, compressed) {
  const server = createServer(({ url }, response) => {
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
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
