package json_test

import (
	stdjson "encoding/json"
	"math"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore/internal/json"
)

func TestWriter(t *testing.T) {
	var w json.Writer
	w.Begin('{')
	w.Name("a")
	w.String("x")
	w.Name("b")
	w.Begin('[')
	w.Int(1)
	w.Int(-2)
	w.String("")
	w.Begin('{')
	w.End('}')
	w.Begin('[')
	w.End(']')
	w.Begin('{')
	w.Name("c")
	w.Int(math.MinInt64)
	w.End('}')
	w.End(']')
	w.Name(`"{`)
	w.Begin('{')
	w.End('}')
	w.Name("d:")
	w.String("[")
	w.Name("e")
	w.Int(0)
	w.End('}')
	assert.Equal(t, `{"a":"x","b":[1,-2,"",{},[],{"c":-9223372036854775808}],"\u0022{":{},"d:":"[","e":0}`, w.Text())
}

var writtenStrings = []string{
	"", "a", `"`, `\`, `"\"`, `\u0041`, "/", "</script>", "\b\f\n\r\t", "\x00\x01\x1f\x20\x7f", "é€😀", "\u2028\u2029\ufffd\uffff",
	"\xff", "a\xc3", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80", "ok\xffok\"\xfe\n", "a{", "a[", "a:", "a,",
}

// write writes a string as a name, a value and an element, and reads all three with encoding/json.
func write(t *testing.T, s string) {
	t.Helper()
	var w json.Writer
	w.Begin('{')
	w.Name(s)
	w.Begin('[')
	w.String(s)
	w.Int(7)
	w.String(s)
	w.End(']')
	w.End('}')
	text := w.Text()
	require.True(t, utf8.ValidString(text), "%q", s)

	var got map[string][]any
	require.NoError(t, stdjson.Unmarshal([]byte(text), &got), "%q", s)
	want := string([]rune(s)) // every invalid byte becomes U+FFFD
	require.Equal(t, map[string][]any{want: {want, 7.0, want}}, got, "%q", s)

	quoted, err := stdjson.Marshal(s)
	require.NoError(t, err)
	r := json.NewStrictReader(string(quoted))
	require.Equal(t, want, r.String(), "reads what encoding/json writes")
	require.Nil(t, r.End())
}

func TestWriterAgreesWithEncodingJSON(t *testing.T) {
	for _, s := range writtenStrings {
		write(t, s)
	}
	for c := range 256 {
		write(t, "a"+string([]byte{byte(c)})+"b")
	}
}

func FuzzWriter(f *testing.F) {
	for _, s := range writtenStrings {
		f.Add(s)
	}
	f.Fuzz(write)
}
