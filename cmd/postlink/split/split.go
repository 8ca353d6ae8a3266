//go:build !js

// Package split splits a Go program into two WebAssembly modules: the main module, and a part that a page may instantiate later,
// into the same memory and table. Until then the functions of the part trap.
package split

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"acschat/cmd/postlink/linetable"
	"acschat/cmd/postlink/wasmfile"
)

// dropped replaces the code of a function in the main module: no local variables, unreachable, end.
var dropped = []byte{0, wasmfile.OpUnreachable, wasmfile.OpEnd}

// TablePrefix is what the name of the table begins with among the exports of the main module. A hash of the program follows, so a
// part of another build cannot be instantiated.
const TablePrefix = "part."

// program is the module to split.
type program struct {
	module   *wasmfile.Module
	imported uint32     // how many functions it imports
	bodies   [][]byte   // of the functions that it defines. The index of a function counts only these, except in code and exports
	calls    [][]uint32 // of each function: what it calls, by the numbers in code
	names    map[uint32]string
	moved    []uint32          // the functions of the part
	places   map[uint32]uint32 // of a function of the part: its index there
}

// Split moves those functions of a program to a part that a second program, linked without them, does not have: their code, their
// exports, and what only they need of the line tables. The functions of both programs are known by their names.
//
// The main module may refer to the part by function values and interfaces only. It is an error if one of its functions calls a
// function of the part directly, or waits in one.
func Split(m *wasmfile.Module, names, without map[uint32]string) (main, part *wasmfile.Module, err error) {
	p, err := parse(m, names)
	if err != nil {
		return nil, nil, err
	}
	p.move(without)
	if err := p.check(); err != nil {
		return nil, nil, err
	}
	id, err := p.id()
	if err != nil {
		return nil, nil, err
	}
	isMoved := func(function uint32) bool { _, found := p.places[function]; return found }
	tables, err := linetable.Separate(m, isMoved)
	if err != nil {
		return nil, nil, err
	}
	if part, err = p.part(id, tables); err != nil {
		return nil, nil, err
	}
	main, err = p.main(id)
	return main, part, err
}

func parse(m *wasmfile.Module, names map[uint32]string) (p program, err error) {
	p = program{module: m, names: names, places: make(map[uint32]uint32)}
	if p.imported, _, err = m.Section(wasmfile.SectionImport); err != nil {
		return p, err
	}
	if p.bodies, err = m.Bodies(); err != nil {
		return p, err
	}
	p.calls = make([][]uint32, len(p.bodies))
	for i, body := range p.bodies {
		found, err := wasmfile.ParseCode(&wasmfile.Reader{Rest: body})
		if err != nil {
			return p, err
		}
		p.calls[i] = found.Calls
	}
	return p, nil
}

// move decides which functions move. Those that call an import stay, because the part imports no functions. Those that were dropped
// stay, too.
func (p *program) move(without map[uint32]string) {
	stays := make(map[string]bool)
	for _, name := range without {
		stays[name] = true
	}
	for i, body := range p.bodies {
		function := uint32(i)
		name, found := p.names[function]
		isImport := func(called uint32) bool { return called < p.imported }
		if !found || stays[name] || slices.Equal(body, dropped) || slices.ContainsFunc(p.calls[i], isImport) {
			continue
		}
		p.places[function] = uint32(len(p.moved))
		p.moved = append(p.moved, function)
	}
}

// check returns an error if the main module would not work without the part.
func (p *program) check() error {
	if len(p.moved) == 0 {
		return errors.New("the program has no function that the one to compare with lacks")
	}
	for i, calls := range p.calls {
		if _, moves := p.places[uint32(i)]; moves {
			continue
		}
		for _, called := range calls {
			if _, moves := p.places[called-p.imported]; moves {
				return fmt.Errorf("%s calls %s, which only one of the two programs has: let it call a function value or an interface, which is nil until the part is loaded",
					p.names[uint32(i)], p.names[called-p.imported])
			}
		}
	}
	return p.checkStacks()
}

// checkStacks returns an error if a goroutine of a snapshot waits in a function of the part. The runtime would look for its record
// when it scans the stack. Only on stacks a program counter is not the begin of a function, so its lower bits are not 0.
func (p *program) checkStacks() error {
	memory, err := p.module.Memory()
	if err != nil {
		return err
	}
	tables, err := linetable.Parse(uint64(memory.Address), memory.Data)
	if err != nil {
		return err
	}
	for at := (tables.Heap() + 7) &^ 7; at+8 <= uint64(len(memory.Data)); at += 8 {
		pc := binary.LittleEndian.Uint64(memory.Data[at:])
		function, found := linetable.FunctionAt(pc)
		if _, moves := p.places[function]; found && moves && pc&0xffff != 0 {
			return fmt.Errorf("a goroutine of the snapshot waits in %s, or was started by it: the memory has its program counter at %#x. The main module must not use functions of the part before the part is loaded", p.names[function], at)
		}
	}
	return nil
}

// id returns the name of the table.
func (p *program) id() (string, error) {
	content, err := p.module.Bytes()
	if err != nil {
		return "", err
	}
	for _, function := range p.moved {
		content = wasmfile.AppendU32(content, function)
	}
	sum := sha256.Sum256(content)
	return TablePrefix + base64.RawURLEncoding.EncodeToString(sum[:9]), nil
}

// main returns the main module. Its functions keep their numbers.
func (p *program) main(id string) (*wasmfile.Module, error) {
	for _, function := range p.moved {
		p.bodies[function] = dropped
	}
	exports, err := p.module.Exports()
	if err != nil {
		return nil, err
	}
	exports = slices.DeleteFunc(exports, p.movesExport)
	exports = append(exports, wasmfile.Export{Name: id, Kind: wasmfile.ExportTable})
	globals, err := p.module.Globals()
	if err != nil {
		return nil, err
	}
	for i := range globals {
		exports = append(exports, wasmfile.Export{Name: globalName(i), Kind: wasmfile.ExportGlobal, Index: uint32(i)})
	}
	return p.module.WithBodies(p.bodies).With(wasmfile.SectionExport, wasmfile.AppendExports(exports)), nil
}

func (p *program) movesExport(e wasmfile.Export) bool {
	_, moves := p.places[e.Index-p.imported]
	return moves && e.Kind == wasmfile.ExportFunction
}
