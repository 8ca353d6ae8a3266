import assert from "node:assert/strict";
import test from "node:test";

import { inTurn } from "./turn.mjs";

for (const n of [2, 3, 4, 5, 6]) {
  test(`each of ${n} items is first equally often, and follows each other item equally often`, () => {
    const items = Array.from("abcdef").slice(0, n);
    const counts = {};
    const count = (what) => (counts[what] = (counts[what] ?? 0) + 1);
    for (let round = -2 * n; round < 2 * n; round++) {
      const order = inTurn(items, round);
      assert.deepEqual([...order].sort(), items);
      count(order[0]);
      for (let i = 1; i < order.length; i++) count(order[i - 1] + order[i]);
    }
    const pairs = items.flatMap((a) => items.filter((b) => b !== a).map((b) => a + b));
    assert.deepEqual(counts, Object.fromEntries([...items, ...pairs].map((what) => [what, 4])));
  });
}
