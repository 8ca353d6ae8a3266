// The first browser versions with a feature, from MDN's browser-compat-data.

import { createRequire } from "node:module";

import { transform } from "esbuild";

const data = createRequire(import.meta.url)("@mdn/browser-compat-data");

export const browsers = ["chrome", "edge", "firefox", "safari", "safari_ios"];

/** Returns the first version of a browser with a feature. */
export function versionOf(feature, browser) {
  const found = feature.split(".").reduce((node, key) => node?.[key], data)?.__compat;
  if (found === undefined) throw new Error(`${feature} is not in browser-compat-data`);
  return firstVersion(found, browser);
}

function firstVersion({ support }, browser) {
  const versions = [support[browser] ?? []].flat().filter(({ flags, prefix, partial_implementation }) => !flags && !prefix && !partial_implementation);
  return Math.min(...versions.map(({ version_added }) => (typeof version_added === "string" ? Number.parseFloat(version_added.replace("≤", "")) || Infinity : Infinity)));
}

/** Returns the first version of a browser that knows the syntax of a script: esbuild does not change the script for that version. */
export async function versionForSyntax(script, browser) {
  const name = browser === "safari_ios" ? "ios" : browser;
  const { code: unchanged } = await transform(script, { target: "esnext" });
  for (const version of releases(browser)) {
    const changed = await transform(script, { target: `${name}${version}`, logLevel: "silent" }).catch(() => undefined); // esbuild cannot translate it
    if (changed?.code === unchanged) return version;
  }
  throw new Error(`no ${browser} has all of the syntax`);
}

function releases(browser) {
  return Object.keys(data.browsers[browser].releases).map(Number).filter((version) => version >= 10).sort((a, b) => a - b);
}

const known = new Map(); // the features with a name, such as `at` or `Array.at`, by name
for (const root of [data.javascript.builtins, data.api, data.webassembly.api]) {
  for (const [name, object] of Object.entries(root)) {
    note(name, object);
    for (const [key, feature] of Object.entries(object)) {
      const member = key.replace(/_static$/, "");
      note(member, feature);
      note(`${name}.${member}`, feature);
    }
  }
}

function note(name, { __compat }) {
  if (__compat !== undefined) known.set(name, [...(known.get(name) ?? []), __compat]);
}

/** Returns the first version of a browser with any feature of that name, or 0 for an unknown name. */
export function versionOfName(name, browser) {
  return known.has(name) ? Math.min(...known.get(name).map((compat) => firstVersion(compat, browser))) : 0;
}
