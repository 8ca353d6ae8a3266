async function loadRuntime() {
  try {
    return await borrowGo(evaluateWasmExec);
  } catch (cause) {
    throw loadError(`Go's support code cannot run here: ${cause.message}`, "The client needs what all browsers and Node 20.16 have.", { cause });
  }
}

/*! Go's wasm_exec.js, Copyright The Go Authors, BSD-3-Clause: see LICENSE-go-runtime.txt */
function evaluateWasmExec() {
