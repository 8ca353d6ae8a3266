package emulator_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/emulator"
)

func TestHeader(t *testing.T) {
	for _, name := range []string{"MS-CV", "x-ms-date", "content-TYPE", "a--b-", ""} {
		h := emulator.Header{}
		h.Set(name, "1")
		assert.Equal(t, http.Header{http.CanonicalHeaderKey(name): {"1"}}, http.Header(h), "the names are those of net/http")
		h.Add(name, "2")
		assert.Equal(t, []string{"1", "2"}, h.Values(name))
		assert.Equal(t, "1", h.Get(name))
		h.Del(name)
		assert.Empty(t, h)
		assert.Empty(t, h.Get(name))
	}
}
