//go:build !js

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// waiterModule is the module that Go makes of ./waiter.
func waiterModule(t *testing.T, behaviour string) []byte {
	if testing.Short() {
		t.Skip("builds ./waiter")
	}
	path := filepath.Join(t.TempDir(), "waiter.wasm")
	build := exec.Command("go", "build", "-ldflags=-X 'main.behaviour="+behaviour+"'", "-o", path, "./waiter")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)
	module, err := os.ReadFile(path)
	require.NoError(t, err)
	return module
}

func takeSnapshot(module []byte, begin beginning) ([]byte, error) {
	m, err := Parse(module)
	if err != nil {
		return nil, err
	}
	if m, err = snapshot(m, begin); err != nil {
		return nil, err
	}
	return m.Bytes()
}

// A program that begins in a snapshot does what it does otherwise.
func TestSnapshotRuns(t *testing.T) {
	waits := waiterModule(t, "waits")
	begins, err := takeSnapshot(waits, beginning{start: "start", rehearse: "prepare", environment: []string{"GOGC=50"}})
	require.NoError(t, err)
	again, err := takeSnapshot(waits, beginning{start: "start", rehearse: "prepare", environment: []string{"GOGC=50"}})
	require.NoError(t, err)
	assert.Equal(t, begins, again, "each time the same")
	merged, err := merge(begins, false)
	require.NoError(t, err)
	slim, err := merge(begins, true)
	require.NoError(t, err)

	run := runner(t, map[string][]byte{"starts": waiterModule(t, "starts"), "begins": begins, "merged": merged.module, "slim": slim.module})
	want, _, found := strings.Cut(run("starts", ""), "panic: the end\n")
	require.True(t, found)
	require.Contains(t, want, "prepared: warm\n")
	require.Contains(t, want, "later: 500\n")
	for _, build := range []string{"begins", "merged", "slim"} {
		got, rest, _ := strings.Cut(run(build, ""), "panic: the end\n")
		assert.Equal(t, want, got, build)
		assert.Contains(t, rest, "exit 2\n", build)
	}
}

// What only the start needs is gone, and nothing else; with noFloats, what only floating-point numbers need as well.
func TestSnapshotDropsCode(t *testing.T) {
	module := waiterModule(t, "waits")
	for _, noFloats := range []bool{false, true} {
		isDropped := droppedFunctions(t, module, beginning{start: "start", noFloats: noFloats})
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
}

// droppedFunctions tells of each function of a module's snapshot whether it is dropped.
func droppedFunctions(t *testing.T, module []byte, begin beginning) map[string]bool {
	begins, err := takeSnapshot(module, begin)
	require.NoError(t, err)
	parsed, err := Parse(begins)
	require.NoError(t, err)
	memory, err := parsed.Memory()
	require.NoError(t, err)
	if begin.noFloats {
		assert.NotContains(t, string(memory.Data), string(powersOfTen()))
	}
	tables, err := parsePclntab(table{"data", uint64(memory.Address), memory.Data})
	require.NoError(t, err)
	numbers, err := tables.functionNumbers()
	require.NoError(t, err)
	bodies, err := parsed.Bodies()
	require.NoError(t, err)
	isDropped := make(map[string]bool)
	for name, number := range numbers {
		isDropped[name] = bytes.Equal(bodies[number], dropped)
	}
	return isDropped
}

// A list that does not fit the module is an error.
func TestDropUnreachableRefuses(t *testing.T) {
	tables, _ := tablesOf(t, programModule(t))
	err := dropUnreachable(make([][]byte, 1<<16), 0, nil, nil, tables, []string{"runtime.rt0_go", "runtime.gone"})
	assert.ErrorContains(t, err, "the module has no function runtime.gone, which a list in reach.go names")
}

func TestSnapshotRefuses(t *testing.T) {
	waits := waiterModule(t, "waits")
	m, err := Parse(waits)
	require.NoError(t, err)
	exports := slices.IndexFunc(m.sections, func(s section) bool { return s.id == SectionExport })
	m.sections = slices.Insert(m.sections, exports+1, section{SectionStart, []byte{0}})
	starting, err := m.Bytes()
	require.NoError(t, err)
	for _, test := range []struct {
		name   string
		module []byte
		begin  beginning
		want   string
	}{
		{"a program that touches JavaScript", waiterModule(t, "looks"), beginning{start: "start"}, `in run, before it waits, it looks up "document" in JavaScript`},
		{"one that fails", waiterModule(t, "panics"), beginning{start: "start"}, "it calls runtime.wasmExit, and it writes:\npanic: too early\n"},
		{"one that waits in an initializer", waiterModule(t, "waits too early"), beginning{start: "start"}, "the program waits before main"},
		{"a rehearsal that touches JavaScript", waits, beginning{start: "start", rehearse: "start"}, "in start, before it waits, it "},
		{"too much to tell it", waits, beginning{start: "start", environment: []string{"A=" + strings.Repeat("a", 8192)}}, "the environment is limited to 8 KB"},
		{"no start", waits, beginning{start: "none"}, "the module exports no function none"},
		{"no function to start", waits, beginning{start: "mem"}, "the module exports no function mem"},
		{"no rehearsal", waits, beginning{start: "start", rehearse: "none"}, "the module exports no function none"},
		{"a module that is not Go's", hand(onePage), beginning{start: "start"}, "no section says which version of Go made the module"},
		{"a module that starts by itself", starting, beginning{start: "start"}, "start section: its function would be called twice"},
	} {
		_, err := takeSnapshot(test.module, test.begin)
		assert.ErrorContains(t, err, test.want, test.name)
	}
	begins, err := takeSnapshot(waits, beginning{start: "start"})
	require.NoError(t, err)
	_, err = takeSnapshot(begins, beginning{start: "start"})
	assert.Error(t, err, "a snapshot of a snapshot")
}

func TestParseCode(t *testing.T) {
	read := func(code ...byte) (References, error) { return ParseCode(&Reader{Rest: code}) }
	found, err := read(1, 2, TypeI64, // two variables
		OpCall, 0x85, 0x0c,
		OpI64Const, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00,
		OpI32Const, 0x7f,
		0x43, OpCall, 1, 2, 3, 0x44, OpCall, 1, 2, 3, 4, 5, 6, 7,
		0x0e, 2, OpCall, 0, 0,
		0x28, 3, OpCall, 0x11, OpCall, 0, 0xfc, 10, 0, 0, 0xfc, 11, 0, 0xfc, 6, 0xc4,
		OpEnd)
	require.NoError(t, err)
	assert.Equal(t, References{Calls: []uint32{0x605}, Constants: []uint64{1<<63 - 1, 1<<32 - 1}}, found)
	for _, test := range []struct {
		want string
		code []byte
	}{
		{"instruction 0x6 is not understood", []byte{0, 0x06}},
		{"instruction 0xd0 is not understood", []byte{0, 0xd0}},
		{"instruction 0xfc 8 is not understood", []byte{0, 0xfc, 8}},
		{"instruction 0xfc 12 is not understood", []byte{0, 0xfc, 12}},
		{"truncated", []byte{0, OpCall}},
		{"truncated", []byte{0, 0x43, 1}},
		{"truncated", []byte{9}},
		{"more than 10 bytes", []byte{0, OpI64Const, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0}},
	} {
		_, err := read(test.code...)
		assert.ErrorContains(t, err, test.want)
	}
}
