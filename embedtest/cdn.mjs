// Serves the package as CDNs do, on an origin of their own.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { basename, extname, join } from "node:path";

import { build } from "esbuild";

const types = { ".js": "application/javascript; charset=utf-8", ".wasm": "application/wasm", ".json": "application/json; charset=utf-8" };

/** Serves the files of the package as they are, as jsDelivr does. Returns the URL of its folder. */
export async function serveFiles(t, folder, name) {
  const prefix = `/npm/${name}/`;
  return `${await serve(t, (path) => (path.startsWith(prefix) ? file(folder, path.slice(prefix.length)) : undefined))}${prefix}`;
}

/**
 * Serves the entries of the package as bundles, as esm.sh does: /NAME/ENTRY refers to the bundle in /NAME/es2022/. There a file of another type is a
 * redirect to /NAME/. Returns the URL of the package.
 */
export async function serveBundles(t, folder, name, entries) {
  const prefix = `/${name}`, bundles = `${prefix}/es2022/`;
  const scripts = new Map();
  for (const [entry, source] of Object.entries(entries)) {
    const { outputFiles: [bundle] } = await build({ entryPoints: [join(folder, source)], bundle: true, minify: true, format: "esm", target: "es2022", write: false });
    scripts.set(`${bundles}${entry}.mjs`, bundle.text);
    for (const path of [`${prefix}/${entry}`, `${prefix}/${source}`, `${bundles}${source}`]) scripts.set(path, `export * from "${bundles}${entry}.mjs";\n`);
  }
  return `${await serve(t, (path) => {
    if (scripts.has(path)) return { body: scripts.get(path), type: types[".js"] };
    if (path.startsWith(bundles)) return { location: `${prefix}/${basename(path)}` };
    return path.endsWith(".wasm") ? file(folder, basename(path)) : undefined;
  })}${prefix}`;
}

async function file(folder, name) {
  try {
    return { body: await readFile(join(folder, name)), type: types[extname(name)] ?? "text/plain" };
  } catch {} // answers 404
}

/** Serves what answer(path) returns, to all origins. Returns the origin. */
async function serve(t, answer) {
  const server = createServer(async (request, response) => {
    const { body = "", type = "text/plain", location } = (await answer(new URL(request.url, "http://localhost").pathname)) ?? {};
    response.setHeader("Access-Control-Allow-Origin", "*").setHeader("X-Content-Type-Options", "nosniff").setHeader("Content-Type", type);
    if (location) response.writeHead(301, { Location: location }).end();
    else response.writeHead(body === "" ? 404 : 200).end(body);
  });
  await new Promise((listening) => server.listen(0, "localhost", listening));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://localhost:${server.address().port}`;
}
