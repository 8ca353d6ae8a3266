//go:build !js

package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
	"acschat/emulator/webhook"
	"acschat/identity"
)

const (
	secret = "correct horse battery staple"
	page   = "https://contoso.example"
)

// site is an emulator that posts its events to a relay. All connections are in memory, so that tests run in synctest's time.
type site struct {
	*emulator.Emulator
	relay   *relay
	http    *http.Client // for requests to the relay
	lookups atomic.Int64 // how often the relay has listed participants
	stop    context.CancelFunc
	stopped chan error
}

// inSite runs a test in a bubble of synctest.
func inSite(t *testing.T, test func(t *testing.T, s *site)) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC))) // a bubble begins in 2000, when ids had 12 digits
		s := &site{stopped: make(chan error, 1)}
		connections := newPipes()
		s.http = &http.Client{Transport: &http.Transport{DialContext: connections.dial}}
		hook, err := webhook.New("http://relay.example/events?secret="+strings.ReplaceAll(secret, " ", "%20"), webhook.Options{Client: s.http, Logf: t.Logf})
		require.NoError(t, err)
		s.Emulator = emulator.New(emulator.Options{Events: hook.Deliver})
		toEmulator := &http.Client{Transport: s}
		acs, err := identity.New(s.ConnectionString("http://localhost:8081"), toEmulator)
		require.NoError(t, err)
		s.relay = &relay{
			user:       func(r *http.Request) (string, error) { return r.Header.Get("test-user"), nil },
			secretHash: sha256.Sum256([]byte(secret)),
			origin:     page,
			members:    members{acs: acs, http: toEmulator},
		}
		ctx, stop := context.WithCancel(t.Context())
		s.stop = stop
		go func() { s.stopped <- serve(ctx, connections, s.relay.handler()) }()
		synctest.Wait() // for the validation handshake
		test(t, s)
		hook.Close()
		stop()
		<-s.stopped
		s.http.CloseIdleConnections()
	})
}

// RoundTrip serves a request to the emulator.
func (s *site) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method == http.MethodGet && strings.HasSuffix(request.URL.Path, "/participants") {
		s.lookups.Add(1)
	}
	served := request.Clone(request.Context())
	served.Host = request.URL.Host
	w := httptest.NewRecorder()
	s.ServeHTTP(w, served)
	return w.Result(), nil
}

// pipes is a listener whose connections are pipes.
type pipes struct {
	accepted chan net.Conn
	close    sync.Once
	closed   chan struct{}
}

func newPipes() *pipes { return &pipes{accepted: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.accepted <- server:
		return client, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accepted:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.close.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// client returns a client of a user.
func (s *site) client(t *testing.T, user emulator.User) *chathttp.Client {
	t.Helper()
	client, err := chathttp.New(chathttp.Options{Endpoint: "http://localhost:8081", Token: user.Token, HTTPClient: &http.Client{Transport: s}})
	require.NoError(t, err)
	t.Cleanup(func() { client.Close() })
	return client
}

// createThread creates a thread of several users. The first one creates it.
func (s *site) createThread(t *testing.T, users ...emulator.User) (threadID string) {
	t.Helper()
	request := chatcore.CreateChatThreadRequest{Topic: "Lunch"}
	for _, user := range users {
		request.Participants = append(request.Participants, chatcore.ChatParticipant{CommunicationIdentifier: chatcore.CommunicationIdentifierModel{RawID: user.ID}})
	}
	created, err := s.client(t, users[0]).CreateThread(t.Context(), request, nil)
	require.NoError(t, err)
	synctest.Wait() // for its events
	return created.ChatThread.ID
}

// send sends a message and returns the hint that belongs to it.
func (s *site) send(t *testing.T, user emulator.User, threadID string) hint {
	t.Helper()
	sent, err := s.client(t, user).SendMessage(t.Context(), threadID, chatcore.SendChatMessageRequest{Content: "Pizza"}, nil)
	require.NoError(t, err)
	synctest.Wait()
	return hint{threadID, sent.ID} // the version of a new message is its id
}

// source is a page's connection, as an EventSource makes it.
type source struct {
	status int
	header http.Header
	body   io.ReadCloser

	mu     sync.Mutex
	hints  []hint
	other  int // lines that are no data
	closed bool
}

// request sends a request to the relay.
func (s *site) request(t *testing.T, method, path, body string, header map[string]string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "http://relay.example"+path, strings.NewReader(body))
	require.NoError(t, err)
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := s.http.Do(request)
	require.NoError(t, err)
	return response
}

// connect connects a page of a user.
func (s *site) connect(t *testing.T, user emulator.User) *source {
	t.Helper()
	response := s.request(t, http.MethodGet, "/hints", "", map[string]string{"test-user": user.ID, "Origin": page})
	return &source{status: response.StatusCode, header: response.Header, body: response.Body}
}

// listen connects a page of a user and reads what comes.
func (s *site) listen(t *testing.T, user emulator.User) *source {
	t.Helper()
	e := s.connect(t, user)
	require.Equal(t, http.StatusOK, e.status)
	go e.read(t)
	synctest.Wait()
	return e
}

func (e *source) read(t *testing.T) {
	lines := bufio.NewScanner(e.body)
	for lines.Scan() {
		e.mu.Lock()
		if data, isData := strings.CutPrefix(lines.Text(), "data: "); isData {
			var h hint
			assert.NoError(t, json.Unmarshal([]byte(data), &h))
			again, _ := json.Marshal(h)
			assert.JSONEq(t, data, string(again), "nothing else")
			e.hints = append(e.hints, h)
		} else if lines.Text() != "" {
			e.other++
		}
		e.mu.Unlock()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
}

// take returns the hints that have come since the last take.
func (e *source) take() []hint {
	synctest.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	taken := e.hints
	e.hints = nil
	return taken
}

func (e *source) isClosed() bool {
	synctest.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.closed
}

// pieces returns how many lines have come that are no data.
func (e *source) pieces() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.other
}

// listening returns how many listeners the relay has.
func (s *site) listening() int {
	synctest.Wait()
	s.relay.listeners.mu.Lock()
	defer s.relay.listeners.mu.Unlock()
	return s.relay.listeners.count
}
