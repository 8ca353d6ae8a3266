// What many measurements come to.

/** Gives the value below which the given share of the sample is. */
export function quantile(sample, share) {
  const sorted = [...sample].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at % 1);
}

/** Returns the ratio of two samples' medians. */
export const medianRatio = (sample, unit) => quantile(sample, 0.5) / quantile(unit, 0.5);

/** Gives one sample in units of another, measurement by measurement, so that what slows both down for a while cancels. */
export const ratios = (sample, unit) => sample.map((value, i) => value / unit[i]);
