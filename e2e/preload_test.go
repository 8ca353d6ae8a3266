//go:build !js

package e2e

import (
	"crypto/sha512"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPreload checks that the client uses the files that the demo page preloads: each is requested once, and the modules before any script runs.
func TestPreload(t *testing.T) {
	site := newSite(t)
	initiators := map[string][]network.InitiatorType{}
	for _, e := range site.open(t).events() {
		file := strings.TrimPrefix(e.Request.URL, site.url+"/")
		initiators[file] = append(initiators[file], e.Initiator.Type)
	}
	for _, module := range []string{"chat.wasm", "chat.conversation.wasm"} {
		assert.Equal(t, []network.InitiatorType{network.InitiatorTypeParser}, initiators[module], module)
	}
	assert.Len(t, initiators["chat.js"], 1)
}

func integrityOf(t *testing.T, file string) string {
	content, err := os.ReadFile(filepath.Join(web, file))
	require.NoError(t, err)
	sum := sha512.Sum384(content)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

// TestIntegrity checks the documented page with the hashes of dist/integrity.json: it loads each file once, and refuses other files.
func TestIntegrity(t *testing.T) {
	documented := sample(t, "docs/hosting.md", "html", "importmap")
	script, module, part := integrityOf(t, "chat.js"), integrityOf(t, "chat.wasm"), integrityOf(t, "chat.conversation.wasm")
	for _, row := range []struct{ name, script, module, want string }{
		{"the files of the build", script, module, "ready"},
		{"another chat.js", module, module, "chat.js is refused"},
		{"another chat.wasm", script, script, "does not match integrity: its hash is " + module},
	} {
		t.Run(row.name, func(t *testing.T) {
			html := strings.NewReplacer("sha384-of-chat.js", row.script, "sha384-of-chat.wasm", row.module, "sha384-of-chat.conversation.wasm", part, "\n</script>", "\n  show(`ready`);\n</script>").Replace(documented)
			tab := newSite(t).openSample(t, aroundIntegrity+html)
			tab.waitText("#result", row.want)
			var modules int
			for _, r := range tab.requests() {
				if strings.HasSuffix(r.URL, "/chat.wasm") {
					modules++
				}
			}
			assert.Equal(t, 1, modules)
		})
	}
}

// aroundIntegrity is a page that shows whether its script starts.
const aroundIntegrity = `<!doctype html><p id="result"></p><script>
	const show = (text) => (document.getElementById("result").textContent = text);
	addEventListener("error", ({ target, message }) => show(target.localName === "script" ? "chat.js is refused" : message), true);
</script>`
