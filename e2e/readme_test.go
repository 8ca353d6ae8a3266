//go:build !js

package e2e

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/cmd/chatdev/page"
)

// openSample serves web/ with a further page, and opens that page.
func (s *site) openSample(t *testing.T, html string) *tab {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(web)))
	for slim, of := range map[string]string{"chat.slim.wasm": "chat.wasm", "chat.slim.conversation.wasm": "chat.conversation.wasm"} {
		require.NoError(t, os.Link(filepath.Join(dir, of), filepath.Join(dir, slim)))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "hello.html"), []byte(html), 0o644))
	server := httptest.NewServer(page.New(dir, s.users))
	t.Cleanup(server.Close)
	return openTab(t, server.URL+"/hello.html")
}

func TestREADMEPage(t *testing.T) {
	site := newSite(t)
	tab := site.openSample(t, sample(t, "README.md", "html", "createClient"))
	tab.waitText("#result", "is in thread 19:")
	threads := site.emulator.Threads()
	require.Len(t, threads, 1)
	assert.Contains(t, tab.text("#result"), threads[0].Messages[len(threads[0].Messages)-1].ID)
	tab.requireQuiet()
}

func TestREADMEWithoutModules(t *testing.T) {
	site := newSite(t)
	user := site.emulator.NewUser()
	sample := sample(t, "docs/bundlers.md", "html", "new Go()")
	for given, here := range map[string]string{`"http://localhost:8081"`: site.endpoint, `"…"`: user.Token} {
		require.Contains(t, sample, given)
		sample = strings.Replace(sample, given, strconv.Quote(here), 1)
	}
	tab := site.openSample(t, sample)
	tab.waitText("#result", "is in thread 19:")
	threads := site.emulator.Threads()
	require.Len(t, threads, 1)
	assert.Contains(t, tab.text("#result"), threads[0].Messages[len(threads[0].Messages)-1].ID)
	var names string
	tab.run(chromedp.Evaluate(`Object.keys(acsChat).sort().join()`, &names))
	assert.Equal(t, "ChatError,createClient,newIdempotencyToken,version", names)
	tab.requireQuiet()
}

// TestREADMESampleIsTheDemoPage checks that the demo page's script begins with the README's sample.
func TestREADMESampleIsTheDemoPage(t *testing.T) {
	script, err := os.ReadFile("../web/app.js")
	require.NoError(t, err)
	sample := sample(t, "README.md", "js", "async function connect")
	assert.Equal(t, sample, string(script[:min(len(sample), len(script))]))
}

// TestDocumentedPolicy checks that docs/hosting.md has the demo page's Content-Security-Policy.
func TestDocumentedPolicy(t *testing.T) {
	html, err := os.ReadFile("../web/index.html")
	require.NoError(t, err)
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="(.*?)"`).FindSubmatch(html)
	require.NotNil(t, policy)
	hosting, err := os.ReadFile("../docs/hosting.md")
	require.NoError(t, err)
	assert.Contains(t, string(hosting), "\n"+string(policy[1])+"\n")
}
