// Checks the package with what npm's users check packages with.

import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
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

test("npm: the table in the README has the sizes of the packed files", async () => {
  const folder = join(await project("types", "sizes"), "node_modules/acschat");
  const rows = (await readFile(join(folder, "README.md"), "utf8")).matchAll(/^\| (`[^|]*\.wasm`) \|[^|]*\| (\d+) \| (\d+) \|$/gm);
  const sizeOf = (file) => stat(join(folder, file)).then(({ size }) => size, () => undefined);
  let checked = 0;
  for (const [, cell, raw, download] of rows) {
    const files = [...cell.matchAll(/`([^`]+)`/g)].map(([, file]) => file);
    const sums = [0, 0];
    for (const file of files) {
      sums[0] += await sizeOf(file);
      sums[1] += (await sizeOf(`${file}.br`)) ?? (await sizeOf(file));
    }
    for (const [i, shown] of [raw, download].entries()) assert.ok(Math.abs(shown * 1000 - sums[i]) <= Math.max(1000, sums[i] / 100), `${cell}: ${shown} KB, but ${sums[i]} bytes`);
    checked++;
  }
  assert.equal(checked, 4);
});
