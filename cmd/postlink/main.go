//go:build !js

// Command postlink makes a WebAssembly module of the Go linker smaller to download and quicker to start. It runs after the
// linker, and the program does the same as before. It works in three steps, each in its own package:
//
//   - snapshot runs the program until main waits, and makes a module that begins there.
//   - linetable removes from the runtime's line tables what nothing reads.
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
	"path/filepath"
	"strings"

	"acschat/cmd/postlink/linetable"
	"acschat/cmd/postlink/snapshot"
	"acschat/cmd/postlink/wasmfile"
)

const usage = `usage: postlink [-slim] [-snapshot START [-rehearse NAME] [-env NAME=VALUE] [-nofloats]] IN.wasm OUT.wasm

Merges the data segments of IN.wasm where fewer than 4096 zeros are between them,
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
`

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit code: 2 for a wrong command line, 1 for a module that cannot be read, changed or written.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("postlink", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints the error and the usage
	slim := flags.Bool("slim", false, "")
	var options snapshot.Options
	flags.StringVar(&options.Start, "snapshot", "", "")
	flags.StringVar(&options.Rehearse, "rehearse", "", "")
	flags.BoolVar(&options.NoFloats, "nofloats", false, "")
	flags.Func("env", "", func(variable string) error {
		if name, _, found := strings.Cut(variable, "="); !found || name == "" {
			return errors.New("must be NAME=VALUE")
		}
		options.Environment = append(options.Environment, variable)
		return nil
	})
	err := flags.Parse(args)
	if err == nil && flags.NArg() != 2 {
		err = fmt.Errorf("takes 2 arguments, not %d", flags.NArg())
	}
	if err == nil && options.Start == "" && (options.Rehearse != "" || options.Environment != nil || options.NoFloats) {
		err = errors.New("-rehearse, -env and -nofloats need -snapshot")
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "postlink: %v\n\n%s", err, usage)
		return 2
	}
	if err := rewrite(flags.Arg(0), flags.Arg(1), *slim, options, stdout); err != nil {
		fmt.Fprintf(stderr, "postlink: %v\n", err)
		return 1
	}
	return 0
}

// rewrite reads the module of one file, processes it and writes it to another file.
func rewrite(in, out string, slim bool, options snapshot.Options, stdout io.Writer) error {
	linked, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	m, err := wasmfile.Parse(linked)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	segments := len(m.Segments)
	if m, err = process(m, slim, options); err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	processed, err := m.Bytes()
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	if err := replaceFile(out, processed); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "postlink: %d data segments became %d, %d bytes became %d\n",
		segments, len(m.Segments), len(linked), len(processed))
	return err
}

// process does what the command line asks for. The line tables of a module that another Go made stay as they are.
func process(m *wasmfile.Module, slim bool, options snapshot.Options) (*wasmfile.Module, error) {
	unknownGo := m.RequireGo()
	if unknownGo != nil && (slim || options.Start != "") {
		return nil, unknownGo
	}
	if options.Start != "" {
		var err error
		if m, err = snapshot.Take(m, options); err != nil {
			return nil, err
		}
	}
	if unknownGo == nil {
		if err := linetable.Reduce(m, slim); err != nil {
			return nil, err
		}
	}
	m.MergeSegments()
	return m, nil
}

// replaceFile writes a file in one step: a server that reads it meanwhile finds the old content or the new, and a failure
// leaves the old.
func replaceFile(path string, content []byte) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			temp.Close() // may be closed already
			os.Remove(temp.Name())
		}
	}()
	if _, err := temp.Write(content); err != nil {
		return err
	}
	if err := temp.Chmod(0o644); err != nil { // CreateTemp's is 0600
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
