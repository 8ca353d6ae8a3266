//go:build !js

package linetable

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/cmd/postlink/testprogram"
	"acschat/cmd/postlink/wasmfile"
)

// find looks a function up as the runtime does, in a bucket and a byte of it.
func (t *Tables) find(bucket, at int) int {
	i := int(t.buckets.u32(bucket*bucketSize)) + int(t.buckets.bytes[at])
	entry := t.records.u32(0) + uint32(bucket/16) // 16 buckets of 4096 are the 1<<16 program counters of a function
	for t.records.u32(8*(i+1)) <= entry {
		i++
	}
	return i
}

// value is what a field refers to, nil for nothing.
func (t *Tables) value(test *testing.T, f function, field int) []byte {
	offset := f.record.u32(field)
	if offset == 0 {
		return nil
	}
	v, err := t.pcvaluesAt(offset)
	require.NoError(test, err)
	return t.pcvalues.bytes[offset:][:v.size]
}

func (t *Tables) funcdataOf(test *testing.T, f function, number int) []byte {
	offset := f.record.u32(f.funcdataField(number))
	if offset == noFuncdata {
		return nil
	}
	size, err := t.funcdataSize(f, number, &wasmfile.Reader{Rest: t.funcdata.bytes[offset:]})
	require.NoError(test, err)
	return t.funcdata.bytes[offset:][:size]
}

func reduced(module []byte, slim bool) ([]byte, error) {
	m, err := wasmfile.Parse(module)
	if err != nil {
		return nil, err
	}
	if err := Reduce(m, slim); err != nil {
		return nil, err
	}
	return m.Bytes()
}

// requireEqual is require.Equal for what is compared 100,000 times.
func requireEqual[T comparable](t *testing.T, want, got T) {
	if want != got {
		t.Helper()
		require.Equal(t, want, got)
	}
}

// Every function has what the runtime reads of it, and nothing that goes.
func TestTablesAfter(t *testing.T) {
	module := testprogram.Panics(t)
	before, functionsBefore := tablesOf(t, module)
	for name, slim := range map[string]bool{"merged": false, "slim": true} {
		t.Run(name, func(t *testing.T) {
			result, err := reduced(module, slim)
			require.NoError(t, err)
			after, functionsAfter := tablesOf(t, result)
			require.Len(t, functionsAfter, len(functionsBefore))
			steps := 0
			for at := range before.buckets.bytes {
				bucket := at / bucketSize
				if at%bucketSize < 4 {
					continue // the number that the bucket begins with
				}
				found := before.find(bucket, at)
				requireEqual(t, found, after.find(bucket, at))
				steps = max(steps, found-int(after.buckets.u32(bucket*bucketSize)))
			}
			assert.Equal(t, coarse-1, steps, "in the longest search")

			names := make(map[string]int)
			for i, f := range functionsBefore {
				g := functionsAfter[i]
				for _, field := range f.pcvalueFields() {
					want := before.value(t, f, field)
					if f.dropsPCValue(field, slim) {
						want = nil
					}
					requireEqual(t, string(want), string(after.value(t, g, field)))
				}
				for number := range f.funcdata {
					want := before.funcdataOf(t, f, number)
					if f.dropsFuncdata(number, slim) {
						want = nil
					} else if slim && number == funcdataInlined {
						want = bytes.Clone(want)
						for call := 0; call < len(want); call += inlinedSize {
							clear(want[call+4 : call+8])
							clear(want[call+12 : call+16])
						}
					}
					requireEqual(t, string(want), string(after.funcdataOf(t, g, number)))
				}
				for field := 0; field < recordSize; field += 4 {
					switch field {
					case recordName, recordFrameSizes, recordFiles, recordLines:
					case recordUnit, recordFirstLine:
						if slim {
							requireEqual(t, uint32(0), g.record.u32(field))
						} else {
							requireEqual(t, f.record.u32(field), g.record.u32(field))
						}
					default:
						requireEqual(t, f.record.u32(field), g.record.u32(field))
					}
				}
				want, err := before.name(f.record.u32(recordName))
				require.NoError(t, err)
				got, err := after.name(g.record.u32(recordName))
				require.NoError(t, err)
				if slim && !keepsName(want, f) {
					want = nameless
				}
				requireEqual(t, want, got)
				names[got]++
			}
			if slim {
				for _, name := range []string{nameless, "runtime.forcegchelper", "main.(*point).Sum", "reflect.makeFuncStub", "reflect.methodValueCall"} {
					assert.NotZero(t, names[name], name)
				}
				assert.Less(t, len(names), len(functionsBefore)/10)
				assert.Equal(t, make([]byte, len(after.files.bytes)), after.files.bytes)
			}

			again, err := reduced(result, slim)
			if slim {
				assert.ErrorContains(t, err, `is called "?", but has the ID of runtime.gopanic: the module may be slim already`)
				return
			}
			require.NoError(t, err)
			assert.True(t, bytes.Equal(result, again), "reducing again changed something")
		})
	}
}

// Types have the methods of values and of pointers, and no functions.
func TestMethodFunctions(t *testing.T) {
	tables, _ := tablesOf(t, testprogram.Panics(t))
	numbers, err := tables.FunctionNumbers()
	require.NoError(t, err)
	methods := tables.MethodFunctions()
	for _, name := range []string{"main.point.Sum", "main.(*point).Sum", "main.deepPoint.Sum", "main.(*cleaner).recoverHere", "syscall/js.Error.Error"} {
		require.Contains(t, numbers, name)
		assert.Contains(t, methods, numbers[name], name)
	}
	for _, name := range []string{"main.main", "runtime.schedinit", "runtime.mallocinit", "runtime.typesEqual"} {
		require.Contains(t, numbers, name)
		assert.NotContains(t, methods, numbers[name], name)
	}
}
