// Fetches, compiles and instantiates WebAssembly modules. A source is a WebAssembly.Module, or an absolute URL as a string.

import { Array, ChatError, PageURL, String, Uint8Array, invalid, loadError } from "./error.js";
import { verify } from "./integrity.js";

export const isURL = (source) => typeof source === "string";

export const isModule = (value) => value instanceof (globalThis.WebAssembly?.Module ?? Array);

/** Returns an option as an absolute URL. */
export function urlOf(name, value, kinds = "a string or a URL") {
  if (typeof value !== "string" && !(value instanceof PageURL)) throw invalid(name, `must be ${kinds}`);
  try {
    return new PageURL(value, base()).href;
  } catch (cause) {
    throw invalid(name, base() === undefined ? "must be absolute where there is no page" : "is not a URL", cause);
  }
}

/** Returns the URL that relative URLs are relative to: of the page or of the worker's script, or the origin of a script from a blob. */
function base() {
  const href = globalThis.document?.baseURI ?? globalThis.location?.href;
  return href?.startsWith("blob:") ? new PageURL(href).origin : href;
}

/**
 * Returns the WebAssembly.Module of a source. The name of the file, and of the option that says where it is, are for errors. integrity are the hashes
 * that the file may have, if they are to be checked.
 */
export async function compile(source, file, option, integrity) {
  if (!isURL(source)) return source;
  const response = await retrieve(source, option);
  const { status } = response;
  if (!response.ok) throw loadError(`${source} answered HTTP ${status}`, `Serve ${file} beside ${file.split(".")[0]}.js, or give its address as ${option}.`, { status });
  const type = response.headers.get("Content-Type") ?? "no MIME type";
  try {
    if (integrity === undefined && /^application\/wasm\b/i.test(type)) return await WebAssembly.compileStreaming(response);
    // With another Content-Type the module still works, but it cannot be compiled while it is downloaded.
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (String.fromCharCode(...bytes.subarray(0, 4)) === "\0asm") {
      if (integrity !== undefined) await verify(bytes, integrity, source, file);
      return await WebAssembly.compile(bytes);
    }
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    const blocked = /content security policy|unsafe-eval|\bCSP\b/i.test(cause.message);
    throw loadError(
      blocked ? `the page's Content-Security-Policy forbids WebAssembly: script-src lacks 'wasm-unsafe-eval'` : `${source} (${type}) cannot be started: ${cause.message}`,
      blocked ? "Add 'wasm-unsafe-eval' to script-src." : "The file may be damaged.",
      { cause, status },
    );
  }
  const hint = `The server sent something else, perhaps its page for unknown addresses. Serve ${file} there, as application/wasm, or give its address as ${option}.`;
  throw loadError(`${source} is no WebAssembly but ${type}`, hint, { status });
}

async function retrieve(url, option) {
  const isFile = url.startsWith("file:");
  const files = isFile && globalThis.process?.getBuiltinModule?.("node:fs/promises"); // fetch in Node does not read files
  try {
    if (files) return new Response(await files.readFile(new PageURL(url)), { __proto__: null, headers: { "Content-Type": "application/wasm" } });
    return await fetch(url);
  } catch (cause) {
    const hint = isFile
      ? `Check the address, or pass another as ${option}. Pages must come from a server, and Node must be 20.16 or newer.`
      : "Check the address, and that connect-src of the page's Content-Security-Policy and CORS allow it.";
    throw loadError(`${url} cannot be fetched: ${cause.message}`, hint, { cause });
  }
}

/** Instantiates the module of a source, and returns the instance. */
export async function instantiate(source, module, imports) {
  try {
    return await WebAssembly.instantiate(module, imports);
  } catch (cause) {
    const name = isURL(source) ? source : "the module";
    throw loadError(`${name} cannot be started: ${cause.message}`, "It may be damaged or of another build. Serve the files of one build together, and check that none of them is an old one from a cache.", { cause });
  }
}
