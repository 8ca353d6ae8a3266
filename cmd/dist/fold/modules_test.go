//go:build !js

package fold

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func modules(texts map[string]string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range texts {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestModules(t *testing.T) {
	folded, err := Modules(modules(map[string]string{
		"entry.js": "// Entry.\n\nimport { a, B } from \"./one.js\";\nimport { two } from \"./two.js\";\n\nexport { B };\nexport const c = a + two();\n",
		"one.js":   "import { two } from \"./two.js\";\nexport const { a, b } = { a: two(), b: 2 };\nexport class B {}\n",
		"two.js":   "export async function two() {\n  const a = 1;\n}\n",
	}), "entry.js")
	require.NoError(t, err)
	assert.Equal(t, "async function two() {\n  const a = 1;\n}\n"+
		"const { a, b } = { a: two(), b: 2 };\nclass B {}\n"+
		"// Entry.\n\n\nexport { B };\nexport const c = a + two();\n", string(folded))
}

func TestModulesRefuses(t *testing.T) {
	for _, row := range []struct{ name, entry, want string }{
		{"a missing module", `import { a } from "./none.js";`, "open none.js"},
		{"a namespace import", `import * as all from "./one.js";`, `entry.js: this form of import or export is not supported: "import * as all`},
		{"a default import", `import all from "./one.js";`, `entry.js: this form of import or export is not supported: "import all`},
		{"a renamed import", `import { a as b } from "./one.js";`, `entry.js: this form of import or export is not supported: "import { a as b`},
		{"an import for side effects", `import "./one.js";`, `entry.js: this form of import or export is not supported: "import `},
		{"an export from elsewhere", `export { a } from "./one.js";`, `entry.js: this form of import or export is not supported: "export { a }`},
		{"a package", `import { a } from "one";`, `entry.js: this form of import or export is not supported: "import { a }`},
		{"a duplicate name", "import { a } from \"./one.js\";\nfunction a() {}", "entry.js: declares a, which one.js declares, too"},
		{"a duplicate name from destructuring", "import { a } from \"./one.js\";\nconst { b: a } = {};", "entry.js: declares a, which one.js declares, too"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Modules(modules(map[string]string{"entry.js": row.entry + "\n", "one.js": "export const a = 1;\n"}), "entry.js")
			assert.ErrorContains(t, err, row.want)
		})
	}
}

// The folded file has the exports of chat.js and imports nothing.
func TestModulesWithRealFiles(t *testing.T) {
	folded, err := Modules(os.DirFS("../../../web"), "chat.js")
	require.NoError(t, err)
	assert.NotRegexp(t, `(?m)^import\b`, string(folded))
	assert.Regexp(t, `(?m)^export \{ ChatError \};$`, string(folded))
}
