//go:build !js

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/cmd/postlink/linetable"
	"acschat/cmd/postlink/snapshot"
	"acschat/cmd/postlink/testprogram"
	"acschat/cmd/postlink/wasmfile"
)

// A program does the same in one module and in two.
func TestPartRuns(t *testing.T) {
	linked := testprogram.Parts(t)
	without := namesOf(t, testprogram.Parts(t, "withoutpart"))
	builds := map[string][]byte{"linked": linked}
	taken := snapshot.Options{Start: "start"}
	for name, o := range map[string]options{"split": {snapshot: taken}, "slim": {snapshot: taken, slim: true}} {
		m, err := wasmfile.Parse(linked)
		require.NoError(t, err)
		main, part, err := process(m, o, without)
		require.NoError(t, err, name)
		builds[name], err = main.Bytes()
		require.NoError(t, err)
		builds[name+".part"], err = part.Bytes()
		require.NoError(t, err)
	}
	run := runner(t, builds)

	want, traceback, found := strings.Cut(run("linked", ""), "panic: the end\n")
	require.True(t, found, want)
	for _, line := range []string{"main: 428", "work: 25", "shapes: 21", "recovered in the part: twice", "deep: ", "map: 100 99 true", "woken: 122"} {
		require.Contains(t, want, line)
	}
	require.Contains(t, traceback, "\nmain.finish")
	for _, name := range []string{"split", "slim"} {
		got, traceback, _ := strings.Cut(run(name, ""), "panic: the end\n")
		assert.Equal(t, want, strings.Replace(got, "started\n", "", 1), name)
		assert.Contains(t, traceback, "exit 2\n", name)
		assert.Equal(t, name != "slim", strings.Contains(traceback, "\nmain.finish(...)\n"), traceback)
	}
}

func namesOf(t *testing.T, module []byte) map[uint32]string {
	m, err := wasmfile.Parse(module)
	require.NoError(t, err)
	names, err := linetable.FunctionNames(m)
	require.NoError(t, err)
	return names
}
