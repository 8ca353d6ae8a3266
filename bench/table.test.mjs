import assert from "node:assert/strict";
import { test } from "node:test";

import { table } from "./table.mjs";

/** Returns the table's cells, row by row. */
const cells = (metrics, names) =>
  table(metrics, names)
    .split("\n")
    .map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));

test("a row has each client's median, and its ratio to the official SDK", () => {
  const metric = { name: "sendMessage", unit: "µs", wanted: "≤ 0.55", values: { official: [200], here: [100], slim: [300] } };
  const [head, , row] = cells([metric], ["official", "here", "slim"]);
  assert.deepEqual(head, ["metric", "official SDK", "here", "ratio", "here, slim", "ratio", "wanted"]);
  assert.deepEqual(row, ["sendMessage, µs", "200", "100", "0.50", "300", "1.50", "≤ 0.55"]);
});

test("ratios are computed for each round", () => {
  const metric = { name: "sendMessage", unit: "µs", values: { official: [10, 20, 40], here: [40, 40, 40] } };
  const [, , row] = cells([metric], ["official", "here"]);
  assert.deepEqual(row, ["sendMessage, µs", "20.0 [15.0–30.0]", "40.0", "2.00 [1.50–3.00]", ""]);
});

test("values that are ratios have no unit and are not compared", () => {
  const metric = { name: "signal / without", wanted: "here ≤ 1.25", isRatio: true, values: { official: [1.1], here: [1.2] } };
  const [, , row] = cells([metric], ["official", "here"]);
  assert.deepEqual(row, ["signal / without", "1.10", "1.20", "–", "here ≤ 1.25"]);
});

test("another build adds its own columns and the ratio of both builds", () => {
  const metric = { name: "listMessages", unit: "µs", values: { official: [100, 100], here: [200, 300], before: [400, 600] } };
  const [head, , row] = cells([metric], ["official", "here", "before"]);
  assert.deepEqual(head, ["metric", "official SDK", "here", "ratio", "before", "ratio", "here / before", "wanted"]);
  assert.deepEqual(row, ["listMessages, µs", "100", "250 [225–275]", "2.50 [2.25–2.75]", "500 [450–550]", "5.00 [4.50–5.50]", "0.50", ""]);
});
