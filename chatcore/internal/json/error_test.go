package json_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore/internal/json"
)

// failAtX reads a text and fails at the first string "x".
func failAtX(r *json.Reader) {
	switch r.Kind() {
	case "an object":
		for more := r.Object(); more; more = r.Next() {
			failAtX(r)
		}
	case "an array":
		for more := r.Array(); more; more = r.Next() {
			failAtX(r)
		}
	case "a string":
		if r.Raw() == `"x"` {
			r.Fail("is an x")
		}
	default:
		r.Skip()
	}
}

func TestPaths(t *testing.T) {
	for text, path := range map[string]string{
		`"x"`:                                    "",
		`{"a":"x"}`:                              "a",
		`["x"]`:                                  "[0]",
		`[1,2,"x"]`:                              "[2]",
		`{"participants":[{"displayName":"x"}]}`: "participants[0].displayName",
		`{"participants":[{"displayName":"y","m":{}},{"a":[],"metadata":{"k":1,"j":"x"}}]}`: "participants[1].metadata.j",
		`[[],[[1],[2,3,"x"]]]`:                "[1][1][2]",
		`{"a":{"b":{"c":{}}},"d":"x"}`:        "d",
		`{"a":[{"b":1}],"c":["x"]}`:           "c[0]",
		`{"a":"x","b":"x"}`:                   "a",
		`{"caf\u00e9":"x"}`:                   "café",
		`{"a":"x","b":!!!`:                    "a",
		`{"a":{"b":"x"}`:                      "a.b",
		`[{"a":[{"b":[{"c":[0,1,2,"x"]}]}]}]`: "[0].a[0].b[0].c[3]",
	} {
		r := json.NewReader(text)
		failAtX(r)
		err := r.End()
		require.NotNil(t, err, text)
		assert.Equal(t, path, err.Path, text)
		assert.Equal(t, "is an x", err.Problem, text)
		assert.False(t, err.Syntax, text)
		if path == "" {
			assert.Equal(t, "is an x", err.Error())
		} else {
			assert.Equal(t, path+" is an x", err.Error())
		}
	}
}

func TestOffsets(t *testing.T) {
	for text, offset := range map[string]int{
		``: 0, `  `: 2, `{"a":}`: 5, `{"a" 1}`: 5, `[1,]`: 3, `{} x`: 3, `"a`: 2, "\"a\nb\"": 2, "\"\\t\nb\"": 3, `"\x"`: 2, `[1 2]`: 3, `{1}`: 1, `nope`: 0, `-x`: 1,
	} {
		_, err := read(json.NewReader(text))
		require.NotNil(t, err, text)
		assert.Equal(t, offset, err.Offset, text)
		assert.True(t, err.Syntax, text)
	}
}

// TestFirstErrorSticks: after an error every method returns the zero value at once.
func TestFirstErrorSticks(t *testing.T) {
	r := json.NewReader(`{"a":[1,{"b":2}],"c":"d"}`)
	require.True(t, r.Object())
	r.Fail("is wrong")
	assert.Empty(t, r.Kind())
	assert.False(t, r.Object())
	assert.False(t, r.Array())
	assert.Empty(t, r.String())
	assert.Empty(t, r.Raw())
	assert.Zero(t, r.Int())
	assert.False(t, r.Bool())
	assert.False(t, r.Null())
	r.Skip()
	r.Unknown()
	r.Fail("is wrong again")
	assert.False(t, r.Next())
	assert.False(t, r.Next())
	err := r.End()
	require.NotNil(t, err)
	assert.Equal(t, "a is wrong", err.Error())
}

func TestDepth(t *testing.T) {
	nested := func(n int) string {
		text := ""
		for range n {
			text = `[` + text + `]`
		}
		return text
	}
	_, err := read(json.NewReader(nested(json.MaxDepth)))
	assert.Nil(t, err)
	_, err = read(json.NewReader(nested(json.MaxDepth + 1)))
	require.NotNil(t, err)
	assert.Equal(t, "nested too deep", err.Problem)
	assert.Equal(t, json.MaxDepth, err.Offset)
	assert.True(t, err.Syntax)
}
