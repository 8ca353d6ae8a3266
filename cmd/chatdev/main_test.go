//go:build !js

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"acschat/emulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// binary is the path of chatdev, built by TestMain.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "chatdev")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "chatdev.exe")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		panic(string(out))
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// process is a chatdev that runs in a directory of its own.
type process struct {
	*exec.Cmd
	stdout *bufio.Reader
	stderr bytes.Buffer
}

func start(t *testing.T, resource string, args ...string) *process {
	t.Helper()
	return startProgram(t, resource, binary, args...)
}

// startProgram starts a program that becomes chatdev, such as a shell with exec.
func startProgram(t *testing.T, resource, program string, args ...string) *process {
	t.Helper()
	return startIn(t, newWeb(t), resource, program, args...)
}

// newWeb returns a new directory that contains web/index.html.
func newWeb(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "web"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "web", "index.html"), []byte("the page"), 0o644))
	return dir
}

func startIn(t *testing.T, dir, resource, program string, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	p := &process{Cmd: exec.CommandContext(ctx, program, args...)}
	p.Dir = dir
	p.Env = append(os.Environ(), "ACS_CONNECTION_STRING="+resource)
	p.Cmd.Stderr = &p.stderr
	stdout, err := p.StdoutPipe()
	require.NoError(t, err)
	p.stdout = bufio.NewReader(stdout)
	require.NoError(t, p.Start())
	t.Cleanup(func() { _ = p.Process.Kill() })
	return p
}

// ready reads the line that -json prints.
func (p *process) ready(t *testing.T) announcement {
	t.Helper()
	line, err := p.stdout.ReadString('\n')
	require.NoError(t, err, "chatdev ended: %s", &p.stderr)
	var a announcement
	require.NoError(t, json.Unmarshal([]byte(line), &a))
	return a
}

// text reads the announcement that is printed without -json.
func (p *process) text(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	for !strings.Contains(text.String(), "Ctrl-C") {
		line, err := p.stdout.ReadString('\n')
		require.NoError(t, err, "chatdev ended: %s", &p.stderr)
		text.WriteString(line)
	}
	return text.String()
}

// interrupt stops chatdev as Ctrl-C does and returns the rest of its output.
func (p *process) interrupt(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no signal to send")
	}
	require.NoError(t, p.Process.Signal(os.Interrupt))
	rest, err := io.ReadAll(p.stdout)
	require.NoError(t, err)
	require.NoError(t, p.Wait(), "exit 0: %s", &p.stderr)
	return string(rest)
}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode, string(body))
	return string(body)
}

func postToken(t *testing.T, page, user string) (answer struct{ Endpoint, ID, Token string }) {
	t.Helper()
	response, err := http.Post(page+"/token", "application/json", strings.NewReader(`{"user":"`+user+`"}`))
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	return answer
}

func TestServeAndStop(t *testing.T) {
	p := start(t, "", "-page", "localhost:0", "-acs", "localhost:0", "-users", "jane,alex", "-json")
	ready := p.ready(t)

	assert.Regexp(t, `^http://localhost:[1-9]\d*$`, ready.Page)
	assert.Regexp(t, `^http://localhost:[1-9]\d*$`, ready.Endpoint)
	assert.Equal(t, "endpoint="+ready.Endpoint+"/;accesskey="+emulator.DefaultAccessKey, ready.ConnectionString)
	assert.Empty(t, ready.Certificate)
	assert.Len(t, ready.Users, 2)
	assert.NotEmpty(t, ready.Users["alex"].Token)
	assert.Equal(t, ready.Page+"/token", ready.Tokens)
	assert.Equal(t, "the page", get(t, ready.Page+"/"))
	answer := postToken(t, ready.Page, "jane")
	assert.Equal(t, ready.Endpoint, answer.Endpoint)
	assert.Equal(t, ready.Users["jane"].ID, answer.ID, "-users and the token route have the same jane")

	assert.Empty(t, p.interrupt(t), "stdout has only one line")
}

