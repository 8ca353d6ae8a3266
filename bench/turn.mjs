// The order of the contestants in each round.

/**
 * Returns the items in the order of a round. Over 2n rounds with n items, each item is first equally often, and follows each other item
 * equally often. This matters because an item pays for what the one before left behind, such as garbage. The orders are a Williams design: with
 * more than three items, plain rotations would not balance which item follows which.
 */
export function inTurn(items, round) {
  const first = Math.floor(round / 2);
  const zigzag = (i) => (i % 2 === 1 ? (i + 1) / 2 : items.length - i / 2); // 0, 1, -1, 2, -2, …
  const rotated = items.map((_, i) => items.at((zigzag(i) + first) % items.length));
  return round % 2 === 0 ? rotated : rotated.reverse();
}
