// Whose turn it is.

/** Gives the same items, beginning with another one in each round. */
export const rotated = (items, round) => items.map((_, i) => items.at((i + round) % items.length));
