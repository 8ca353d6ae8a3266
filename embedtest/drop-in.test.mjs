// Tests a page of the official SDK in whose place bundlers put acschat/sdk, as docs/migration.md says.

import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { npm, project } from "./project.mjs";
import { proveSent } from "./proof.mjs";
import { serve } from "./site.mjs";
import { buildVite, serveVite } from "./vite.mjs";
import { buildWebpack } from "./webpack.mjs";

let folder;

before(async () => {
  folder = await project("drop-in");
});

/** Checks that the page sends its message with acschat/sdk. */
async function proveDroppedIn(t, url) {
  const page = await proveSent(t, url, "Hi");
  assert.equal(await page.title(), "acschat.idempotencyToken");
}

test("Vite: dev server, acschat/sdk by an alias", async (t) => {
  await proveDroppedIn(t, await serveVite(t, folder));
});

test("Vite: build, acschat/sdk by an alias", async (t) => {
  await buildVite(folder);
  await proveDroppedIn(t, await serve(t, join(folder, "dist")));
});

test("webpack: production build, acschat/sdk by an alias", async (t) => {
  const site = join(folder, "webpack");
  const { default: configuration } = await import(pathToFileURL(join(folder, "webpack.config.js")));
  await buildWebpack({ ...configuration, context: folder, entry: "./main.js", output: { path: site, filename: "main.js" } });
  await cp(join(folder, "index.html"), join(site, "index.html"));
  await proveDroppedIn(t, await serve(t, site));
});

test("esbuild: minified bundle, acschat/sdk by an alias", async (t) => {
  await npm(folder, "run", "build");
  const html = await readFile(join(folder, "index.html"), "utf8");
  await writeFile(join(folder, "esbuild", "index.html"), html.replace("main.js", "esbuild.js"));
  await proveDroppedIn(t, await serve(t, join(folder, "esbuild")));
});
