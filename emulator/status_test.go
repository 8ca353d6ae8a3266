package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/emulator"
)

func TestStatusCodes(t *testing.T) {
	for status := 400; status < 600; status++ {
		assert.Equal(t, strings.ReplaceAll(http.StatusText(status), " ", ""), emulator.StatusCodes[status], status)
	}
}
