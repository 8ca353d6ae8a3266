//go:build !js

// Command postlink makes a WebAssembly module of the Go linker smaller to download and quicker to start. It runs after the
// linker, and the program does the same as before. It works in steps, each in its own package:
//
//   - snapshot runs the program until main waits, and makes a module that begins there.
//   - linetable removes from the runtime's line tables what nothing reads.
//   - split moves what only some pages need to a second module.
//   - wasmfile merges data segments. The linker leaves out every run of zeros, and so writes more than 20,000 segments. Their
//     addresses do not compress; a few zeros in their place do.
//
// docs/build.md has the gain of each.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"acschat/cmd/postlink/linetable"
	"acschat/cmd/postlink/snapshot"
	"acschat/cmd/postlink/split"
	"acschat/cmd/postlink/wasmfile"
)

const usage = `usage: postlink [-slim] [-snapshot START [-rehearse NAME] [-env NAME=VALUE] [-nofloats]]
                [-part PART.wasm -without OTHER.wasm] IN.wasm OUT.wasm

Merges the data segments of IN.wasm where fewer than 16384 zeros are between them,
removes what nothing reads from the line tables if Go 1.26 made the module, and
writes the result to OUT.wasm. Both may be the same file.

These flags need a module that Go 1.26 made:

  -slim  remove also what only tracebacks and runtime.Callers read: names, lines
         and inlined calls. Panics are recovered and reported as before
  -snapshot START  run the program until main waits, and write a module that
         begins there and calls the exported function START. The program must not
         touch JavaScript before, so it cannot import package os
  -rehearse NAME  call this exported function before the snapshot is taken
  -env NAME=VALUE  set an environment variable, such as GOGC, for the runtime
  -nofloats  remove the code and the table that print floating-point numbers. It is
         an error if other code uses the table. panic(1.5) ends without a message
  -part PART.wasm  move functions to this module, with what only they need. To use
         them, instantiate it with the exports of OUT.wasm as its import "main"
  -without OTHER.wasm  the same program, linked without the files whose functions
         -part moves. It is an error if a function of OTHER.wasm calls one of them
`

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit code: 2 for a wrong command line, 1 for a module that cannot be read, changed or written.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("postlink", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints the error and the usage
	var o options
	flags.BoolVar(&o.slim, "slim", false, "")
	flags.StringVar(&o.part, "part", "", "")
	flags.StringVar(&o.without, "without", "", "")
	flags.StringVar(&o.snapshot.Start, "snapshot", "", "")
	flags.StringVar(&o.snapshot.Rehearse, "rehearse", "", "")
	flags.BoolVar(&o.snapshot.NoFloats, "nofloats", false, "")
	flags.Func("env", "", func(variable string) error {
		if name, _, found := strings.Cut(variable, "="); !found || name == "" {
			return errors.New("must be NAME=VALUE")
		}
		o.snapshot.Environment = append(o.snapshot.Environment, variable)
		return nil
	})
	err := flags.Parse(args)
	if err == nil {
		err = o.check(flags.Args())
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "postlink: %v\n\n%s", err, usage)
		return 2
	}
	if err := rewrite(flags.Arg(0), flags.Arg(1), o, stdout); err != nil {
		fmt.Fprintf(stderr, "postlink: %v\n", err)
		return 1
	}
	return 0
}

// options are the flags of the command line.
type options struct {
	slim          bool
	snapshot      snapshot.Options
	part, without string // paths
}

func (o options) check(files []string) error {
	switch {
	case len(files) != 2:
		return fmt.Errorf("takes 2 arguments, not %d", len(files))
	case o.snapshot.Start == "" && (o.snapshot.Rehearse != "" || o.snapshot.Environment != nil || o.snapshot.NoFloats):
		return errors.New("-rehearse, -env and -nofloats need -snapshot")
	case (o.part == "") != (o.without == ""):
		return errors.New("-part and -without need each other")
	case o.part != "" && o.snapshot.Start == "":
		return errors.New("-part needs -snapshot: otherwise the start of the program calls functions of the part")
	}
	return nil
}

// rewrite reads the module of one file, processes it and writes it to another file, and its part to a third one.
func rewrite(in, out string, o options, stdout io.Writer) error {
	m, before, err := read(in)
	if err != nil {
		return err
	}
	var without map[uint32]string
	if o.without != "" {
		if without, err = functionNames(o.without); err != nil {
			return err
		}
	}
	segments := len(m.Segments)
	m, part, err := process(m, o, without)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	after, err := write(m, out)
	if err != nil {
		return err
	}
	inPart := ""
	if part != nil {
		size, err := write(part, o.part)
		if err != nil {
			return err
		}
		inPart = fmt.Sprintf(", and its part has %d", size)
	}
	_, err = fmt.Fprintf(stdout, "postlink: %d data segments became %d, %d bytes became %d%s\n", segments, len(m.Segments), before, after, inPart)
	return err
}

// process does what the command line asks for. The line tables of a module that another Go made stay as they are. With without, the
// functions that it does not name go to the part.
func process(m *wasmfile.Module, o options, without map[uint32]string) (main, part *wasmfile.Module, err error) {
	unknownGo := m.RequireGo()
	if unknownGo != nil && (o.slim || o.snapshot.Start != "" || without != nil) {
		return nil, nil, unknownGo
	}
	var names map[uint32]string
	if without != nil {
		if names, err = linetable.FunctionNames(m); err != nil { // before slim tables lack them
			return nil, nil, err
		}
	}
	if o.snapshot.Start != "" {
		if m, err = snapshot.Take(m, o.snapshot); err != nil {
			return nil, nil, err
		}
	}
	if unknownGo == nil {
		if err := linetable.Reduce(m, o.slim); err != nil {
			return nil, nil, err
		}
	}
	if without != nil {
		if m, part, err = split.Split(m, names, without); err != nil {
			return nil, nil, err
		}
	}
	m.MergeSegments() // not those of the part: what is between them belongs to m
	return m, part, nil
}
