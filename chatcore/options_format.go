//go:build !js

package chatcore

import (
	"fmt"
	"io"
)

// Format is String for every verb: fmt asks String for some verbs only and prints the fields for the others. Where GOOS is js,
// package fmt would make the download larger.
func (o Options) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, o.String()) }
