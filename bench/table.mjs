// Formats the measurements as a Markdown table.

import { quantile, ratios } from "./sample.mjs";

const titles = { official: "official SDK", here: "here", slim: "here, slim", before: "before" };

/**
 * Returns the table, with a row for each metric: { name, unit, values: { contestant: sample }, wanted, isRatio }. With isRatio the values
 * are ratios: they have no unit, and the row does not compare contestants. The contestant "before" adds a last column, here / before.
 */
export function table(metrics, names) {
  const others = names.filter((name) => name !== "official");
  const hasBefore = names.includes("before");
  const rows = [["metric", titles.official, ...others.flatMap((name) => [titles[name], "ratio"]), ...(hasBefore ? ["here / before"] : []), "wanted"]];
  for (const { name, unit, values, wanted, isRatio } of metrics) {
    const compare = (one, other) => (isRatio ? "–" : summary(ratios(values[one], values[other])));
    const cells = others.flatMap((other) => [summary(values[other]), compare(other, "official")]);
    if (hasBefore) cells.push(compare("here", "before"));
    rows.push([isRatio ? name : `${name}, ${unit}`, summary(values.official), ...cells, wanted ?? ""]);
  }
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  rows.splice(1, 0, widths.map((width, i) => (i === 0 || i === widths.length - 1 ? "-".repeat(width) : "-".repeat(width - 1) + ":")));
  return rows.map((row) => `| ${row.map((cell, i) => (i === 0 || i === row.length - 1 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`).join("\n");
}

/** Returns the median, with the quartiles if they differ from it. */
function summary(sample) {
  const [median, low, high] = [0.5, 0.25, 0.75].map((share) => figure(quantile(sample, share)));
  if (low === median && high === median) return median;
  return `${median} [${low}–${high}]`;
}

/** Formats a number with three digits, or as a dash if it is not finite. */
function figure(value) {
  if (!Number.isFinite(value)) return "–";
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
