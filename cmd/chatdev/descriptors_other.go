//go:build !unix && !js

package main

// descriptorLimit says how many files and connections this process may have
// open.
func descriptorLimit() (limit uint64, known bool) { return 0, false }
