// Checks the hashes of modules, in the form of Subresource Integrity. The client does it itself: a fetch with integrity rejects as without a network,
// also for a 404, and some runtimes ignore its integrity.

import { PlainObject, String, Uint8Array, invalid, loadError } from "./error.js";

const form = /^(sha256-[A-Za-z0-9+/]{43}=|sha384-[A-Za-z0-9+/]{64}|sha512-[A-Za-z0-9+/]{86}==)$/;

/** Returns the hashes of an option that count, which are those of the strongest algorithm, as a string. */
export function strongestHashes(integrity) {
  if (integrity === undefined) return undefined;
  const text = typeof integrity === "object" && integrity !== null ? PlainObject.values(integrity).join(" ") : integrity;
  if (typeof text !== "string") throw invalid("integrity", "must be a string of hashes, or an object with one for each file, such as integrity.json has");
  const hashes = text.split(/\s+/).filter((hash) => hash !== "");
  if (hashes.length === 0) throw invalid("integrity", "has no hash, such as sha384-…");
  for (const hash of hashes) {
    if (!form.test(hash)) throw invalid("integrity", `has "${hash}", which must be sha256-, sha384- or sha512- and the hash in base64`);
  }
  const strongest = algorithmOf(hashes.sort().at(-1));
  return hashes.filter((hash) => algorithmOf(hash) === strongest).join(" ");
}

const algorithmOf = (hash) => hash.slice(0, 6);

/** Rejects with a LoadError if none of the hashes is that of the bytes. The name of the file is for the hint. */
export async function verify(bytes, hashes, url, file) {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    throw loadError("integrity cannot be checked: this page is not a secure context", "Serve the page over https or from localhost, or leave out integrity.");
  }
  const algorithm = algorithmOf(hashes);
  const digest = new Uint8Array(await subtle.digest(algorithm.replace("sha", "SHA-"), bytes));
  const hash = `${algorithm}-${btoa(String.fromCharCode(...digest))}`;
  if (hashes.split(" ").includes(hash)) return;
  const hint = `If integrity has the hash that integrity.json of this version has for ${file}, the server sends another file. Otherwise add that hash.`;
  throw loadError(`${url} does not match integrity: its hash is ${hash}`, hint);
}
