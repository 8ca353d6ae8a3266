//go:build !js

package docs

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// places are where an operation of the service has to be. NAME stands for its name, as pages call it, and Name for the same
// with a capital. CONTRIBUTING.md goes through them.
var places = []struct{ files, text, missing string }{
	{"chatcore/client.go", `^func \(c \*Client\) Name\(`, "the method that makes a call of it"},
	{"chatcore/wire_test.go chatcore/golden_test.go", `\{NAME, |op: +NAME,`, "a row of TestWire, or a sample of the REST documentation"},
	{"chatcore/history_job_test.go", `\{"NAME", \d`, "its weight in the random histories"},
	{"chatcore/history_job_test.go", `case "NAME":`, "its call in the random histories"},
	{"web/chat.d.ts", `^  NAME\(`, "the method of ChatClient, with its comment"},
	{"wasm/operation_test.go", `\bdone\.NAME = `, "a call of it in TestEveryOperation"},
	{"e2e/soak_test.go", `\bNAME: \(`, "a call of it in the soak"},
	{"chathttp/*.go", `^func \(c \*Client\) Name\(`, "the method of Client"},
	{"chathttp/method_test.go", `"NAME": +(func|NAME)\b`, "a call of it in operations, and one in successes"},
	{"emulator/route.go", `\{"NAME", `, "its route"},
	{"emulator/rule.go", `// .*\bNAME\b`, "its name in the comment of Rule.Operation"},
	{"emulator/scene_test.go", `"NAME": +\{`, "a request of it in operations"},
	{"emulator/limit_test.go", `\{"[\w ]*\bNAME\b[\w ]*", "(user|thread)`, "its rate limits in documented"},
	{"sdktest/table.mjs", `"NAME"`, "its name in operations"},
	{"sdktest/error.test.mjs", `^  NAME: `, "a call of it in operations"},
	{"docs/api.md", "^\\| `client\\.NAME\\(", "a row in the table of the API"},
	{"docs/migration.md", `^\|.*\|.*\bNAME\(.*\|$`, "a row with the official SDK's method, or –"},
}

// TestEveryOperationIsEverywhere lists where an operation is missing, so that one run shows all that is left to do.
func TestEveryOperationIsEverywhere(t *testing.T) {
	for _, place := range places {
		text := ""
		for _, pattern := range strings.Fields(place.files) {
			files, err := filepath.Glob("../" + pattern)
			require.NoError(t, err)
			require.NotEmpty(t, files, "%s is gone: correct the table places", pattern)
			for _, file := range files {
				text += read(t, file)
			}
		}
		for _, m := range chatcore.Methods {
			if m.Live { // which is no operation of the service
				continue
			}
			name := strings.NewReplacer("NAME", m.Name, "Name", strings.ToUpper(m.Name[:1])+m.Name[1:])
			is := regexp.MustCompile("(?m)" + name.Replace(place.text))
			if !is.MatchString(text) {
				t.Errorf("%s: %s is missing: %s", place.files, m.Name, place.missing)
			}
		}
	}
}

// TestEveryOperationIsAMethod: one that Methods does not list is out of the reach of pages.
func TestEveryOperationIsAMethod(t *testing.T) {
	listed := map[string]bool{"createClient": true} // which is none of the service's
	for _, m := range chatcore.Methods {
		listed[m.Name] = true
	}
	declared := regexp.MustCompile(`(?m)^\s+name: "(\w+)"`).FindAllStringSubmatch(read(t, "../chatcore/operation.go"), -1)
	require.NotEmpty(t, declared)
	for _, name := range declared {
		if !listed[name[1]] {
			t.Errorf("chatcore/jsonapi.go: Methods does not list %s, which operation.go declares", name[1])
		}
	}
}

var inWords = []string{"fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"}

// TestNumberOfOperations: where a document tells how many operations there are, it is right.
func TestNumberOfOperations(t *testing.T) {
	texts := documents(t)
	texts["../web/chat.d.ts"] = read(t, "../web/chat.d.ts")
	count := len(chatcore.Methods) - 1 // without the watch
	require.Less(t, count-15, len(inWords))
	said := regexp.MustCompile(`(?i)\b(` + strings.Join(inWords, "|") + `)\s+operations\b`)
	for path, text := range texts {
		for _, found := range said.FindAllStringSubmatch(text, -1) {
			if strings.ToLower(found[1]) != inWords[count-15] {
				t.Errorf("%s: %q should be %s operations", path, found[0], inWords[count-15])
			}
		}
	}
}
