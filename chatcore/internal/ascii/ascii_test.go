package ascii

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

var texts = []string{"", "a", "abc", "a-b-c", "-", "--", "é", "0123", "\x00\x7f\xff", "a b", "~!"}

// TestLikePackageStrings compares the functions with those of package strings.
func TestLikePackageStrings(t *testing.T) {
	for _, s := range texts {
		for _, other := range texts {
			assert.Equal(t, strings.HasPrefix(s, other), HasPrefix(s, other), "%q %q", s, other)
			want, found := strings.CutPrefix(s, other)
			if found = found && want != ""; !found {
				want = s
			}
			after, got := CutPrefix(s, other)
			assert.Equal(t, want, after, "%q %q", s, other)
			assert.Equal(t, found, got, "%q %q", s, other)
		}
		before, after, found := strings.Cut(s, "-")
		gotBefore, gotAfter, gotFound := Cut(s, '-')
		assert.Equal(t, before, gotBefore, "%q", s)
		assert.Equal(t, after, gotAfter, "%q", s)
		assert.Equal(t, found, gotFound, "%q", s)
	}
	assert.Equal(t, "abcé-z", Lower("ABCé-Z"))
	assert.True(t, ConsistsOf("2024", "0123456789"))
	assert.False(t, ConsistsOf("20x4", "0123456789"))
	assert.False(t, ConsistsOf("", "0123456789"))
}

// TestAppendEscaped compares AppendEscaped with package net/url, which escapes more characters than encodeURIComponent does.
func TestAppendEscaped(t *testing.T) {
	for c := range 256 {
		s := "x" + string([]byte{byte(c)})
		want := strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
		if strings.ContainsAny(s, "!*'()") {
			want = s
		}
		assert.Equal(t, "?"+want, string(AppendEscaped([]byte("?"), s)))
	}
}

func TestIsVisible(t *testing.T) {
	for c := range 256 {
		assert.Equal(t, c > ' ' && c < 0x7f, IsVisible("x"+string([]byte{byte(c)})), c)
	}
	assert.True(t, IsVisible(""))
}
