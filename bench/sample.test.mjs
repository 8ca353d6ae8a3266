import assert from "node:assert/strict";
import { test } from "node:test";

import { medianRatio, quantile, ratios } from "./sample.mjs";

test("quantile", () => {
  assert.equal(quantile([7], 0.25), 7);
  assert.equal(quantile([30, 10, 20], 0.5), 20);
  assert.equal(quantile([10, 2, 9, 1], 0.5), 5.5);
  assert.equal(quantile([0, 4, 8, 12, 16], 0.25), 4);
  assert.equal(quantile([0, 10], 0.75), 7.5);
});

test("medianRatio compares medians, not rounds", () => {
  assert.equal(medianRatio([20, 10, 90], [10, 40, 5]), 2);
  assert.equal(medianRatio([1, 2], [3]), 0.5);
});

test("ratios divides values of the same round", () => {
  assert.deepEqual(ratios([5, 30, 9], [10, 10, 3]), [0.5, 3, 3]);
});
