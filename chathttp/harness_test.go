package chathttp_test

import (
	"iter"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

// origin is the endpoint of clients whose exchanges a function of the test performs.
const origin = "http://localhost:1"

// transport performs the exchanges of a client without a network.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// handled returns a transport that answers as handler does, at once.
func handled(handler http.Handler) transport {
	return func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Result(), nil
	}
}

// silent is a service that never answers.
func silent(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// unreachable returns a transport that fails the test when it is used.
func unreachable(t *testing.T) transport {
	return func(*http.Request) (*http.Response, error) {
		t.Error("a request was sent")
		return nil, http.ErrServerClosed
	}
}

// newClient returns a client, and adds an endpoint and a token if the options have none. The client is closed after the test,
// and must leave no goroutine then.
func newClient(t *testing.T, o chathttp.Options) *chathttp.Client {
	t.Helper()
	if o.Endpoint == "" {
		o.Endpoint = origin
	}
	if o.Token == "" && o.TokenFunc == nil {
		o.Token = "token"
	}
	if o.Retry == nil {
		o.Retry = &chatcore.RetryOptions{} // no retries
	}
	client, err := chathttp.New(o)
	require.NoError(t, err)
	t.Cleanup(func() {
		client.Close()
		requireNoGoroutine(t)
	})
	return client
}

// over returns the option of a client whose exchanges t performs.
func over(t transport) *http.Client { return &http.Client{Transport: t} }

// requireNoGoroutine waits until no goroutine runs code of the package, or was started by it. It has to wait, because the test
// may go on before a goroutine has returned.
func requireNoGoroutine(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		left := slices.DeleteFunc(strings.Split(string(stacks), "\n\n"), func(stack string) bool {
			return !strings.Contains(stack, "acschat/chathttp.")
		})
		if len(left) == 0 {
			return
		}
		require.True(t, time.Now().Before(deadline), "left behind:\n%s", strings.Join(left, "\n\n"))
	}
}

// serve serves handler on a socket until the test ends.
func serve(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// resource is an emulator on a socket. It records the requests it receives.
type resource struct {
	*emulator.Emulator
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
}

func newResource(t *testing.T) *resource {
	t.Helper()
	r := &resource{Emulator: emulator.New(emulator.Options{})}
	r.Server = serve(t, func(w http.ResponseWriter, request *http.Request) {
		r.mu.Lock()
		r.requests = append(r.requests, request)
		r.mu.Unlock()
		r.Emulator.ServeHTTP(w, request)
	})
	return r
}

// received returns the requests so far.
func (r *resource) received() []*http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// client returns a client with a token.
func (r *resource) client(t *testing.T, token string) *chathttp.Client {
	return newClient(t, chathttp.Options{Endpoint: r.URL, Token: token, HTTPClient: r.Client()})
}

var (
	lunch = chatcore.CreateChatThreadRequest{Topic: "Lunch"}
	hi    = chatcore.SendChatMessageRequest{Content: "Hi"}
)

func participants(rawIDs ...string) (all []chatcore.ChatParticipant) {
	for _, id := range rawIDs {
		all = append(all, chatcore.ChatParticipant{CommunicationIdentifier: chatcore.RawIdentifier(id)})
	}
	return all
}

// drain iterates over a sequence, and returns the error at its end.
func drain[T any](sequence iter.Seq2[T, error]) error {
	_, err := collect(sequence)
	return err
}

// collect returns the values of a sequence, including any after an error, and the error at its end.
func collect[T any](sequence iter.Seq2[T, error]) (all []T, failure error) {
	for value, err := range sequence {
		if err != nil {
			failure = err
			continue
		}
		all = append(all, value)
	}
	return all, failure
}

// requireCode checks the code of an error.
func requireCode(t *testing.T, err error, code chatcore.Code) *chatcore.Error {
	t.Helper()
	var e *chatcore.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, code, e.Code, e.Message)
	return e
}

// result is the result of a call on another goroutine.
type result <-chan error

// begin starts a call on another goroutine.
func begin(call func() error) result {
	ended := make(chan error, 1)
	go func() { ended <- call() }()
	return ended
}
