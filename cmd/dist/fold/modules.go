package fold

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

var (
	importLine  = regexp.MustCompile(`(?m)^import \{ \w+(?:, \w+)* \} from "\./([\w.]+)";\n`)
	otherImport = regexp.MustCompile(`(?m)^(?:import|export)\b.*\bfrom\b.*$|^import\s*["'].*$`)
	export      = regexp.MustCompile(`(?m)^export (async function|function|class|const|let)\b`)
	declaration = regexp.MustCompile(`(?m)^(?:export )?(?:async function\*?|function\*?|class|const|let) (?:(\w+)|[{\[] ?([\w, :]+) ?[}\]])`)
)

// Modules combines the named module and all modules that it imports, directly or not, into one. Imported modules come first,
// each once. Modules supports only the forms of import and export that the files in web/ use, and returns an error for
// others. It renames nothing, so that stack traces and comments stay the same. So it is also an error if two modules declare
// the same name.
func Modules(files fs.FS, name string) ([]byte, error) {
	f := folding{files: files, added: map[string]bool{}, declared: map[string]string{}}
	if err := f.add(name, true); err != nil {
		return nil, err
	}
	return []byte(f.text.String()), nil
}

type folding struct {
	files    fs.FS
	text     strings.Builder
	added    map[string]bool
	declared map[string]string // the module that declares a name
}

func (f *folding) add(name string, isEntry bool) error {
	if f.added[name] {
		return nil
	}
	f.added[name] = true
	content, err := fs.ReadFile(f.files, name)
	if err != nil {
		return err
	}
	text := string(content)
	for _, found := range importLine.FindAllStringSubmatch(text, -1) {
		if err := f.add(found[1], false); err != nil {
			return err
		}
	}
	text = importLine.ReplaceAllString(text, "")
	if found := otherImport.FindString(text); found != "" {
		return fmt.Errorf("%s: this form of import or export is not supported: %q", name, found)
	}
	for _, found := range declaration.FindAllStringSubmatch(text, -1) {
		for declared := range strings.SplitSeq(found[1]+found[2], ",") {
			if _, alias, isAlias := strings.Cut(declared, ":"); isAlias {
				declared = alias
			}
			declared = strings.TrimSpace(declared)
			if other := f.declared[declared]; other != "" {
				return fmt.Errorf("%s: declares %s, which %s declares, too", name, declared, other)
			}
			f.declared[declared] = name
		}
	}
	if !isEntry {
		text = export.ReplaceAllString(text, "$1")
	}
	f.text.WriteString(text)
	return nil
}