// request sends JSON and returns the status and the body of the response.
func request(t *testing.T, method, url, token, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch {
		r.Header.Set("Content-Type", "application/merge-patch+json")
	}
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

func TestEmulatorOptions(t *testing.T) {
	for _, given := range []bool{false, true} {
		args := []string{"-page", "", "-acs", "localhost:0", "-users", "jane", "-json"}
		if given {
			args = append(args, "-rate-limits", "-observed-errors", "-edits-drop-metadata", "-fault", `{"call":1,"status":503}`, "-fault", `{"call":2,"status":502}`)
		}
		p := start(t, "", args...)
		ready := p.ready(t)
		threads, token := ready.Endpoint+"/chat/threads?api-version=2025-03-15", ready.Users["jane"].Token

		status, _ := request(t, http.MethodPost, threads, token, `{}`)
		assert.Equal(t, given, status == http.StatusServiceUnavailable, "faults are planted after jane was created")
		status, _ = request(t, http.MethodPost, threads, token, `{}`)
		assert.Equal(t, given, status == http.StatusBadGateway)
		_, body := request(t, http.MethodPost, threads, token, `{}`)
		assert.Equal(t, given, strings.HasPrefix(body, `{"CommunicationError":{"Code":"BadRequest"`), body)

		messages := ready.Endpoint + createThread(t, ready.Endpoint, token) + "/messages"
		_, body = request(t, http.MethodPost, messages+version, token, `{"content":"Hi","metadata":{"a":"b"}}`)
		var sent struct{ ID string }
		require.NoError(t, json.Unmarshal([]byte(body), &sent), body)
		status, body = request(t, http.MethodPatch, messages+"/"+sent.ID+version, token, `{"content":"Ho"}`)
		require.Equal(t, http.StatusNoContent, status, body)
		_, body = request(t, http.MethodGet, messages+"/"+sent.ID+version, token, "")
		require.Contains(t, body, `"Ho"`)
		assert.Equal(t, given, !strings.Contains(body, `"metadata"`), body)

		for range 10 {
			status, body = request(t, http.MethodPost, threads, token, `{"topic":"Lunch"}`)
		}
		assert.Equal(t, given, status == http.StatusTooManyRequests, body)
		p.interrupt(t)
	}
}

func TestControlOverHTTP(t *testing.T) {
	p := start(t, "", "-page", "", "-acs", "localhost:0", "-users", "jane", "-json")
	ready := p.ready(t)
	threads, token := ready.Endpoint+"/chat/threads?api-version=2025-03-15", ready.Users["jane"].Token
	assert.JSONEq(t, `{"ready":true}`, get(t, ready.Endpoint+"/emulator/ready"))

	status, body := request(t, http.MethodPost, ready.Endpoint+"/emulator/faults", "", `{"call":1,"drop":true}`)
	require.Equal(t, http.StatusNoContent, status, body)
	_, err := http.Post(threads, "application/json", strings.NewReader(`{}`))
	require.Error(t, err, "logTraffic lets the emulator drop connections")
	status, body = request(t, http.MethodPost, threads, token, `{"topic":"Lunch"}`)
	require.Equal(t, http.StatusCreated, status, body)

	status, body = request(t, http.MethodPost, ready.Endpoint+"/emulator/reset", "", "")
	require.Equal(t, http.StatusNoContent, status, body)
	status, _ = request(t, http.MethodPost, threads, token, `{"topic":"Lunch"}`)
	assert.Equal(t, http.StatusUnauthorized, status)
	p.interrupt(t)
}

func TestEmulatorOnlyAsText(t *testing.T) {
	p := start(t, "", "-page", "", "-acs", "localhost:0", "-users", "jane")
	text := p.text(t)

	assert.NotContains(t, text, "Page")
	assert.Regexp(t, `(?m)^endpoint=http://localhost:\d+/;accesskey=\S+$`, text, "on a line of its own")
	user := regexp.MustCompile(`User jane\nid     8:acs:\S+\ntoken  (\S+)\n`).FindStringSubmatch(text)
	require.NotNil(t, user, text)
	_, endpoint, _ := strings.Cut(text, "Endpoint  ")
	endpoint, _, _ = strings.Cut(endpoint, "\n")
	createThread(t, endpoint, user[1])
	status, body := request(t, http.MethodPost, endpoint+"/emulator/faults", "", `{"call":1,"drop":true}`)
	require.Equal(t, http.StatusNoContent, status, body)
	_, ok := post(endpoint, "/chat/threads/x", user[1], "Hi")
	require.False(t, ok)

	p.interrupt(t)
	log := p.stderr.String()
	assert.Regexp(t, `POST /identities 201 \S+s\n`, log, "the emulator's traffic is logged")
	assert.Regexp(t, `POST /chat/threads 201 \S+s\n`, log)
	assert.Regexp(t, `POST /chat/threads/x/messages 0 \S+s\n`, log, "dropped requests are logged, too")
	assert.NotContains(t, log, user[1])
	assert.NotContains(t, log, "warning")
}

func TestRealResource(t *testing.T) {
	const key = "dGhlIGtleSBvZiBhIHJlYWwgcmVzb3VyY2U="
	em := emulator.New(emulator.Options{AccessKey: key})
	resource := httptest.NewServer(em)
	defer resource.Close()

	t.Run("json", func(t *testing.T) {
		p := start(t, em.ConnectionString(resource.URL), "-page", "localhost:0", "-users", "jane", "-json")
		ready := p.ready(t)

		assert.Equal(t, resource.URL, ready.Endpoint)
		assert.Empty(t, ready.ConnectionString)
		answer := postToken(t, ready.Page, "jane")
		assert.Equal(t, resource.URL, answer.Endpoint)
		assert.Equal(t, ready.Users["jane"].ID, answer.ID)

		p.interrupt(t)
		assert.NotContains(t, p.stderr.String(), key)
	})
	t.Run("text", func(t *testing.T) {
		p := start(t, em.ConnectionString(resource.URL), "-page", "localhost:0", "-users", "jane")
		text := p.text(t)

		assert.Contains(t, text, resource.URL)
		assert.Contains(t, text, "its key is not shown")
		assert.NotContains(t, text, key)

		p.interrupt(t)
		assert.NotContains(t, p.stderr.String(), key)
	})
}

func TestFailures(t *testing.T) {
	taken, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer taken.Close()
	_, port, err := net.SplitHostPort(taken.Addr().String())
	require.NoError(t, err)

	locked := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer locked.Close()

	tests := []struct {
		name     string
		resource string
		args     []string
		code     int
		stderr   string
	}{
		{"help", "", []string{"-h"}, 0, ""},
		{"unknown flag", "", []string{"-port", "1"}, 2, "-port\n\nusage: chatdev"},
		{"argument", "", []string{"now"}, 2, `unexpected argument "now"`},
		{"emulator's port in use", "", []string{"-acs", "localhost:" + port}, 1, "choose another address with -acs"},
		{"page's port in use", "", []string{"-acs", "localhost:0", "-page", "localhost:" + port}, 1, "choose another address with -page"},
		{"not a file of the emulator", "", []string{"-db", "web/index.html"}, 1, "-db: filestore: web/index.html is not a file of the emulator"},
		{"bad connection string", "endpoint=https://contoso.communication.azure.com/;accesskey=!secret!", nil, 1, "ACS_CONNECTION_STRING: "},
		{"resource refuses the key", "endpoint=" + locked.URL + "/;accesskey=c2VjcmV0", []string{"-page", "localhost:0", "-users", "jane"}, 1, "-users: no token for jane"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := start(t, test.resource, test.args...)
			stdout, err := io.ReadAll(p.stdout)
			require.NoError(t, err)
			_ = p.Wait() // the exit code is checked below

			assert.Equal(t, test.code, p.ProcessState.ExitCode(), p.stderr.String())
			assert.Contains(t, p.stderr.String(), test.stderr)
			assert.NotContains(t, p.stderr.String(), "secret")
			assert.NotContains(t, p.stderr.String(), "c2VjcmV0")
			assert.Equal(t, test.code == 0, len(stdout) > 0, "only help is printed to stdout")
		})
	}
}

