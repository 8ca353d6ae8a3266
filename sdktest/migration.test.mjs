// Checks that docs/migration.md names every member of the official clients.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const migration = readFileSync(new URL("../docs/migration.md", import.meta.url), "utf8");
const rows = migration.split("\n").filter((line) => line.startsWith("| ")).map((line) => line.split(" | ")[0]);

/** Returns the public members in the declaration of a class: methods, and the events of on. */
function declared(file) {
  const text = readFileSync(new URL(file, import.meta.resolve("@azure/communication-chat")), "utf8");
  const names = [...text.matchAll(/^    (?!private)(?:readonly )?(\w+)[(:]/gm)].map(([, name]) => name);
  const events = [...text.matchAll(/^    on\(event: "(\w+)"/gm)].map(([, event]) => `on("${event}"`);
  return [...new Set(names.filter((name) => name !== "constructor" && name !== "on")), ...events];
}

for (const file of ["chatClient.d.ts", "chatThreadClient.d.ts"]) {
  test(`docs/migration.md has all of ${file}`, () => {
    const all = declared(file);
    assert.ok(all.length > 10);
    assert.deepEqual(all.filter((name) => !rows.some((row) => new RegExp(`\`[^\`]*(?<!\\w)${name.replace(/[(]/g, "\\(")}(?!\\w)`).test(row))), []);
  });
}
