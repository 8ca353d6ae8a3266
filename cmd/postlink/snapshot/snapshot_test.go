//go:build !js

package snapshot

import (
	"bytes"
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/cmd/postlink/linetable"
	"acschat/cmd/postlink/testprogram"
	"acschat/cmd/postlink/wasmfile"
)

func takeSnapshot(module []byte, options Options) ([]byte, error) {
	m, err := wasmfile.Parse(module)
	if err != nil {
		return nil, err
	}
	if m, err = Take(m, options); err != nil {
		return nil, err
	}
	return m.Bytes()
}

var long = flag.Bool("long", false, "also take a snapshot that keeps floating-point numbers, one twice, and one of a snapshot")

// What only the start needs is gone, and nothing else. With NoFloats, what only floating-point numbers need is gone as well.
func TestTakeDropsCode(t *testing.T) {
	testDropped(t, true)
}

func TestTakeKeepsFloats(t *testing.T) {
	if !*long {
		t.Skip("give -long for it")
	}
	testDropped(t, false)
}

func testDropped(t *testing.T, noFloats bool) {
	isDropped := droppedFunctions(t, testprogram.Waits(t, "waits"), Options{Start: "start", NoFloats: noFloats})
	for _, name := range []string{"runtime.rt0_go", "runtime.schedinit", "runtime.mallocinit", "runtime.(*mheap).init", "wasm_export_run", "runtime.init", "syscall/js.init"} {
		assert.True(t, isDropped[name], name)
	}
	for _, name := range []string{"main.start", "runtime.main", "main.main", "runtime.newproc", "wasm_export_resume", "wasm_pc_f_loop", "runtime.gcStart", "memeqbody", "runtime.printint", "syscall/js.(*ValueError).Error"} {
		assert.False(t, isDropped[name], name)
		assert.Contains(t, isDropped, name)
	}
	for _, name := range append(slices.Clone(floatPrinters), "internal/strconv.genericFtoa", "internal/strconv.dboxFtoa64", "internal/strconv.(*decimal).Assign") {
		assert.Contains(t, isDropped, name)
		assert.Equal(t, noFloats, isDropped[name], name)
	}
}

func TestTakeIsReproducible(t *testing.T) {
	if !*long {
		t.Skip("give -long for it")
	}
	waits := testprogram.Waits(t, "waits")
	options := Options{Start: "start", Rehearse: "prepare", Environment: []string{"GOGC=50"}}
	once, err := takeSnapshot(waits, options)
	require.NoError(t, err)
	again, err := takeSnapshot(waits, options)
	require.NoError(t, err)
	assert.Equal(t, once, again)

	_, err = takeSnapshot(once, options)
	assert.Error(t, err, "a snapshot of a snapshot")
}

// droppedFunctions tells of each function of a module's snapshot whether it is dropped.
func droppedFunctions(t *testing.T, module []byte, options Options) map[string]bool {
	begins, err := takeSnapshot(module, options)
	require.NoError(t, err)
	tables, parsed := tablesOf(t, begins)
	memory, err := parsed.Memory()
	require.NoError(t, err)
	if options.NoFloats {
		assert.NotContains(t, string(memory.Data), string(powersOfTen()))
	}
	numbers, err := tables.FunctionNumbers()
	require.NoError(t, err)
	bodies, err := parsed.Bodies()
	require.NoError(t, err)
	isDropped := make(map[string]bool)
	for name, number := range numbers {
		isDropped[name] = bytes.Equal(bodies[number], dropped)
	}
	return isDropped
}

func tablesOf(t *testing.T, module []byte) (*linetable.Tables, *wasmfile.Module) {
	m, err := wasmfile.Parse(module)
	require.NoError(t, err)
	memory, err := m.Memory()
	require.NoError(t, err)
	tables, err := linetable.Parse(uint64(memory.Address), memory.Data)
	require.NoError(t, err)
	return tables, m
}

// A list that does not fit the module is an error.
func TestDropUnreachableRefuses(t *testing.T) {
	tables, _ := tablesOf(t, testprogram.Waits(t, "waits"))
	err := dropUnreachable(make([][]byte, 1<<16), 0, nil, nil, tables, []string{"runtime.rt0_go", "runtime.gone"})
	assert.ErrorContains(t, err, "the module has no function runtime.gone, which a list in snapshot/reach.go names")
}

func TestTakeRefuses(t *testing.T) {
	waits := testprogram.Waits(t, "waits")
	const (
		preamble  = "\x00asm\x01\x00\x00\x00"
		start     = "\x08\x01\x00" // the section of this name
		producers = "\x00\x2f\x09producers\x01\x0cprocessed-by\x01\x0eGo cmd/compile\x06go1.26"
	)
	starting := []byte(preamble + start + producers)
	for _, test := range []struct {
		name    string
		module  []byte
		options Options
		want    string
	}{
		{"a program that touches JavaScript", testprogram.Waits(t, "looks"), Options{Start: "start"}, `in run, before it waits, it looks up "document" in JavaScript`},
		{"one that fails", testprogram.Waits(t, "panics"), Options{Start: "start"}, "it calls runtime.wasmExit, and it writes:\npanic: too early\n"},
		{"one that waits in an initializer", testprogram.Waits(t, "waits too early"), Options{Start: "start"}, "the program waits before main"},
		{"a rehearsal that touches JavaScript", waits, Options{Start: "start", Rehearse: "start"}, "in start, before it waits, it "},
		{"too much to tell it", waits, Options{Start: "start", Environment: []string{"A=" + strings.Repeat("a", 8192)}}, "the environment is limited to 8 KB"},
		{"no start", waits, Options{Start: "none"}, "the module exports no function none"},
		{"no function to start", waits, Options{Start: "mem"}, "the module exports no function mem"},
		{"no rehearsal", waits, Options{Start: "start", Rehearse: "none"}, "the module exports no function none"},
		{"a module that is not Go's", []byte(preamble), Options{Start: "start"}, "no section says which version of Go made the module"},
		{"a module that starts by itself", starting, Options{Start: "start"}, "the module has a start section"},
	} {
		_, err := takeSnapshot(test.module, test.options)
		assert.ErrorContains(t, err, test.want, test.name)
	}
}
