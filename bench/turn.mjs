// Whose turn it is.

/**
 * Gives the same items in another order in each round: each begins as often as another, and follows each other one as often,
 * since what one leaves to be done, such as collecting garbage, falls into the time of the next.
 */
export function inTurn(items, round) {
  const first = Math.floor(round / 2);
  const rotated = items.map((_, i) => items.at((i + first) % items.length));
  return round % 2 === 0 ? rotated : rotated.reverse();
}
