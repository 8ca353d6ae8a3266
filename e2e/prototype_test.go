//go:build !js

package e2e

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// inherited are names of properties that the client or the platform reads, mostly from objects that may not have them.
const inherited = `["wasmURL", "wasmModule", "href", "call", "byPage", "nextLink", "failure", "items", "index", "last", "loading", "signal", "done",
	"token", "fetch", "onExchange", "retry", "apiVersion", "idempotencyToken", "maxPageSize", "forceRefresh", "cause", "hint", "status", "text",
	"crash", "ended", "sent", "sentBody", "ids", "pending", "attached", "thrown", "controller", "iterator", "metadata", "body", "headers", "texts", "objects", "source", "promise", "resolve", "reject", "version", "answer",
	"content", "next", "return", "length"]`

// TestInheritedProperties checks that properties of Object.prototype do not act as options, settings or state.
func TestInheritedProperties(t *testing.T) {
	site := newSite(t)
	for _, row := range []struct{ name, pollute string }{
		{"text", `for (const name of ` + inherited + `) Object.prototype[name] = "/missing";`},
		{"true", `for (const name of ` + inherited + `) Object.prototype[name] = true;`},
		{"a number", `for (const name of ` + inherited + `) Object.prototype[name] = 1e12;`},
		{"a function", `for (const name of ` + inherited + `) Object.prototype[name] = () => true;`},
		{"properties that are not writable", `for (const name of ["done", "items", "nextLink", "crash", "signal"]) Object.defineProperty(Object.prototype, name, { value: true });`},
		{"descriptors", `for (const name of ["value", "writable"]) Object.prototype[name] = true;`},
		{"accessors", `for (const name of ["get", "set"]) Object.prototype[name] = () => true;`},
	} {
		t.Run(row.name, func(t *testing.T) {
			tab := openTab(t, blank(t, "").URL+"/blank")
			calls := fmt.Sprintf(callsOfEveryKind, site.endpoint, site.emulator.NewUser().Token, "undefined", "[]")
			assert.Equal(t, outcomes+outcomes+"true,fulfilled,fulfilled", tab.load(row.pollute+calls))
			tab.requireQuiet()
		})
	}
}

// TestInheritedBesideCalls checks the same for the cause of errors and for the comparison of modules.
func TestInheritedBesideCalls(t *testing.T) {
	tab := openTab(t, blank(t, "").URL+"/blank")
	got := tab.load(`
		const compile = () => WebAssembly.compileStreaming(globalThis.fetch("chat.wasm")), modules = [await compile(), await compile()];
		Object.prototype.cause = "inherited";
		Object.prototype.href = "inherited";
		const early = await initialize({ url: "x" }).catch((e) => e);
		await initialize({ wasmModule: modules[0] });
		const other = await initialize({ wasmModule: modules[1] }).catch((e) => e);
		const client = createClient({ endpoint: "https://x.example", token: "x" });
		const late = await client.getThread("").catch((e) => e);
		return [early, other, late].map((e) => e.code + Object.hasOwn(e, "cause")).join()`)
	assert.Equal(t, "InvalidArgumentfalse,InvalidArgumentfalse,InvalidArgumentfalse", got)
	tab.requireQuiet()
}
