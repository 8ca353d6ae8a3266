//go:build !js

package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// restTitle matches the line that names an operation as its page of the REST reference does, and the address below it.
var restTitle = regexp.MustCompile(`(?m)^REST: (Chat|Chat Thread|Communication Identity) - ([\w ]+)[.,].*\n(.*)$`)

// The reference has the address of a page from its title.
var restFolders = map[string]string{
	"Chat":                   "chat/chat/",
	"Chat Thread":            "chat/chat-thread/",
	"Communication Identity": "identity/communication-identity/",
}

func restPage(group, title string) string {
	return "https://learn.microsoft.com/rest/api/communication/" + restFolders[group] + strings.ReplaceAll(strings.ToLower(title), " ", "-")
}

var (
	commentOfMethod = regexp.MustCompile(`(?s)/\*\*((?:[^*]|\*[^/])*)\*/\s+(\w+)\(`)
	restLink        = regexp.MustCompile(`REST: \[(Chat|Chat Thread) - ([\w ]+)\]\((\S+)\)`)
)

// TestMethodsLinkToTheirPages: in chat.d.ts, too.
func TestMethodsLinkToTheirPages(t *testing.T) {
	comments := map[string]string{}
	for _, found := range commentOfMethod.FindAllStringSubmatch(read(t, "../web/chat.d.ts"), -1) {
		comments[found[2]] = found[1]
	}
	for _, m := range chatcore.Methods {
		found := restLink.FindStringSubmatch(comments[m.Name])
		if assert.NotNil(t, found, `web/chat.d.ts: the comment of %s needs the line "REST: [Chat Thread - Title Of The Page](address of the page)."`, m.Name) {
			assert.Equal(t, restPage(found[1], found[2]), found[3], "web/chat.d.ts: the address in the comment of %s is not that of its title", m.Name)
		}
	}
}

// TestOperationsLinkToTheirPages: every function that stands for an operation of the service links to the page of the
// operation in the REST reference.
func TestOperationsLinkToTheirPages(t *testing.T) {
	links := 0
	for folder, isOperation := range map[string]func(*ast.FuncDecl) bool{
		"chatcore": func(f *ast.FuncDecl) bool { return strings.HasPrefix(f.Name.Name, "Build") },
		"chathttp": func(f *ast.FuncDecl) bool {
			name := f.Name.Name
			return takesContext(f) && isOfClient(f) && name != "WatchMessages" && name != "Forget" && !strings.HasSuffix(name, "ByPage")
		},
		"identity": takesContext,
	} {
		files, err := filepath.Glob("../" + folder + "/*.go")
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
			require.NoError(t, err)
			for _, declared := range parsed.Decls {
				f, ok := declared.(*ast.FuncDecl)
				if !ok || !f.Name.IsExported() || !isOperation(f) {
					continue
				}
				found := restTitle.FindStringSubmatch(f.Doc.Text())
				if !assert.NotNil(t, found, `%s: the comment of %s needs the lines "REST: Chat Thread - Title Of The Page." and the page's address`, file, f.Name.Name) {
					continue
				}
				assert.Equal(t, restPage(found[1], found[2]), found[3], "%s: the address in the comment of %s is not that of its title", file, f.Name.Name)
				links++
			}
		}
	}
	assert.GreaterOrEqual(t, links, 16+16+3)
}

func takesContext(f *ast.FuncDecl) bool {
	parameters := f.Type.Params.List
	if f.Recv == nil || len(parameters) == 0 {
		return false
	}
	is, ok := parameters[0].Type.(*ast.SelectorExpr)
	return ok && is.Sel.Name == "Context"
}

// isOfClient tells whether a method is one of *Client.
func isOfClient(f *ast.FuncDecl) bool {
	pointer, ok := f.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	name, ok := pointer.X.(*ast.Ident)
	return ok && name.Name == "Client"
}
