// Statistics of measurements.

/** Returns the quantile of a sample: 0.5 is the median. Interpolates between two values. */
export function quantile(sample, share) {
  const sorted = [...sample].sort((a, b) => a - b);
  const index = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(index)], sorted[Math.ceil(index)]];
  return low + (high - low) * (index % 1);
}

/** Returns the ratio of two samples' medians. */
export const medianRatio = (sample, unit) => quantile(sample, 0.5) / quantile(unit, 0.5);

/** Divides two samples value by value, so that a load that slows down both in one round cancels out. */
export const ratios = (sample, unit) => sample.map((value, i) => value / unit[i]);

/** Returns the values of a row in which only this client has figures. */
export const ofHere = (names, sample) => Object.fromEntries(names.map((name) => [name, name === "here" ? sample : [NaN]]));
