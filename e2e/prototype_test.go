//go:build !js

package e2e

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// inherited are names that this client or the platform reads of some object, most of them of objects that may lack them.
const inherited = `["wasmURL", "wasmModule", "href", "call", "byPage", "nextLink", "failure", "items", "index", "last", "loading", "signal", "done",
	"token", "fetch", "onExchange", "retry", "apiVersion", "idempotencyToken", "maxPageSize", "forceRefresh", "cause", "hint", "status", "text",
	"ruin", "ended", "sent", "pending", "metadata", "body", "headers", "texts", "objects", "source", "promise", "resolve", "reject", "version", "answer",
	"content", "next", "return", "length"]`

// What every object inherits is nobody's option, setting or state, whoever put it there.
func TestInheritedProperties(t *testing.T) {
	site := newSite(t)
	for _, row := range []struct{ name, pollute string }{
		{"text", `for (const name of ` + inherited + `) Object.prototype[name] = "/missing";`},
		{"true", `for (const name of ` + inherited + `) Object.prototype[name] = true;`},
		{"a number", `for (const name of ` + inherited + `) Object.prototype[name] = 1e12;`},
		{"a function", `for (const name of ` + inherited + `) Object.prototype[name] = () => true;`},
		{"what cannot be set", `for (const name of ["done", "items", "nextLink", "ruin", "signal"]) Object.defineProperty(Object.prototype, name, { value: true });`},
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

// The cause of an error is its own, too, and two modules do not pass for one because of what both inherit.
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
