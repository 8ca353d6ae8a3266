//go:build !js

package split

import (
	"strconv"

	"acschat/cmd/postlink/linetable"
	"acschat/cmd/postlink/wasmfile"
)

// The part imports the memory, the table and the globals from this module. The page gives it the exports of the main module.
const mainModuleName, memoryName = "main", "mem"

func globalName(i int) string { return strconv.Itoa(i) }

// part returns the part. It has the same types and globals as the main module, by the same numbers. Its functions are the moved
// ones, and then one for each function of the main module that they call, which calls it by its index in the table: all functions
// of a Go program are there.
func (p *program) part(id string, tables []wasmfile.Segment) (*wasmfile.Module, error) {
	typeCount, types, err := p.module.Section(wasmfile.SectionType)
	if err != nil {
		return nil, err
	}
	imports, err := p.partImports(id)
	if err != nil {
		return nil, err
	}
	exports, err := p.partExports()
	if err != nil {
		return nil, err
	}
	functionTypes, bodies, err := p.partFunctions()
	if err != nil {
		return nil, err
	}
	part := &wasmfile.Module{Segments: tables}
	part.Append(wasmfile.SectionType, append(wasmfile.AppendU32(nil, typeCount), types.Rest...))
	part.Append(wasmfile.SectionImport, wasmfile.AppendImports(mainModuleName, imports))
	part.Append(wasmfile.SectionFunction, wasmfile.AppendFunctionTypes(functionTypes))
	part.Append(wasmfile.SectionExport, wasmfile.AppendExports(exports))
	part.Append(wasmfile.SectionElement, wasmfile.AppendElements(p.elements()))
	part.Append(wasmfile.SectionCode, wasmfile.AppendBodies(bodies))
	part.Append(wasmfile.SectionData, nil)
	return part, nil
}

func (p *program) partImports(id string) ([]wasmfile.Import, error) {
	globals, err := p.module.Globals()
	if err != nil {
		return nil, err
	}
	end := linetable.FirstFunction + p.moved[len(p.moved)-1] + 1
	imports := []wasmfile.Import{wasmfile.ImportMemory(memoryName), wasmfile.ImportTable(id, end)}
	for i, g := range globals {
		imports = append(imports, wasmfile.ImportGlobal(globalName(i), g))
	}
	return imports, nil
}

func (p *program) partExports() ([]wasmfile.Export, error) {
	exports, err := p.module.Exports()
	var moved []wasmfile.Export
	for _, e := range exports {
		if p.movesExport(e) {
			moved = append(moved, wasmfile.Export{Name: e.Name, Kind: e.Kind, Index: p.places[e.Index-p.imported]})
		}
	}
	return moved, err
}

func (p *program) partFunctions() (types []uint32, bodies [][]byte, err error) {
	typeOf, err := p.module.FunctionTypes()
	if err != nil {
		return nil, nil, err
	}
	parameters, err := p.module.Parameters()
	if err != nil {
		return nil, nil, err
	}
	places := make(map[uint32]uint32) // of a function of the main module: the index of the one that calls it
	var callers []uint32              // by this index: the functions of the main module
	for _, function := range p.moved {
		body, err := wasmfile.RenumberCalls(p.bodies[function], func(called uint32) uint32 {
			called -= p.imported
			if place, moves := p.places[called]; moves {
				return place
			}
			place, found := places[called]
			if !found {
				place = uint32(len(p.moved) + len(callers))
				places[called] = place
				callers = append(callers, called)
			}
			return place
		})
		if err != nil {
			return nil, nil, err
		}
		types = append(types, typeOf[function])
		bodies = append(bodies, body)
	}
	for _, function := range callers {
		body := []byte{0} // no local variables
		for i := range parameters[typeOf[function]] {
			body = wasmfile.AppendU32(append(body, wasmfile.OpLocalGet), uint32(i))
		}
		body = wasmfile.AppendS32(append(body, wasmfile.OpI32Const), int32(linetable.FirstFunction+function))
		body = wasmfile.AppendU32(append(body, wasmfile.OpCallIndirect), typeOf[function])
		types = append(types, typeOf[function])
		bodies = append(bodies, append(body, 0, wasmfile.OpEnd)) // of table 0
	}
	return types, bodies, nil
}

// elements puts the moved functions into the table, where they were.
func (p *program) elements() (segments []wasmfile.Elements) {
	for i, function := range p.moved {
		if i == 0 || function != p.moved[i-1]+1 {
			segments = append(segments, wasmfile.Elements{At: linetable.FirstFunction + function})
		}
		last := &segments[len(segments)-1]
		last.Functions = append(last.Functions, uint32(i))
	}
	return segments
}
