//go:build !js

package linetable

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/cmd/postlink/testprogram"
	"acschat/cmd/postlink/wasmfile"
)

// Both together are the memory of before. The functions that stay find all of theirs without the segments, and the records of the
// others are gone.
func TestSeparate(t *testing.T) {
	for name, slim := range map[string]bool{"merged": false, "slim": true} {
		t.Run(name, func(t *testing.T) {
			m, err := wasmfile.Parse(testprogram.Panics(t))
			require.NoError(t, err)
			names, err := FunctionNames(m)
			require.NoError(t, err)
			isMoved := func(function uint32) bool { return strings.HasPrefix(names[function], "main.") }
			require.NoError(t, Reduce(m, slim))
			before, err := m.Memory()
			require.NoError(t, err)
			tablesBefore, err := Parse(0, before.Data)
			require.NoError(t, err)
			functions, err := tablesBefore.parseFunctions()
			require.NoError(t, err)

			segments, err := Separate(m, isMoved)
			require.NoError(t, err)
			after, err := m.Memory()
			require.NoError(t, err)
			tables, err := Parse(0, after.Data)
			require.NoError(t, err)
			moved := 0
			for i, f := range functions {
				assert.Equal(t, f.record.u32(recordEntry), tables.records.u32(8*i))
				at := f.record.address - tables.records.address
				record := tables.records.bytes[at:][:len(f.record.bytes)]
				if isMoved(f.number()) {
					moved++
					requireEqual(t, uint32(0), tables.records.u32(8*i+4))
					requireEqual(t, string(make([]byte, len(record))), string(record))
					continue
				}
				g, err := tables.parseFunction(tables.records.address + uint64(tables.records.u32(8*i+4)))
				require.NoError(t, err)
				requireEqual(t, string(f.record.bytes), string(g.record.bytes))
				for _, field := range f.pcvalueFields() {
					requireEqual(t, string(tablesBefore.value(t, f, field)), string(tables.value(t, g, field)))
				}
				for number := range f.funcdata {
					want := tablesBefore.funcdataOf(t, f, number)
					requireEqual(t, string(want), string(tables.funcdataOf(t, g, number)))
					for call := 0; number == funcdataInlined && call < len(want); call += inlinedSize {
						requireSameName(t, tablesBefore, tables, table{bytes: want}.u32(call+4))
					}
				}
				requireSameName(t, tablesBefore, tables, f.record.u32(recordName))
			}
			assert.Greater(t, moved, 50)

			changed := 0
			for i, b := range before.Data {
				if after.Data[i] != b {
					changed++
				}
			}
			assert.Greater(t, changed, 44*moved/2)
			for _, s := range segments {
				copy(after.Data[s.Address:], s.Data)
			}
			assert.True(t, bytes.Equal(before.Data[:len(after.Data)], after.Data), "both together are not what was there")
			if !slim {
				assert.True(t, contains(segments, "main.surviveDefers"))
				assert.False(t, contains(segments, "runtime.gopanic"))
			}
		})
	}
}

func requireSameName(t *testing.T, before, after *Tables, offset uint32) {
	want, err := before.name(offset)
	require.NoError(t, err)
	got, err := after.name(offset)
	require.NoError(t, err)
	requireEqual(t, want, got)
}

func contains(segments []wasmfile.Segment, text string) bool {
	for _, s := range segments {
		if bytes.Contains(s.Data, []byte(text)) {
			return true
		}
	}
	return false
}

// What another function needs stays.
func TestCut(t *testing.T) {
	e := newExtents(table{"values", 100, []byte("0123456789abcdefghijklmnopqrstuv")})
	e.mark(0, 10, true)
	e.mark(2, 3, false)
	e.mark(12, 1, true)
	e.mark(30, 2, true)
	assert.Equal(t, []wasmfile.Segment{{Address: 100, Data: []byte("0123456789abc")}, {Address: 130, Data: []byte("uv")}}, e.cut())
	assert.Equal(t, "\x00\x00234\x00\x00\x00\x00\x00ab\x00defghijklmnopqrst\x00\x00", string(e.table.bytes))
}
