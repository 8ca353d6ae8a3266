//go:build !js

// Command wasmsize prints the sizes of chat.wasm, chat.slim.wasm and their parts, and fails if one is above its budget. A budget is a ratio to
// a minimal program, the floor, that the same toolchain builds. So it stays meaningful when a new Go makes all programs larger. For emulator.wasm it is a number of bytes.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

const usage = `usage: wasmsize [-budget RATIO] [-slim-budget RATIO] [-part-budget RATIO] FILE.wasm [SLIM.wasm]
       wasmsize -byte-budget BYTES FILE.wasm

Prints the size of FILE.wasm, raw, with gzip and with brotli, beside the size of a
Go program that gives JavaScript one function, and the size of SLIM.wasm beside
the size of a Go program that does nothing.

  -budget RATIO       fail if FILE.wasm, with brotli, is larger than RATIO times
                      the first program (default 0, no limit)
  -slim-budget RATIO  fail if SLIM.wasm, with brotli, is larger than RATIO times
                      the second program (default 0, no limit)
  -part-budget RATIO  print the sizes of FILE.conversation.wasm and, if there is a
                      second file, of SLIM.conversation.wasm, too. Fail if one is
                      larger than RATIO times the program of its module
  -byte-budget BYTES  fail if FILE.wasm, with brotli, is larger than that
`

func main() {
	os.Exit(run(os.Args[1:], floor.build, os.Stdout, os.Stderr))
}

// comparison is a file, the program to compare it with, and its budget.
type comparison struct {
	floor floor
	path  string
	limit limit
}

// run returns the exit code: 2 for a wrong command line, 1 for a file that is above its budget or cannot be measured.
func run(args []string, build func(floor) ([]byte, error), stdout, stderr io.Writer) int {
	var client, slim, part budget
	var bytes byteBudget
	flags := flag.NewFlagSet("wasmsize", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints the error and the usage
	for name, limit := range map[string]*budget{"budget": &client, "slim-budget": &slim, "part-budget": &part} {
		flags.Func(name, "", func(value string) (err error) {
			*limit, err = parseBudget(value)
			return err
		})
	}
	flags.IntVar((*int)(&bytes), "byte-budget", 0, "")
	err := flags.Parse(args)
	switch {
	case err != nil:
	case flags.NArg() < 1 || flags.NArg() > 2:
		err = fmt.Errorf("takes 1 or 2 files, not %d", flags.NArg())
	case flags.NArg() == 1 && slim != 0:
		err = errors.New("-slim-budget needs a second file")
	case client != 0 && bytes != 0:
		err = errors.New("-budget and -byte-budget exclude each other")
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "wasmsize: %v\n\n%s", err, usage)
		return 2
	}
	comparisons := []comparison{{bridgeFloor, flags.Arg(0), client}, {emptyFloor, flags.Arg(1), slim}}[:flags.NArg()]
	if bytes != 0 {
		comparisons[0].limit = bytes
	}
	if part != 0 {
		for _, c := range comparisons {
			comparisons = append(comparisons, comparison{c.floor, strings.TrimSuffix(c.path, "wasm") + "conversation.wasm", part})
		}
	}
	if err := compare(comparisons, build, stdout); err != nil {
		fmt.Fprintf(stderr, "wasmsize: %v\n", err)
		return 1
	}
	return 0
}

// compare prints a table and a verdict for each comparison. The verdicts on files above their budgets are the error.
func compare(comparisons []comparison, build func(floor) ([]byte, error), stdout io.Writer) error {
	var files [][]byte
	floors := make(map[floor]int) // index in files
	for _, c := range comparisons {
		file, err := os.ReadFile(c.path)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	for _, c := range comparisons {
		if _, built := floors[c.floor]; built {
			continue
		}
		content, err := build(c.floor)
		if err != nil {
			return err
		}
		floors[c.floor] = len(files)
		files = append(files, content)
	}
	measured := measure(files...)
	var above []error
	for i, c := range comparisons {
		floor, file := measured[floors[c.floor]], measured[i]
		printTable(stdout, c.floor.name, floor, c.path, file)
		verdict, within := c.limit.verdict(floor, file)
		if within {
			fmt.Fprintln(stdout, verdict)
		} else {
			above = append(above, fmt.Errorf("%s: %s", c.path, verdict))
		}
	}
	return errors.Join(above...)
}
