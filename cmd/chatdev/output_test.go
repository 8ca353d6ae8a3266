//go:build !js

package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unreadRequests is enough requests for a log that does not fit into a pipe's buffer.
const unreadRequests = 3000

// startWithOutput starts chatdev without a page and with the given output files, and waits until it answers.
func startWithOutput(t *testing.T, stdout, stderr *os.File, args ...string) (p *exec.Cmd, ended <-chan struct{}, endpoint string) {
	t.Helper()
	listener := listenOn(t, "127.0.0.1", "0")
	port, err := portOf(listener)
	require.NoError(t, err)
	listener.Close()
	endpoint = "http://localhost:" + port

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	p = exec.CommandContext(ctx, binary, append(args, "-page", "", "-acs", "localhost:"+port)...)
	p.Stdout, p.Stderr = stdout, stderr
	require.NoError(t, p.Start())
	waited := make(chan struct{})
	go func() {
		_ = p.Wait() // the result is in p.ProcessState
		close(waited)
	}()
	t.Cleanup(func() {
		cancel()
		<-waited
	})
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		status, err := readyStatus(http.DefaultClient, endpoint)
		require.NoError(c, err)
		assert.Equal(c, http.StatusOK, status)
	}, 20*time.Second, 10*time.Millisecond)
	return p, waited, endpoint
}

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() {
		r.Close()
		w.Close()
	})
	return r, w
}

func devNull(t *testing.T) *os.File {
	t.Helper()
	file, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { file.Close() })
	return file
}

func requireReady(t *testing.T, endpoint string, requests int) {
	t.Helper()
	client := &http.Client{Timeout: 10 * time.Second}
	for i := range requests {
		status, err := readyStatus(client, endpoint)
		require.NoError(t, err, "request %d", i+1)
		require.Equal(t, http.StatusOK, status)
	}
}

func TestUnreadLogDoesNotBlock(t *testing.T) {
	_, stderr := pipe(t)
	_, _, endpoint := startWithOutput(t, devNull(t), stderr)
	requireReady(t, endpoint, unreadRequests)
}

func TestUnreadAnnouncementDoesNotBlock(t *testing.T) {
	var users []string
	for i := range 400 { // their tokens do not fit into a pipe's buffer
		users = append(users, fmt.Sprint("user", i))
	}
	read, stdout := pipe(t)
	p, ended, endpoint := startWithOutput(t, stdout, devNull(t), "-users", strings.Join(users, ","))
	_, err := read.Read(make([]byte, 1)) // wait until printing has begun
	require.NoError(t, err)
	requireReady(t, endpoint, 1)
	requireInterrupted(t, p, ended)
}

func TestClosedOutputDoesNotEndChatdev(t *testing.T) {
	for name, args := range map[string][]string{"text": nil, "json": {"-json"}} {
		t.Run(name, func(t *testing.T) {
			read, write := pipe(t)
			require.NoError(t, read.Close())
			p, ended, endpoint := startWithOutput(t, write, write, args...)
			requireReady(t, endpoint, 100)
			requireInterrupted(t, p, ended)
		})
	}
}

// requireInterrupted stops chatdev as Ctrl-C does and requires exit code 0.
func requireInterrupted(t *testing.T, p *exec.Cmd, ended <-chan struct{}) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no signal to send")
	}
	require.NoError(t, p.Process.Signal(os.Interrupt))
	select {
	case <-ended:
		assert.Zero(t, p.ProcessState.ExitCode(), p.ProcessState)
	case <-time.After(20 * time.Second):
		t.Fatal("chatdev does not end")
	}
}

func TestWithJSONNothingElseIsPrinted(t *testing.T) {
	p := start(t, "", "-page", "localhost:0", "-acs", ":0", "-users", "jane", "-json") // without -json, -acs :0 causes a warning
	ready := p.ready(t)
	postToken(t, ready.Page, "jane")
	requireReady(t, ready.Endpoint, 3)
	status, body := request(t, http.MethodPost, ready.Endpoint+"/emulator/faults", "", `{"call":1,"drop":true}`)
	require.Equal(t, http.StatusNoContent, status, body)
	_, ok := post(ready.Endpoint, "/chat/threads/x", "", "")
	require.False(t, ok)
	assert.Empty(t, p.interrupt(t))
	assert.Empty(t, p.stderr.String())
}

// slowStream blocks each write until the test sends to pass.
type slowStream struct {
	pass    chan struct{}
	written chan string
}

func (s slowStream) Write(p []byte) (int, error) {
	<-s.pass
	s.written <- string(p)
	return len(p), nil
}

func TestOutputReportsDroppedWrites(t *testing.T) {
	stream := slowStream{make(chan struct{}), make(chan string, 10)}
	o := newOutput(stream)
	line := strings.Repeat("x", maxUnwritten/2) + "\n"
	fmt.Fprint(o, "first\n")
	stream.pass <- struct{}{} // the first line is being written, and the buffer is empty
	require.Equal(t, "first\n", <-stream.written)
	for range 5 {
		fmt.Fprint(o, line)
	}
	close(stream.pass)
	o.close()
	close(stream.written)
	var lines, dropped int
	for text := range stream.written {
		var n int
		if _, err := fmt.Sscanf(text, "%d lines were not read in time", &n); err != nil {
			lines++
		}
		dropped += n
	}
	assert.Equal(t, 5, lines+dropped)
	assert.NotZero(t, dropped)
}
