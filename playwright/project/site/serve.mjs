// Serves this folder, and the package under /acschat/.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";

const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

createServer(async ({ url }, response) => {
  const path = new URL(url, "http://localhost").pathname.replace(/\/$/, "/index.html");
  const folder = path.startsWith("/acschat/") ? "../node_modules" : ".";
  try {
    const content = await readFile(new URL(folder + path, import.meta.url));
    response.setHeader("Content-Type", types[extname(path)] ?? "application/octet-stream");
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
}).listen(8090, "localhost");
