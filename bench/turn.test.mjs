import assert from "node:assert/strict";
import test from "node:test";

import { inTurn } from "./turn.mjs";

test("each begins, and follows each other one, as often as another", () => {
  const counts = {};
  const count = (what) => (counts[what] = (counts[what] ?? 0) + 1);
  for (let round = -6; round < 6; round++) {
    const order = inTurn(["a", "b", "c"], round);
    assert.deepEqual([...order].sort(), ["a", "b", "c"]);
    count(order[0]);
    for (let i = 1; i < order.length; i++) count(order[i - 1] + order[i]);
  }
  assert.deepEqual(counts, { a: 4, b: 4, c: 4, ab: 4, ba: 4, bc: 4, cb: 4, ca: 4, ac: 4 });
});
