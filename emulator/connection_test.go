//go:build !js

package emulator_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// tlsServer serves an emulator over TLS.
type tlsServer struct {
	*httptest.Server
	em       resource
	jane     emulator.User
	entered  chan bool // receives when a handler starts
	returned chan bool // receives when a handler returns
}

func newTLSServer(t *testing.T, protocol string) *tlsServer {
	t.Helper()
	em, _ := newEmulator()
	s := &tlsServer{em: em, jane: em.NewUser(), entered: make(chan bool, 100), returned: make(chan bool, 100)}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.entered <- true
		defer func() { s.returned <- true }()
		em.ServeHTTP(w, r)
	}))
	s.EnableHTTP2 = protocol == "HTTP/2.0"
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (s *tlsServer) do(ctx context.Context, method, path, body, rule string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, s.URL+path+chatVersion, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch {
		r.Header.Set("Content-Type", "application/merge-patch+json")
	}
	r.Header.Set("Authorization", "Bearer "+s.jane.Token)
	if rule != "" {
		r.Header.Set(faultHeader, rule)
	}
	return s.Client().Do(r)
}

func onBothProtocols(t *testing.T, test func(*testing.T, *tlsServer)) {
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2.0"} {
		t.Run(protocol, func(t *testing.T) {
			s := newTLSServer(t, protocol)
			test(t, s)
			response, err := s.do(t.Context(), http.MethodPost, "/chat/threads", `{"topic":"Lunch"}`, "")
			require.NoError(t, err, "later requests succeed")
			response.Body.Close()
			assert.Equal(t, protocol, response.Proto)
			assert.Equal(t, http.StatusCreated, response.StatusCode)
		})
	}
}

func TestRefuseDoesNotPerformTheOperation(t *testing.T) {
	onBothProtocols(t, func(t *testing.T, s *tlsServer) {
		_, err := s.do(t.Context(), http.MethodPost, "/chat/threads", `{"topic":"Lunch"}`, `{"refuse":true}`)
		require.Error(t, err)
		assert.Empty(t, s.em.Threads())
	})
}

func TestRefuseResetsTheConnection(t *testing.T) {
	needsPackage(t, "way to answer before the body has arrived")
	em, _ := newEmulator()
	em.Fail(emulator.Rule{Refuse: true})
	plain, secured := httptest.NewServer(em), httptest.NewTLSServer(em)
	defer plain.Close()
	defer secured.Close()
	for name, dial := range map[string]func() (net.Conn, error){
		"HTTP": func() (net.Conn, error) { return net.Dial("tcp", plain.Listener.Addr().String()) },
		"HTTPS": func() (net.Conn, error) {
			return tls.Dial("tcp", secured.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			connection, err := dial()
			require.NoError(t, err)
			defer connection.Close()
			_, err = io.WriteString(connection, "POST /chat/threads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")
			require.NoError(t, err)
			sent, err := io.ReadAll(connection) // before the body is sent
			require.Error(t, err, "a connection that was closed, not reset, would give no error")
			assert.NotErrorIs(t, err, io.ErrUnexpectedEOF, "that would be the error of a connection that was closed without close_notify")
			assert.Empty(t, sent)
		})
	}
}

func TestHangEndsWhenTheClientLeaves(t *testing.T) {
	for name, body := range map[string]string{"": `{"topic":"Lunch"}`, " with too large a body": strings.Repeat(" ", 1<<20+1)} {
		t.Run(name, func(t *testing.T) {
			onBothProtocols(t, func(t *testing.T, s *tlsServer) {
				ctx, cancel := context.WithCancel(t.Context())
				go func() {
					<-s.entered
					cancel()
				}()
				_, err := s.do(ctx, http.MethodPost, "/chat/threads", body, `{"hang":true}`)
				require.ErrorIs(t, err, context.Canceled)
				<-s.returned
				_, err = s.do(t.Context(), http.MethodPost, "/chat/threads", body, `{"hang":true,"hangMs":1}`)
				require.Error(t, err, "the server has dropped the connection")
			})
		})
	}
}

func TestCutSendsHalfOfTheBody(t *testing.T) {
	onBothProtocols(t, func(t *testing.T, s *tlsServer) {
		response, err := s.do(t.Context(), http.MethodPost, "/chat/threads", `{"topic":"Lunch"}`, `{"cut":true}`)
		require.NoError(t, err)
		defer response.Body.Close()
		assert.Equal(t, http.StatusCreated, response.StatusCode)
		body, err := io.ReadAll(response.Body)
		assert.Error(t, err)
		assert.Len(t, body, int(response.ContentLength/2))
		assert.True(t, strings.HasPrefix(string(body), `{"chatThread":`))
		require.Len(t, s.em.Threads(), 1)

		_, err = s.do(t.Context(), http.MethodPatch, "/chat/threads/"+s.em.Threads()[0].ID, `{"topic":"Dinner"}`, `{"cut":true}`)
		assert.Error(t, err, "a response without a body is dropped")
		assert.Equal(t, "Dinner", s.em.Threads()[0].Topic)
	})
}

func TestTrickleSendsTheWholeBody(t *testing.T) {
	onBothProtocols(t, func(t *testing.T, s *tlsServer) {
		response, err := s.do(t.Context(), http.MethodPost, "/chat/threads", `{"topic":"Lunch"}`, `{"trickleMs":1}`)
		require.NoError(t, err)
		defer response.Body.Close()
		assert.Equal(t, http.StatusCreated, response.StatusCode)
		var created createResult
		require.NoError(t, json.NewDecoder(response.Body).Decode(&created))
		assert.Equal(t, s.em.Threads()[0].ID, created.ChatThread.ID)
	})
}
