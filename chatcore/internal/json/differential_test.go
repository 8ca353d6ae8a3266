package json_test

import (
	stdjson "encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore/internal/json"
)

// texts are valid and almost valid documents.
var texts = []string{
	// Values.
	`null`, `true`, `false`, `0`, `-0`, `1`, `-1`, `12345678901234567890`, `1.5`, `-0.0`, `1e9`, `1E+9`, `1e-9`, `0.1e00`, `""`, `"a"`, `{}`, `[]`,
	`{"a":1}`, `{"a":{"b":[1,{"c":null}]},"d":"e"}`, `[1,"2",true,false,null,{},[]]`, `{"":1}`, `{"a":1,"a":2}`, `{"a":{"x":1},"a":{"y":2}}`,
	" \t\r\n{ \"a\" :\n[ 1 ,\t2 ] } \n",
	// Strings.
	`"\"\\\/\b\f\n\r\t"`, `"\u0041\u00e9\u20AC\uFFFF\u0000"`, `"\ud83d\ude00"`, `"\uD83D\uDE00x"`, `"é€😀"`, "\"\x7f\u2028\u2029\"",
	// Lone surrogates.
	`"\ud83d"`, `"\ude00"`, `"\ud83d\ud83d\ude00"`, `"\ud83dx\ude00"`, `"\ude00\ud83d"`, `"\ud83d\n"`, `"\ud83d\u0041"`, `"\u0041\ude00"`, `"\ud7ff\ude00"`, `"\udc00\udfff"`, `"\ud83d\\ude00"`, `"\udbff\udfff"`, `"\ud800\udc00"`,
	// Invalid UTF-8.
	"\"\xff\"", "\"a\xc3\"", "\"\xe2\x82\"", "\"\xc3\\n\xa9\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xc0\x80\"", "{\"\xff\":\"\xfe\"}", "\"\\u0041\xff\"",
	// Not documents.
	``, ` `, `{`, `}`, `[`, `]`, `"`, `"a`, `"\`, `"\"`, `"\u`, `"\u00`, `"\u004`, `"\u004"`, `"\u00zz"`, `"\x41"`, `"\U0041"`, `"\'"`, "\"\n\"", "\"\x00\"", "\"\x1f\"", "\"\\n\x01\"",
	`"\ud83d\u`, `"\ud83d\ude0"`, `"\ud83d\`, `"a\`, `"\ud83d\x"`,
	`nul`, `nulll`, `nil`, `True`, `tru`, `truee`, `fals`, `NaN`, `Infinity`, `undefined`, `'a'`, `a`, "\x00", "{}\x00", "{\x00}", "[\x00]", "[1\x00]", "\ufeff{}", "\v{}",
	`-`, `+1`, `01`, `-01`, `00`, `.5`, `1.`, `1.e1`, `1e`, `1e+`, `1e1.5`, `0x1`, `1_000`, `1 2`, `--1`, `1-`, `-a`, `1f`,
	`{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `{"a":1 "b":2}`, `{"a" 1}`, `{a:1}`, `{1:1}`, `{'a':1}`, `{"a":1}}`, `{"a":1},`, `{"a":1`, `{"a":1,`, `{"a":`, `{"a"`, `{"a`, `{null:1}`,
	`[,]`, `[1,]`, `[,1]`, `[1 2]`, `[1`, `[1,`, `[1]]`, `[1}`, `{"a":1]`, `[}`, `{]`, `[1:2]`, `["a":1]`, `[]]`, `{}{}`, `{} []`, `"a" "b"`, `/**/{}`, `{}//`,
	// Depth.
	strings.Repeat("[", json.MaxDepth) + strings.Repeat("]", json.MaxDepth),
	strings.Repeat("[", json.MaxDepth+1) + strings.Repeat("]", json.MaxDepth+1),
	strings.Repeat(`{"a":`, json.MaxDepth) + "1" + strings.Repeat("}", json.MaxDepth),
	strings.Repeat(`{"a":`, json.MaxDepth+1) + "1" + strings.Repeat("}", json.MaxDepth+1),
	strings.Repeat(`[{"a":`, json.MaxDepth/2) + `{}` + strings.Repeat("}]", json.MaxDepth/2),
	"[" + strings.Repeat("[],", 300) + "[]]",
	strings.Repeat("[", 1000),
}

// agree compares the reader with encoding/json. Both must accept the same texts, except those that nest too deep, and read the
// same values.
func agree(t *testing.T, text string) {
	t.Helper()
	want, ok := standard(text)
	ok = ok && depth(text) <= json.MaxDepth
	for name, newReader := range readers {
		got, err := read(newReader(text))
		if !ok {
			require.NotNil(t, err, "%s reader accepts %.200q", name, text)
			require.True(t, err.Syntax, "%s reader of %.200q: %v", name, text, err)
			require.True(t, err.Offset >= 0 && err.Offset <= len(text), "%s reader of %.200q: offset %d", name, text, err.Offset)
			continue
		}
		require.Nil(t, err, "%s reader refuses %.200q", name, text)
		require.Equal(t, want, got, "%s reader of %.200q", name, text)

		r := newReader(text)
		require.Equal(t, strings.Trim(text, " \t\r\n"), r.Raw())
		require.Nil(t, r.End())
		r = newReader(text)
		r.Skip()
		require.Nil(t, r.End())
	}
}

func TestReaderAgreesWithEncodingJSON(t *testing.T) {
	for _, text := range texts {
		agree(t, text)
	}
}

// encoding/json of Go 1.27 overflows a browser's stack with this text, so only the readers get it.
func TestReaderRefusesDeepNesting(t *testing.T) {
	for name, newReader := range readers {
		_, err := read(newReader(strings.Repeat("[", 100_000)))
		require.NotNil(t, err, name)
		assert.True(t, err.Syntax, name)
	}
}

func TestTextsAreValidAndInvalid(t *testing.T) {
	valid := 0
	for _, text := range texts {
		if stdjson.Valid([]byte(text)) {
			valid++
		}
	}
	assert.Greater(t, valid, 50)
	assert.Greater(t, len(texts)-valid, 100)
}

// TestReaderRejectsEveryPrefix truncates documents at every byte. The reader must refuse each prefix and must not panic.
func TestReaderRejectsEveryPrefix(t *testing.T) {
	for _, text := range []string{
		`{"a":[1,-2.5e+3,{"b":"x\n\ud83d\ude00\u0041y"},true,false,null],"c":{}}`,
		`["\u00e9",[[]],{"a":{"b":{"c":"d"}}}, 0 ]`,
	} {
		for i := range len(text) {
			agree(t, text[:i])
			agree(t, text[i:])
			agree(t, text[:i]+text[i+1:])
		}
	}
}

func FuzzReader(f *testing.F) {
	for _, text := range texts {
		if len(text) < 1000 {
			f.Add(text)
		}
	}
	f.Fuzz(agree)
}
