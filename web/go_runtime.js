// Evaluates Go's support code (wasm_exec.js), which connects a Go program to JavaScript.

import { Date, clearTimeout, defineProperty, getOwnPropertyDescriptor, loadError, ownOf, tried } from "./error.js";

let runtime; // the promise of the class Go of wasm_exec.js, which is evaluated once

/** Returns the class Go, which runs the programs of this page. */
export function goRuntime() {
  if (runtime === undefined) {
    runtime = loadRuntime();
    runtime.catch(() => (runtime = undefined)); // the next attempt may succeed
  }
  return runtime;
}

/** Clears Go's timers, and makes its listeners do nothing, once its program has ended. A timer would resume the program until it is not scheduled. */
export function silence(go) {
  go._scheduledTimeouts?.forEach((timeout) => clearTimeout(timeout));
  go._scheduledTimeouts?.clear();
  go._resume = () => {};
}

// <wasm_exec.js> In the package, cmd/dist replaces the text between these marks with the file itself.
async function loadRuntime() {
  const url = new URL("wasm_exec.js", import.meta.url);
  let Go;
  try {
    Go = await borrowGo(() => import("./wasm_exec.js"));
    // A module is evaluated once for each URL. If the page, or another copy of this module, has imported it before, another URL is needed.
    Go ??= await borrowGo(() => import(/* @vite-ignore */ `${url}?${Date.now()}`));
  } catch (cause) {
    throw loadError(`${url} cannot be loaded: ${cause.message}`, "Serve wasm_exec.js beside chat.js, from the same build, with the MIME type text/javascript.", { cause });
  }
  if (Go === undefined) throw loadError(`${url} is not Go's wasm_exec.js`, "Serve the one that the build put beside chat.js.");
  return Go;
}
// </wasm_exec.js>

/**
 * Evaluates wasm_exec.js, and returns the class Go that it sets. Restores the globals that it sets, except fs. If the page loads another Go
 * program in the meantime, with its own wasm_exec.js, the globals of that program stay.
 */
async function borrowGo(evaluate) {
  const [go, ...others] = ["Go", "process", "path"].map((name) => {
    const earlier = getOwnPropertyDescriptor(globalThis, name);
    // The value before, and all values that were set since.
    const values = [earlier?.get ? tried(() => globalThis[name]) : globalThis[name]];
    const isFixed = earlier?.configurable === false; // such as a "var path" of the page: its value is compared afterwards
    if (!isFixed) defineProperty(globalThis, name, { __proto__: null, configurable: true, enumerable: true, get: () => values.at(-1), set: (value) => values.push(value) });
    return { name, earlier, values, isFixed };
  });
  let isSet = false;
  try {
    const evaluation = evaluate();
    if (evaluation !== undefined) await evaluation; // in the package it is done at once, and no other script can run in between
    for (const { name, earlier, values, isFixed } of [go, ...others]) {
      // A getter may return a new value each time, although nobody has set one.
      if (isFixed && !earlier.get && globalThis[name] !== values[0]) values.push(globalThis[name]);
    }
    isSet = go.values.length > 1; // the last value comes from wasm_exec.js, which was evaluated just now
    return isSet ? go.values.at(-1) : undefined;
  } finally {
    const isOnlyOurs = go.values.length === 2;
    restore(go, isSet);
    for (const other of others) restore(other, isSet && isOnlyOurs);
  }
}

/** Restores a global to its earlier value, or to the value that the page has set since. isOurs says that the last value is from wasm_exec.js. */
function restore({ name, earlier, values, isFixed }, isOurs) {
  const isChanged = values.length > 1;
  if (isOurs && isChanged) values.pop();
  if (isFixed) {
    if (isChanged) tried(() => (globalThis[name] = values.at(-1)));
  } else if (values.length > 1) defineProperty(globalThis, name, { __proto__: null, configurable: true, enumerable: true, writable: true, value: values.at(-1) });
  else if (earlier) defineProperty(globalThis, name, ownOf(earlier));
  else delete globalThis[name];
}
