package json

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLines(t *testing.T) {
	for _, text := range []string{"", "\n", "a", "a\n", "\na", "12345678", "1234567\n", "12345678\n", "\n\n\n\n\n\n\n\n\n", "é\n\u000b\u0009\n😀", strings.Repeat("0123456789\n", 20) + "end"} {
		for i := range len(text) {
			assert.Equal(t, strings.Split(text[i:], "\n"), Lines(text[i:]), "%q", text[i:])
		}
		assert.Equal(t, strings.Split(text, "\n"), Lines(text), "%q", text)
	}
}
