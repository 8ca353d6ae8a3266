//go:build !js

package main

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// startServer serves a handler in this process and returns its host and port.
func startServer(t *testing.T, handler http.Handler, secured *tls.Config, change func(*servers)) string {
	t.Helper()
	s := newServers(log.New(io.Discard, "", 0))
	if change != nil {
		change(s)
	}
	t.Cleanup(s.stop)
	site, err := s.start("-acs", address{"127.0.0.1", "0"}, "", handler, secured)
	require.NoError(t, err)
	return site.listening.String()
}

// peer is one connection to a server.
type peer struct {
	net.Conn
	responses *bufio.Reader
}

func dial(t *testing.T, host string) *peer {
	t.Helper()
	conn, err := net.Dial("tcp", host)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
	return &peer{conn, bufio.NewReader(conn)}
}

func (p *peer) send(t *testing.T, text string) {
	t.Helper()
	_, err := io.WriteString(p, text)
	require.NoError(t, err)
}

func (p *peer) get(t *testing.T, path string) {
	t.Helper()
	p.send(t, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

func (p *peer) requireStatus(t *testing.T, status int) {
	t.Helper()
	response, err := http.ReadResponse(p.responses, nil)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	require.Equal(t, status, response.StatusCode)
}

// requireClosed waits until the server has closed the connection.
func (p *peer) requireClosed(t *testing.T) {
	t.Helper()
	_, err := p.responses.ReadByte()
	require.Error(t, err)
	require.False(t, errors.Is(err, os.ErrDeadlineExceeded), "the connection stays open")
}

// heldHandler answers /held when release is closed, and everything else at once.
type heldHandler struct{ entered, release chan struct{} }

func newHeldHandler() heldHandler { return heldHandler{make(chan struct{}, 10), make(chan struct{})} }

func (h heldHandler) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/held" {
		h.entered <- struct{}{}
		<-h.release
	}
}

func limit(n int) func(*servers) { return func(s *servers) { s.connections.limit = n } }

func TestNewConnectionsCloseIdleOnesFirst(t *testing.T) {
	handler := newHeldHandler()
	host := startServer(t, handler, nil, limit(3))
	held, body, idle := dial(t, host), dial(t, host), dial(t, host)
	held.get(t, "/held")
	<-handler.entered
	body.send(t, "POST /held HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n")
	<-handler.entered
	idle.get(t, "/")
	idle.requireStatus(t, http.StatusOK)

	first := dial(t, host)
	idle.requireClosed(t) // although the request on body has been arriving longer
	first.get(t, "/held")
	<-handler.entered
	last := dial(t, host)
	body.requireClosed(t)
	last.get(t, "/")
	last.requireStatus(t, http.StatusOK)

	close(handler.release)
	held.requireStatus(t, http.StatusOK)
	first.requireStatus(t, http.StatusOK)
}

func TestConnectionsWaitWhileAllOthersAreBusy(t *testing.T) {
	handler := newHeldHandler()
	host := startServer(t, handler, nil, limit(1))
	held, waiting := dial(t, host), dial(t, host)
	held.get(t, "/held")
	<-handler.entered
	waiting.get(t, "/")
	close(handler.release)
	held.requireStatus(t, http.StatusOK)
	waiting.requireStatus(t, http.StatusOK)
}

func TestNewConnectionsCloseIdleOnesWithTLS(t *testing.T) {
	a := openIn(t, t.TempDir(), time.Now())
	secured, err := a.serverConfig([]string{"127.0.0.1"}, time.Now)
	require.NoError(t, err)
	handler := newHeldHandler()
	host := startServer(t, handler, secured, limit(2))
	client := a.client()
	client.Transport.(*http.Transport).ForceAttemptHTTP2 = true
	held := make(chan string, 1)
	go func() {
		response, err := client.Get("https://" + host + "/held")
		if err != nil {
			held <- err.Error()
			return
		}
		response.Body.Close()
		held <- response.Proto
	}()
	<-handler.entered
	idle := dial(t, host) // never starts the TLS handshake
	client = a.client()
	client.Transport.(*http.Transport).ForceAttemptHTTP2 = false
	response, err := client.Get("https://" + host + "/")
	require.NoError(t, err)
	response.Body.Close()
	idle.requireClosed(t)
	close(handler.release)
	assert.Equal(t, "HTTP/2.0", <-held)
}

