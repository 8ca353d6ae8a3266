import assert from "node:assert/strict";
import { test } from "node:test";

import { Table } from "./table.mjs";

test("a table is green if every journey succeeds in every engine", () => {
  const table = new Table(["lists", "abort"]);
  assert.equal(table.isGreen(), false, "no engine");
  const addToA = table.addEngine("A 1.0");
  addToA("lists", undefined, "Web Locks");
  assert.equal(table.isGreen(), false, "one journey did not run");
  addToA("abort");
  assert.equal(table.isGreen(), true);
  const addToB = table.addEngine("B");
  addToB("lists", new Error("fails"));
  addToB("abort");
  assert.equal(table.isGreen(), false, "one has failed");
  table.addEngine("C");
  assert.equal(String(table), [
    "       A 1.0        B  C",
    "lists  ✔ Web Locks  ✖  ✖ not run",
    "abort  ✔            ✔  ✖ not run",
  ].join("\n"));
});