// If another server has the page, such as Vite's, chatdev serves only the emulator and tokens.
func TestNoPage(t *testing.T) {
	for name, empty := range map[string]func(*testing.T, string){
		"no web/":      func(t *testing.T, dir string) { require.NoError(t, os.RemoveAll(filepath.Join(dir, "web"))) },
		"none in web/": func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "web", "index.html"))) },
		"web/ is a file": func(t *testing.T, dir string) {
			require.NoError(t, os.RemoveAll(filepath.Join(dir, "web")))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "web"), nil, 0o644))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := newWeb(t)
			empty(t, dir)
			p := startIn(t, dir, "", binary, "-page", "localhost:0", "-acs", "localhost:0", "-users", "jane", "-json")
			ready := p.ready(t)
			assert.Empty(t, ready.Page)
			tokens, isRoute := strings.CutSuffix(ready.Tokens, "/token")
			require.True(t, isRoute, ready.Tokens)
			answer := postToken(t, tokens, "jane")
			assert.Equal(t, ready.Users["jane"].ID, answer.ID)
			createThread(t, ready.Endpoint, answer.Token)
			status, body := request(t, http.MethodGet, tokens+"/", "", "")
			assert.Equal(t, http.StatusNotFound, status)
			assert.Contains(t, body, "no web/index.html where chatdev was started")
			p.interrupt(t)

			p = startIn(t, dir, "", binary, "-page", "localhost:0", "-acs", "localhost:0")
			text := p.text(t)
			assert.Regexp(t, `(?m)^Tokens    http://localhost:\d+/token$`, text)
			assert.Contains(t, text, "no web/index.html here")
			assert.NotContains(t, text, "Page ")
			p.interrupt(t)
		})
	}
}

func TestWarnsWhenOthersMayConnect(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // chatdev stops as soon as it has started
	var stdout, stderr bytes.Buffer

	code := run(ctx, []string{"-page", "", "-acs", ":0"}, "", &stdout, &stderr)

	assert.Zero(t, code)
	assert.Contains(t, stderr.String(), "warning: -acs")
	assert.Contains(t, stdout.String(), "http://localhost:", "the printed URL is one that a browser can open")
}