func shortTimeouts(s *servers) {
	const timeout = 250 * time.Millisecond // enough for a TLS handshake on a busy machine
	s.timeouts = timeouts{header: timeout, request: timeout, idle: timeout, write: timeout}
}

func TestSlowRequestsTimeOut(t *testing.T) {
	em := emulator.New(emulator.Options{})
	host := startServer(t, em, nil, shortTimeouts)
	for name, text := range map[string]string{
		"nothing": "",
		"header":  "GET /chat/threads HTTP/1.1\r\nX-Long: ",
		"body":    "POST /chat/threads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{",
	} {
		t.Run(name, func(t *testing.T) {
			p := dial(t, host)
			p.send(t, text)
			if name == "body" {
				p.requireStatus(t, http.StatusBadRequest)
			}
			p.requireClosed(t)
		})
	}
	t.Run("next request", func(t *testing.T) {
		p := dial(t, host)
		p.get(t, "/emulator/ready")
		p.requireStatus(t, http.StatusOK)
		p.requireClosed(t)
	})
}

// The timeouts apply to requests. A response may take longer.
func TestDelayedResponsesDoNotTimeOut(t *testing.T) {
	const delay = 500 * time.Millisecond // in total
	em := emulator.New(emulator.Options{})
	host := startServer(t, em, nil, shortTimeouts)
	post := func(t *testing.T, rule string) *peer {
		p := dial(t, host)
		const body = `{"topic":"Lunch"}`
		p.send(t, fmt.Sprintf("POST /chat/threads?api-version=2025-03-15 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"+
			"Content-Type: application/json\r\nx-emulator-fault: %s\r\nContent-Length: %d\r\n\r\n%s", em.NewUser().Token, rule, len(body), body))
		return p
	}
	t.Run("trickle", func(t *testing.T) {
		began := time.Now()
		post(t, `{"trickleMs":100}`).requireStatus(t, http.StatusCreated)
		assert.GreaterOrEqual(t, time.Since(began), delay)
	})
	t.Run("trickle over HTTP/2", func(t *testing.T) {
		a := openIn(t, t.TempDir(), time.Now())
		secured, err := a.serverConfig([]string{"127.0.0.1"}, time.Now)
		require.NoError(t, err)
		host := startServer(t, em, secured, shortTimeouts)
		r, err := http.NewRequest(http.MethodPost, "https://"+host+"/chat/threads", nil)
		require.NoError(t, err)
		r.Header.Set("x-emulator-fault", `{"trickleMs":100}`)
		client := a.client()
		client.Transport.(*http.Transport).ForceAttemptHTTP2 = true
		defer client.CloseIdleConnections()
		began := time.Now()
		response, err := client.Do(r)
		require.NoError(t, err)
		defer response.Body.Close()
		_, err = io.Copy(io.Discard, response.Body)
		require.NoError(t, err)
		assert.Equal(t, 2, response.ProtoMajor)
		assert.GreaterOrEqual(t, time.Since(began), delay)
	})
	t.Run("hang", func(t *testing.T) {
		began := time.Now()
		post(t, `{"hang":true,"hangMs":500}`).requireClosed(t)
		assert.GreaterOrEqual(t, time.Since(began), delay)
	})
}

func TestUnreadResponsesTimeOut(t *testing.T) {
	failed := make(chan error, 1)
	host := startServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var err error
		for err == nil {
			_, err = w.Write(make([]byte, 1<<20))
		}
		failed <- err
	}), nil, shortTimeouts)
	dial(t, host).get(t, "/")
	select {
	case err := <-failed:
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
	case <-time.After(20 * time.Second):
		t.Fatal("the handler still waits")
	}
}

func TestDefaultTimeouts(t *testing.T) {
	s := newServers(log.New(io.Discard, "", 0))
	t.Cleanup(s.stop)
	_, err := s.start("-acs", address{"127.0.0.1", "0"}, "", http.NotFoundHandler(), nil)
	require.NoError(t, err)
	require.Len(t, s.running, 1)
	server := s.running[0]
	assert.Equal(t, []time.Duration{10 * time.Second, 30 * time.Second, 2 * time.Minute, 0},
		[]time.Duration{server.ReadHeaderTimeout, server.ReadTimeout, server.IdleTimeout, server.WriteTimeout})
}
