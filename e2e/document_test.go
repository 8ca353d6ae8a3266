//go:build !js

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var block = regexp.MustCompile("(?ms)^(<!-- quote: .*?-->\n)?```(\\w+)\n(.*?)^```$")

// samples returns a document's code blocks in a language, in order. It leaves out quoted files, which other tests run.
func samples(t *testing.T, document, language string) (blocks []string) {
	text, err := os.ReadFile(filepath.Join("..", document))
	require.NoError(t, err)
	for _, found := range block.FindAllStringSubmatch(string(text), -1) {
		if found[1] == "" && found[2] == language {
			blocks = append(blocks, found[3])
		}
	}
	return blocks
}

// sample returns the only code block of a document that contains a text.
func sample(t *testing.T, document, language, contains string) string {
	var found []string
	for _, block := range samples(t, document, language) {
		if strings.Contains(block, contains) {
			found = append(found, block)
		}
	}
	require.Len(t, found, 1, "%s: blocks of %s with %s in it", document, language, contains)
	return found[0]
}

var (
	importOfClient  = regexp.MustCompile(`(?m)^import .* from "(\./chat\.js|acschat|acschat/emulator)";$`)
	importOfPackage = regexp.MustCompile(`(?m)^import .* from "([^.a]|acschat/emulator/node")`)
)

// aroundDocumented is the module around a documented sample. It declares what the samples use, with another copy of the client. show throws, to
// end samples that would not end by themselves.
const aroundDocumented = `%[1]s
import { initialize as start } from "./chat.js";
import * as other from "./chat.js?other";

const endpoint = ENDPOINT, token = TOKEN, userId = USER, content = "Hi";
await other.initialize();
const succeeded = [];
const onExchange = ({ operation, outcome }) => outcome === "success" && succeeded.push(operation);
const client = other.createClient({ endpoint, token, onExchange, settleMs: 100 });
const { chatThread: { id: threadId } } = await client.createThread({ topic: "Sample", participants: [{ communicationIdentifier: userId }] });
await client.sendMessage(threadId, { content: "Hi" });
succeeded.length = 0;

const ended = new Error("shown"), shown = [];
const show = (...what) => { shown.push(what); throw ended; };
const { signal } = new AbortController();
const draft = { text: "Hi" }, save = () => {}, remove = () => {}, showAsPerhapsSent = show;
let lastSeen = "1", resumeHere;
const { fetch: own } = globalThis;
globalThis.fetch = (url, init) => url === "/token" ? Promise.resolve(Response.json({ endpoint, token, id: "me" })) : own(url, init);
const console = { log: (...what) => shown.push(what) };

let failure = "";
try {
	if (%[2]t) await start();
	{
		%[3]s
	}
} catch (error) {
	if (error !== ended) failure = String(error);
}
globalThis.outcome = { failure, shown: JSON.stringify(shown), succeeded };
`

// TestDocumentedScripts runs every script in the documents.
func TestDocumentedScripts(t *testing.T) {
	documents, err := filepath.Glob("../docs/*.md")
	require.NoError(t, err)
	for _, path := range append(documents, "../README.md") {
		document, err := filepath.Rel("..", path)
		require.NoError(t, err)
		for i, script := range samples(t, document, "js") {
			if strings.HasPrefix(script, "// before") || importOfPackage.MatchString(script) {
				continue // uses another package or set-up
			}
			t.Run(fmt.Sprintf("%s %d", document, i), func(t *testing.T) {
				s := newSite(t)
				imports := strings.Join(importOfClient.FindAllString(script, -1), "\n")
				imports = strings.NewReplacer(`"acschat/emulator"`, `"./emulator.js"`, `"acschat"`, `"./chat.js"`).Replace(imports)
				script = importOfClient.ReplaceAllString(script, "")
				if imports == "" {
					imports = `import { initialize, createClient, newIdempotencyToken, ChatError } from "./chat.js";`
				}
				module := fmt.Sprintf(aroundDocumented, imports, !strings.Contains(script, "initialize("), script)
				user, other := s.emulator.NewUser(), s.emulator.NewUser()
				module = strings.NewReplacer("ENDPOINT", fmt.Sprintf("%q", s.endpoint), "TOKEN", fmt.Sprintf("%q", user.Token), "USER", fmt.Sprintf("%q", other.ID)).Replace(module)
				module = strings.NewReplacer(`"http://localhost:8081"`, fmt.Sprintf("%q", s.endpoint), `"…"`, fmt.Sprintf("%q", user.Token)).Replace(module)
				tab := s.openSample(t, `<!doctype html><script type="module">`+module+`</script>`)
				var got struct {
					Failure, Shown string
					Succeeded      []string
				}
				tab.run(chromedp.Poll("globalThis.outcome", &got))
				assert.Empty(t, got.Failure)
				if strings.Contains(script, "for await") && !strings.Contains(script, "function") || strings.Contains(script, "console.log(") {
					assert.NotEqual(t, "[]", got.Shown)
				}
				tab.requireQuiet()
			})
		}
	}
}
