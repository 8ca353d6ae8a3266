package emulator_test

import (
	"flag"
	"net/http"
	"testing"
	"time"

	"acschat/emulator"
)

var inNode = flag.Bool("wasm", false, "test ../web/emulator.wasm in Node, not the package")

// resource is what the tests use of an emulator: package emulator, or with -wasm the module.
type resource interface {
	http.Handler
	NewUser() emulator.User
	NewToken(userID string) (token string, ok bool)
	Fail(rule emulator.Rule)
	ClearFaults()
	Advance(d time.Duration)
	Reset()
	Threads() []emulator.Thread
	ConnectionString(endpoint string) string
}

func newResource(options emulator.Options) resource {
	if *inNode {
		return newNodeResource(options)
	}
	return emulator.New(options)
}

// needsPackage skips a test with -wasm, because of something that only the package has.
func needsPackage(t *testing.T, something string) {
	if *inNode {
		t.Skip("the module has no " + something)
	}
}
