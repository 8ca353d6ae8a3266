//go:build js

package emulator_test

import "acschat/emulator"

func newNodeResource(emulator.Options) resource {
	panic("-wasm needs Node, which a test in a browser cannot start")
}
