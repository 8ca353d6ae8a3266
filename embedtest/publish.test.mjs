// Checks the package with what npm's users check packages with.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { project, start } from "./project.mjs";

const tarball = process.env.EMBED_PACKAGE;
const script = (path) => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));

test("npm: publint has no suggestion", async () => {
  await start(process.execPath, dirname(tarball), [script("publint/src/cli.js"), "run", tarball, "--strict"]);
});

test("npm: attw finds types for all entries, except modules and JSON", async () => {
  const folder = await project("types", "publish");
  const manifest = JSON.parse(await readFile(join(folder, "node_modules/acschat/package.json")));
  const data = Object.keys(manifest.exports).filter((entry) => /\.(wasm|json)$/.test(entry));
  const options = ["--profile", "esm-only", "--no-definitely-typed", "--format", "ascii", "--exclude-entrypoints", ...data];
  await start(process.execPath, folder, [script("@arethetypeswrong/cli/dist/index.js"), tarball, ...options]);
});
