// Whose turn it is.

/**
 * Gives the same items in another order in each round: each begins as often as another, and follows each other one as often,
 * since what one leaves to be done, such as collecting garbage, falls into the time of the next. Orders repeat after twice as
 * many rounds as there are items. They are a Williams design: plain rotations would not balance who follows whom for more than
 * three items.
 */
export function inTurn(items, round) {
  const first = Math.floor(round / 2);
  const zigzag = (i) => (i % 2 === 1 ? (i + 1) / 2 : items.length - i / 2); // 0, 1, -1, 2, -2, …
  const rotated = items.map((_, i) => items.at((zigzag(i) + first) % items.length));
  return round % 2 === 0 ? rotated : rotated.reverse();
}
