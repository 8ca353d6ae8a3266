// Checks that the README names the browser versions that the client needs.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

import { transform } from "esbuild";
import loadWabt from "wabt";

import { cspFeature, features, instructions, optional, ownNames } from "./features.mjs";
import { browsers, versionForSyntax, versionOf, versionOfName } from "./versions.mjs";

const read = (name) => readFile(new URL(`../${name}`, import.meta.url), "utf8");
const scripts = await Promise.all(["web/chat.js", "web/arguments.js", "web/border.js", "web/channel.js", "web/conversation.js", "web/error.js", "web/go_runtime.js", "web/inbox.js", "web/integrity.js", "web/loading.js", "web/module.js", "web/state.js", "web/storage.js", "web/wasm_exec.js"].map(read));

const minimum = {}; // version, by browser
for (const browser of browsers) {
  const syntax = await Promise.all(scripts.map((script) => versionForSyntax(script, browser)));
  minimum[browser] = Math.max(...syntax, ...[...features, ...Object.values(instructions)].map((feature) => versionOf(feature, browser)));
}

test("the README names the minimum version of each browser", async () => {
  const readme = (await read("README.md")).replaceAll(/\s+/g, " ");
  const minimumWithCSP = Object.fromEntries(browsers.map((browser) => [browser, Math.max(minimum[browser], versionOf(cspFeature, browser))]));
  for (const { chrome, edge, firefox, safari, safari_ios } of [minimum, minimumWithCSP]) {
    const wanted = `Chrome ${chrome}, Edge ${edge}, Firefox ${firefox}, Safari ${safari}, Safari on iOS ${safari_ios}`;
    assert.ok(readme.includes(wanted), `it does not say "${wanted}"`);
  }
});

test("chat.wasm has the newer instructions that features.mjs lists, and no others", async () => {
  const wabt = await loadWabt();
  const off = Object.fromEntries(["exceptions", "gc", "memory64", "multi_value", "reference_types", "simd", "tail_call", "threads"].map((name) => [name, false]));
  const on = Object.fromEntries(Object.keys(instructions).map((name) => [name, true]));
  for (const name of ["web/chat.wasm", "web/chat.conversation.wasm", "build/chat.slim.wasm", "build/chat.slim.conversation.wasm"]) {
    const bytes = await readFile(new URL(`../${name}`, import.meta.url));
    const validate = (features) => {
      const module = wabt.readWasm(bytes, { ...off, ...features });
      try {
        module.validate();
      } finally {
        module.destroy();
      }
    };
    validate(on);
    if (name.includes("conversation")) continue;
    for (const one of Object.keys(on)) assert.throws(() => validate({ ...on, [one]: false }), `${name} has no ${one}`);
  }
});

// A name counts as newer if no older feature has the same name.
test("chat.js, wasm_exec.js and the Go program use no names of newer features", async () => {
  const isNewer = (name) => browsers.some((browser) => versionOfName(name, browser) > minimum[browser]);
  const listed = new Set([...optional, ...ownNames]);
  const newer = (await namesUsed()).filter((name) => isNewer(name) && !listed.has(name));
  assert.deepEqual(newer, [], "Add each to a list of features.mjs.");
});

/** Returns the names of globals and members that the client uses. Keywords are among them. */
async function namesUsed() {
  const names = new Set();
  for (const script of scripts) {
    // Minifying shortens all other names to at most two letters.
    const { code } = await transform(script, { minify: true, format: "esm" });
    const named = code.replaceAll(/"(?:[^"\\]|\\.)*"/g, "");
    for (const pattern of [/[A-Za-z_$][\w$]{2,}/g, /\b[A-Z]\w+\.\w+/g]) for (const [name] of named.matchAll(pattern)) names.add(name);
  }
  const folder = new URL("../wasm/", import.meta.url);
  for (const file of await readdir(folder)) {
    if (!file.endsWith(".go") || file.endsWith("_test.go")) continue;
    // Matches lines with methods of js.Value or the bridge's own functions for them, and the tables of built-ins.
    for (const [line] of (await readFile(new URL(file, folder), "utf8")).matchAll(/^.*(?:\b(?:Get|Call|get|callOf)\(|\{&\w+, ").*$/gm)) {
      for (const [, name] of line.matchAll(/"(\w+)"/g)) names.add(name);
    }
  }
  return [...names];
}
