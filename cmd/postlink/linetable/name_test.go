//go:build !js

package linetable

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// testFunction is a function whose name begins at an offset, in a record of its own.
func testFunction(name uint32, id byte) function {
	f := function{record: table{bytes: make([]byte, recordSize)}}
	f.record.setU32(recordName, name)
	f.record.bytes[recordID] = id
	return f
}

func TestKeepsName(t *testing.T) {
	for _, test := range []struct {
		name string
		id   byte
		want bool
	}{
		{"main.main", idNormal, false},
		{"runtime.gopanic", idPanic, false},
		{"main.(*T).M", idNormal, false},
		{"main.(*T).M", idWrapper, true},
		{"runtime.gcenable.gowrap1", idWrapper, true},
		{"runtime.forcegchelper", idNormal, true},
		{"reflect.makeFuncStub", idNormal, true},
		{"reflect.methodValueCall", idNormal, true},
	} {
		assert.Equal(t, test.want, keepsName(test.name, testFunction(0, test.id)), test.name)
	}
}

func TestShortenNamesRefuses(t *testing.T) {
	const listed = "runtime.forcegchelper\x00runtime.updateMaxProcsGoroutine\x00"
	tests := []struct {
		name      string
		names     string
		functions []function
		message   string
	}{
		{"too few bytes", listed, []function{testFunction(0, idNormal), testFunction(22, idNormal)}, "the kept names need 55 bytes, but the table has 54"},
		{"a name of the list is missing", listed, []function{testFunction(0, idNormal)},
			"the module has no function runtime.updateMaxProcsGoroutine, which systemGoroutines in name.go names"},
		{"no end", "\x00abc", []function{testFunction(1, idNormal)}, "function 0: name at offset 1 has no end"},
		{"no names", "", []function{testFunction(0, idNormal)}, "function 0: no name begins at offset 0 of 0"},
		{"another ID", "main.main\x00", []function{testFunction(0, idPanic)}, `function 0 is called "main.main", but has the ID of runtime.gopanic`},
	}
	for _, test := range tests {
		tables := Tables{names: table{bytes: []byte(test.names)}}
		assert.ErrorContains(t, tables.shortenNames(test.functions), test.message, test.name)
	}
}
