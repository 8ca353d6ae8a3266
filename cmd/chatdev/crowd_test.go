//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// crowd is many connections that never send a complete request. If the server closes one, the crowd opens another.
type crowd struct {
	begun sync.WaitGroup // done when every connection has been opened once
}

func newCrowd(t *testing.T, host string, idle, trickling int) *crowd {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	c := new(crowd)
	var ended sync.WaitGroup
	t.Cleanup(func() {
		cancel()
		ended.Wait()
	})
	for i := range idle + trickling {
		var first string // sent right after connecting
		switch {
		case i < idle:
		case i%2 == 0:
			first = "POST /chat/threads HTTP/1.1\r\nHost: localhost\r\nX-Long: "
		default:
			first = "POST /chat/threads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
		}
		c.begun.Add(1)
		ended.Go(func() {
			begun := sync.OnceFunc(c.begun.Done)
			for ctx.Err() == nil {
				dialer := net.Dialer{Timeout: 5 * time.Second}
				connection, err := dialer.DialContext(ctx, "tcp", host)
				if err == nil {
					_, _ = io.WriteString(connection, first)
				}
				begun()
				if err == nil {
					occupy(ctx, connection, first != "")
				}
			}
		})
	}
	return c
}

// occupy keeps a connection open until the server closes it. With trickle it sends a byte every 100 ms.
func occupy(ctx context.Context, connection net.Conn, trickle bool) {
	defer context.AfterFunc(ctx, func() { connection.Close() })()
	defer connection.Close()
	if trickle {
		go func() {
			ticker := time.NewTicker(100 * time.Millisecond)
			defer ticker.Stop()
			for range ticker.C {
				if _, err := io.WriteString(connection, "x"); err != nil {
					return
				}
			}
		}()
	}
	_, _ = io.Copy(io.Discard, connection)
}

// startWithDescriptors starts chatdev like start, with a limit on its open files.
func startWithDescriptors(t *testing.T, limit int, args ...string) *process {
	t.Helper()
	shell, err := exec.LookPath("sh")
	require.NoError(t, err)
	script := fmt.Sprintf(`ulimit -n %d && exec "$0" "$@"`, limit)
	return startProgram(t, "", shell, append([]string{"-c", script, binary}, args...)...)
}

func TestACrowdLeavesRoomForUsers(t *testing.T) {
	for _, crowded := range []string{"page", "emulator"} {
		t.Run(crowded, func(t *testing.T) {
			p := startWithDescriptors(t, 64, "-page", "localhost:0", "-acs", "localhost:0", "-json")
			ready := p.ready(t)
			target, err := url.Parse(map[string]string{"page": ready.Page, "emulator": ready.Endpoint}[crowded])
			require.NoError(t, err)
			crowd := newCrowd(t, target.Host, 500, 500)
			crowd.begun.Wait()

			client := &http.Client{Timeout: 15 * time.Second}
			answer, took := postTimed(t, client, ready.Page+"/token", "", `{"user":"jane"}`, http.StatusOK)
			t.Logf("a token after %v", took)
			var grant struct{ Token string }
			require.NoError(t, json.Unmarshal(answer, &grant))
			for range 10 {
				_, took = postTimed(t, client, ready.Endpoint+"/chat/threads"+version, grant.Token, `{"topic":"Lunch"}`, http.StatusCreated)
				t.Logf("a thread after %v", took)
			}
			p.interrupt(t)
			assert.Empty(t, p.stderr.String())
		})
	}
}

// postTimed posts JSON, requires a status, and returns the response's body and how long it took.
func postTimed(t *testing.T, client *http.Client, url, token, body string, status int) (answer []byte, took time.Duration) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	began := time.Now()
	response, err := client.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, status, response.StatusCode, string(answer))
	return answer, time.Since(began)
}
