//go:build !js

package split

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"acschat/cmd/postlink/linetable"
	"acschat/cmd/postlink/snapshot"
	"acschat/cmd/postlink/testprogram"
	"acschat/cmd/postlink/wasmfile"
)

func parsed(t *testing.T, module []byte) (*wasmfile.Module, map[uint32]string) {
	m, err := wasmfile.Parse(module)
	require.NoError(t, err)
	names, err := linetable.FunctionNames(m)
	require.NoError(t, err)
	return m, names
}

func split(t *testing.T) (main, part []byte) {
	m, names := parsed(t, testprogram.Parts(t))
	_, without := parsed(t, testprogram.Parts(t, "withoutpart"))
	mainModule, partModule, err := Split(m, names, without)
	require.NoError(t, err)
	main, err = mainModule.Bytes()
	require.NoError(t, err)
	part, err = partModule.Bytes()
	require.NoError(t, err)
	return main, part
}

// instantiate instantiates the main module, and then the part with its exports.
func instantiate(t *testing.T, main, part []byte) (mainModule, partModule api.Module, err error) {
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	t.Cleanup(func() { runtime.Close(ctx) })
	compiled, err := runtime.CompileModule(ctx, main)
	require.NoError(t, err)
	host := runtime.NewHostModuleBuilder("gojs")
	for _, f := range compiled.ImportedFunctions() {
		_, name, _ := f.Import()
		host.NewFunctionBuilder().WithFunc(func(int32) {}).Export(name)
	}
	_, err = host.Instantiate(ctx)
	require.NoError(t, err)
	config := wazero.NewModuleConfig().WithStartFunctions()
	mainModule, err = runtime.InstantiateModule(ctx, compiled, config.WithName(mainModuleName))
	require.NoError(t, err)
	partModule, err = runtime.InstantiateWithConfig(ctx, part, config.WithName("part"))
	return mainModule, partModule, err
}

// The part fits into the main module, and has what only its functions need.
func TestSplit(t *testing.T) {
	main, part := split(t)
	mainModule, partModule, err := instantiate(t, main, part)
	require.NoError(t, err)
	assert.NotNil(t, mainModule.ExportedFunction("start"))
	assert.Nil(t, mainModule.ExportedFunction("begin"))
	assert.Nil(t, partModule.ExportedFunction("start"))
	assert.NotNil(t, partModule.ExportedFunction("begin"))

	m, names := parsed(t, testprogram.Parts(t))
	linked, err := m.Bodies()
	require.NoError(t, err)
	m, err = wasmfile.Parse(main)
	require.NoError(t, err)
	bodies, err := m.Bodies()
	require.NoError(t, err)
	for function, name := range names {
		switch name {
		case "main.main", "main.total", "runtime.gcStart", "syscall/js.Value.Call", "syscall/js.valueInstanceOf": // the last one calls an import
			assert.Equal(t, linked[function], bodies[function], name)
		case "main.(*square).area", "main.begin", "begin", "main.climb", "main.fail.func1", "type:.eq.main.key", "syscall/js.Value.InstanceOf":
			assert.Equal(t, dropped, bodies[function], name)
		}
	}
	memory, err := m.Memory()
	require.NoError(t, err)
	assert.NotContains(t, string(memory.Data), "main.climb")
	assert.Contains(t, string(part), "main.climb")
	assert.NotContains(t, string(part), "runtime.gcStart")
	assert.Less(t, len(part), len(main)/5)

	again, partAgain := split(t)
	assert.True(t, bytes.Equal(main, again), "the main module is not reproducible")
	assert.True(t, bytes.Equal(part, partAgain), "the part is not reproducible")
}

// A part of another build does not run.
func TestPartOfOtherBuild(t *testing.T) {
	main, part := split(t)
	at := strings.Index(string(part), TablePrefix) + len(TablePrefix)
	for range 12 {
		other := bytes.Clone(part)
		other[at] ^= 1
		_, _, err := instantiate(t, main, other)
		assert.ErrorContains(t, err, `"`+TablePrefix)
		at++
	}
}

// Any change of the program, and of what moves, gives the table another name.
func TestTableName(t *testing.T) {
	table := func(change func(m *wasmfile.Module, without map[uint32]string)) string {
		m, names := parsed(t, testprogram.Parts(t))
		_, without := parsed(t, testprogram.Parts(t, "withoutpart"))
		change(m, without)
		main, _, err := Split(m, names, without)
		require.NoError(t, err)
		exports, err := main.Exports()
		require.NoError(t, err)
		for _, e := range exports {
			if e.Kind == wasmfile.ExportTable {
				return e.Name
			}
		}
		return ""
	}
	linked := table(func(*wasmfile.Module, map[uint32]string) {})
	assert.Regexp(t, `^part\.[-_0-9A-Za-z]{12}$`, linked)
	assert.Equal(t, linked, table(func(*wasmfile.Module, map[uint32]string) {}))
	assert.NotEqual(t, linked, table(func(m *wasmfile.Module, _ map[uint32]string) { m.Segments[0].Data[0]++ }), "another value in memory")
	assert.NotEqual(t, linked, table(func(_ *wasmfile.Module, without map[uint32]string) { without[1<<20] = "main.half.area" }), "a function less in the part")
}

func TestSplitRefuses(t *testing.T) {
	_, without := parsed(t, testprogram.Parts(t, "withoutpart"))
	m, names := parsed(t, testprogram.Parts(t))
	_, _, err := Split(m, names, names)
	assert.ErrorContains(t, err, "the program has no function that the one to compare with lacks")

	m, names = parsed(t, testprogram.Parts(t, "direct"))
	_, _, err = Split(m, names, without)
	assert.ErrorContains(t, err, "main.direct calls main.crossBorder, which only one of the two programs has")

	m, names = parsed(t, testprogram.Parts(t, "parked"))
	m, err = snapshot.Take(m, snapshot.Options{Start: "start"})
	require.NoError(t, err)
	_, _, err = Split(m, names, without)
	assert.ErrorContains(t, err, "a goroutine of the snapshot waits in main.init.0")
}
