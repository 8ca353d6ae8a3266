//go:build !js

package wasmfile

const (
	importTable  = 1
	importMemory = 2
	importGlobal = 3

	typeFunction = 0x70 // of the elements of a table
)

// Import is something that a module imports from another one.
type Import struct {
	Name string
	what []byte // its kind and type
}

// ImportTable is a table of functions, of at least size elements.
func ImportTable(name string, size uint32) Import {
	return Import{name, AppendU32([]byte{importTable, typeFunction, 0}, size)}
}

// ImportMemory is a memory of any size.
func ImportMemory(name string) Import {
	return Import{name, []byte{importMemory, 0, 0}}
}

// ImportGlobal is a global variable of the type of another one.
func ImportGlobal(name string, g Global) Import {
	return Import{name, []byte{importGlobal, g.Kind, g.mutable}}
}

// AppendImports returns the content of an import section. All imports are from one module.
func AppendImports(module string, imports []Import) []byte {
	b := AppendU32(nil, uint32(len(imports)))
	for _, i := range imports {
		b = appendName(b, module)
		b = appendName(b, i.Name)
		b = append(b, i.what...)
	}
	return b
}

func appendName(b []byte, name string) []byte {
	return append(AppendU32(b, uint32(len(name))), name...)
}
