// Finds commands on the PATH.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Returns the path of the first of these commands that is on the PATH, or undefined. */
export function find(names) {
  return names.flatMap((name) => process.env.PATH.split(delimiter).map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
