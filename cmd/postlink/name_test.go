//go:build !js

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// testFunction is a function whose name begins at an offset, in a record of its own.
func testFunction(name uint32, id byte, args uint32) function {
	f := function{record: table{bytes: make([]byte, recordSize)}}
	f.record.setU32(recordName, name)
	f.record.setU32(recordArgs, args)
	f.record.bytes[recordID] = id
	return f
}

func TestShortName(t *testing.T) {
	tests := []struct {
		name string
		id   byte
		args uint32
		want string
	}{
		{"main.main", idNormal, 0, "?"},
		{"runtime.bgsweep", idNormal, 0, "runtime."},
		{"runtime.gcenable.gowrap1", idWrapper, 0, "runtime."},
		{"runtimes.f", idNormal, 0, "?"},
		{"example.com/a.(*T).M", idWrapper, 8, "example.com/a.(*T).M"},
		{"main.(*T[go.shape.int]).M", idWrapper, 8, "main.(*T[go.shape.int]).M"},
		{"main.(*T).M", idNormal, 8, "?"},
		{"main.(*T).M-fm", idWrapper, 8, "?"},
		{"main.(*T).M.deferwrap1", idWrapper, 8, "?"},
		{"main.T.M", idWrapper, 8, "?"},
		{"type:.eq.main.T", idWrapper, 8, "?"},
		{"reflect.makeFuncStub", idNormal, argsUnknown, "reflect.makeFuncStub"},
		{"reflect.methodValueCall", idNormal, argsUnknown, "reflect.methodValueCall"},
		{"reflect.methodValueCall", idNormal, 8, "?"},
		{"memeqbody", idNormal, argsUnknown, "?"},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, shortName(test.name, testFunction(0, test.id, test.args)), test.name)
	}
}

func TestShortenNamesRefuses(t *testing.T) {
	tests := []struct {
		name    string
		names   string
		f       function
		message string
	}{
		{"too few bytes", "a\x00", testFunction(0, idNormal, 0), "names that stay have 3 bytes, all names 2"},
		{"no end", "\x00abc", testFunction(1, idNormal, 0), "function 0: name at offset 1 has no end"},
		{"no names", "", testFunction(0, idNormal, 0), "function 0: no name begins at offset 0 of 0"},
		{"another ID", "main.main\x00", testFunction(0, idPanic, 0), `function 0 is called "main.main", but has the ID of runtime.gopanic`},
	}
	for _, test := range tests {
		tables := pclntab{names: table{bytes: []byte(test.names)}}
		assert.ErrorContains(t, tables.shortenNames([]function{test.f}), test.message, test.name)
	}
}
