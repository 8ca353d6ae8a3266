// Runs webpack.

import webpack from "webpack";

/** Builds as webpack --mode production does. */
export async function buildWebpack(options) {
  const stats = await new Promise((resolve, reject) => {
    webpack({ mode: "production", ...options }, (error, stats) => (error ? reject(error) : resolve(stats)));
  });
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
}
