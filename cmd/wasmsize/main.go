//go:build !js

// Command wasmsize compares the size of the client's WebAssembly module with
// the floor, the least that a Go program can be that JavaScript calls, and fails
// when it is above a budget. A ratio to a floor built by the same toolchain
// stays meaningful when Go's own size changes.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

const usage = `usage: wasmsize [-budget RATIO] FILE.wasm

Prints the size of FILE.wasm, raw, with gzip and with brotli, beside that of a
Go program that publishes one function to JavaScript and does nothing else.

  -budget RATIO  fail when FILE.wasm takes, with brotli, more than RATIO times
                 that program (default 0, no limit)
`

func main() {
	os.Exit(run(os.Args[1:], buildFloor, os.Stdout, os.Stderr))
}

// run returns the exit code: 2 for a command line that cannot be meant, 1 for a
// file that is above the budget or cannot be measured.
func run(args []string, floor func() ([]byte, error), stdout, stderr io.Writer) int {
	var limit budget
	flags := flag.NewFlagSet("wasmsize", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints the error and the usage
	flags.Func("budget", "", func(value string) (err error) {
		limit, err = parseBudget(value)
		return err
	})
	err := flags.Parse(args)
	if err == nil && flags.NArg() != 1 {
		err = fmt.Errorf("takes 1 file, not %d", flags.NArg())
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "wasmsize: %v\n\n%s", err, usage)
		return 2
	}
	if err := compare(flags.Arg(0), limit, floor, stdout); err != nil {
		fmt.Fprintf(stderr, "wasmsize: %v\n", err)
		return 1
	}
	return 0
}

// compare prints the table, and the verdict when that is good. A bad one is the
// error.
func compare(path string, limit budget, buildFloor func() ([]byte, error), stdout io.Writer) error {
	file, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	floor, err := buildFloor()
	if err != nil {
		return err
	}
	measured := measure(floor, file)
	printTable(stdout, measured[0], path, measured[1])
	verdict, within := limit.verdict(measured[0], measured[1])
	if !within {
		return errors.New(verdict)
	}
	_, err = fmt.Fprintln(stdout, verdict)
	return err
}
