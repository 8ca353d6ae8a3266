package webhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
	"acschat/emulator/webhook"
)

const secretURL = "https://contoso.example/secret-path?secret=secret-query"

// delivery is a request that a receiver got.
type delivery struct {
	header http.Header
	events []emulator.Event
	at     time.Duration   // since the receiver was made
	gone   <-chan struct{} // closed when the client gives up
}

// receiver is a webhook. It is the transport of the client, so that nothing waits for a network and synctest's clock works.
type receiver struct {
	mu         sync.Mutex
	began      time.Time
	deliveries []delivery
	log        bytes.Buffer
	answer     func(delivery) (*http.Response, error) // nil: validates, and accepts all events
}

func newReceiver() *receiver { return &receiver{began: time.Now()} }

func (r *receiver) RoundTrip(request *http.Request) (*http.Response, error) {
	d := delivery{header: request.Header, at: time.Since(r.began), gone: request.Context().Done()}
	if err := json.NewDecoder(request.Body).Decode(&d.events); err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.deliveries = append(r.deliveries, d)
	r.mu.Unlock()
	if r.answer != nil {
		if response, err := r.answer(d); response != nil || err != nil {
			return response, err
		}
	}
	if d.isValidation() {
		return response(200, `{"validationResponse":`+string(d.validationCode())+`}`), nil
	}
	return response(200, ""), nil
}

func (d delivery) isValidation() bool {
	return d.header.Get("aeg-event-type") == "SubscriptionValidation"
}

func (d delivery) validationCode() []byte {
	var data struct{ ValidationCode json.RawMessage }
	_ = json.Unmarshal(d.events[0].Data, &data)
	return data.ValidationCode
}

func response(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

// take returns the deliveries since the last take.
func (r *receiver) take() []delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.deliveries
	r.deliveries = nil
	return taken
}

func (r *receiver) logf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(&r.log, format+"\n", args...)
}

func (r *receiver) logged() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.String()
}

func open(t *testing.T, r *receiver) *webhook.Webhook {
	t.Helper()
	hook, err := webhook.New(secretURL, webhook.Options{Client: &http.Client{Transport: r}, Logf: r.logf})
	require.NoError(t, err)
	return hook
}

func event(id string) emulator.Event {
	return emulator.Event{ID: id, EventType: "Microsoft.Communication.ChatMessageReceived", Data: json.RawMessage(`{"threadId":"t"}`), DataVersion: "1.0", MetadataVersion: "1"}
}

func TestHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver()
		hook := open(t, r)
		defer hook.Close()
		hook.Deliver(event("a"))
		synctest.Wait()
		got := r.take()
		require.Len(t, got, 2)
		assert.Equal(t, "SubscriptionValidation", got[0].header.Get("aeg-event-type"), "first of all")
		require.Len(t, got[0].events, 1)
		assert.Equal(t, "Microsoft.EventGrid.SubscriptionValidationEvent", got[0].events[0].EventType)
		assert.NotEmpty(t, got[0].validationCode())
		assert.Equal(t, []emulator.Event{event("a")}, got[1].events)
		for name, want := range map[string]string{
			"Content-Type":          "application/json; charset=utf-8",
			"aeg-event-type":        "Notification",
			"aeg-subscription-name": "EMULATOR",
			"aeg-delivery-count":    "0",
			"aeg-data-version":      "1.0",
			"aeg-metadata-version":  "1",
		} {
			assert.Equal(t, want, got[1].header.Get(name), name)
		}
	})
}

// Until the webhook has answered the validation request, nothing else is sent.
func TestHandshakeIsRepeated(t *testing.T) {
	for name, answer := range map[string]func() (*http.Response, error){
		"not reachable":   func() (*http.Response, error) { return nil, errors.New("refused") },
		"another status":  func() (*http.Response, error) { return response(202, `{}`), nil },
		"no answer":       func() (*http.Response, error) { return response(200, ``), nil },
		"another code":    func() (*http.Response, error) { return response(200, `{"validationResponse":"x"}`), nil },
		"another address": func() (*http.Response, error) { r := response(307, ``); r.Header.Set("Location", "/"); return r, nil },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newReceiver()
				r.answer = func(d delivery) (*http.Response, error) {
					if d.at < 3*time.Second {
						return answer()
					}
					return nil, nil
				}
				hook := open(t, r)
				defer hook.Close()
				hook.Deliver(event("a"))
				time.Sleep(3*time.Second - 1)
				synctest.Wait()
				assert.Len(t, r.take(), 2, "at the start, and after a second")
				time.Sleep(time.Nanosecond)
				synctest.Wait()
				got := r.take()
				require.Len(t, got, 2, "after two more seconds, and then the event")
				assert.True(t, got[0].isValidation())
				assert.Equal(t, "a", got[1].events[0].ID)
				assert.Contains(t, r.logged(), "contoso.example has not answered the validation request")
				assert.NotContains(t, r.logged(), "secret")
			})
		})
	}
}

func TestRetries(t *testing.T) {
	refused := errors.New("refused")
	for name, c := range map[string]struct {
		status int // 0: no connection
		want   []time.Duration
	}{
		"accepted":    {202, []time.Duration{0}},
		"no content":  {204, []time.Duration{0}},
		"bad request": {400, []time.Duration{0}},
		"wrong key":   {401, []time.Duration{0}},
		"forbidden":   {403, []time.Duration{0}},
		"too large":   {413, []time.Duration{0}},
		"not found":   {404, []time.Duration{0, 1, 3, 7, 15}},
		"busy":        {503, []time.Duration{0, 1, 3, 7, 15}},
		"redirect":    {302, []time.Duration{0, 1, 3, 7, 15}},
		"unreachable": {0, []time.Duration{0, 1, 3, 7, 15}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newReceiver()
				r.answer = func(d delivery) (*http.Response, error) {
					switch {
					case d.isValidation():
						return nil, nil
					case c.status == 0:
						return nil, refused
					}
					return response(c.status, ""), nil
				}
				hook := open(t, r)
				defer hook.Close()
				hook.Deliver(event("a"))
				time.Sleep(time.Hour)
				synctest.Wait()
				var at []time.Duration
				for i, d := range r.take()[1:] {
					at = append(at, d.at/time.Second)
					assert.Equal(t, fmt.Sprint(i), d.header.Get("aeg-delivery-count"))
					assert.Equal(t, "a", d.events[0].ID)
				}
				assert.Equal(t, c.want, at)
				accepted := c.status >= 200 && c.status <= 204
				assert.Equal(t, !accepted, strings.Contains(r.logged(), "has not accepted event a"), r.logged())
				assert.NotContains(t, r.logged(), "secret")
			})
		})
	}
}

// A webhook that does not answer in time gets the event again. Others are delivered meanwhile.
func TestSlowWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver()
		r.answer = func(d delivery) (*http.Response, error) {
			if !d.isValidation() && d.events[0].ID == "slow" && d.header.Get("aeg-delivery-count") == "0" {
				<-d.gone
				return nil, errors.New("gone")
			}
			return nil, nil
		}
		hook := open(t, r)
		defer hook.Close()
		hook.Deliver(event("slow"))
		synctest.Wait()
		hook.Deliver(event("fast"))
		time.Sleep(30*time.Second + time.Second)
		synctest.Wait()
		var ids []string
		for _, d := range r.take()[1:] {
			ids = append(ids, d.events[0].ID)
		}
		assert.Equal(t, []string{"slow", "fast", "slow"}, ids)
	})
}

func TestOverflow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver()
		r.answer = func(d delivery) (*http.Response, error) {
			if d.at == 0 {
				return nil, errors.New("refused")
			}
			return nil, nil
		}
		hook := open(t, r)
		defer hook.Close()
		for i := range 10_100 {
			hook.Deliver(event(fmt.Sprint(i)))
		}
		assert.Equal(t, 1, strings.Count(r.logged(), "so more are dropped"), r.logged())
		r.take()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		ids := map[string]bool{}
		for _, d := range r.take() {
			if !d.isValidation() {
				ids[d.events[0].ID] = true
			}
		}
		assert.Len(t, ids, 10_000)
		assert.False(t, ids["10000"], "the newest are dropped")
		hook.Deliver(event("later"))
		synctest.Wait()
		assert.Len(t, r.take(), 1, "there is room again")
	})
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver()
		r.answer = func(d delivery) (*http.Response, error) {
			if d.isValidation() {
				return nil, nil
			}
			return response(503, ""), nil
		}
		hook := open(t, r)
		hook.Deliver(event("a"))
		synctest.Wait()
		hook.Close()
		hook.Close()
		hook.Deliver(event("b"))
		time.Sleep(time.Hour)
		assert.Len(t, r.take(), 2, "the validation and the first attempt")

		unreachable := newReceiver()
		unreachable.answer = func(delivery) (*http.Response, error) { return nil, errors.New("refused") }
		hook = open(t, unreachable)
		hook.Deliver(event("a"))
		hook.Close()
	})
}

func TestBadURLs(t *testing.T) {
	for _, url := range []string{"", "localhost:8090/events", "/events", "ftp://contoso.example", "http://", "http://%zz"} {
		_, err := webhook.New(url, webhook.Options{})
		assert.ErrorContains(t, err, "must be an absolute http or https URL", url)
	}
}

// A message reaches a webhook over the network, and calls do not wait for it.
func TestEmulatorWithWebhook(t *testing.T) {
	received := make(chan emulator.Event, 10)
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		var events []emulator.Event
		if !assert.NoError(t, json.NewDecoder(request.Body).Decode(&events)) {
			return
		}
		if d := (delivery{header: request.Header, events: events}); d.isValidation() {
			fmt.Fprintf(w, `{"validationResponse":%s}`, d.validationCode())
			return
		}
		<-release
		received <- events[0]
	}))
	defer server.Close()
	hook, err := webhook.New(server.URL, webhook.Options{})
	require.NoError(t, err)
	defer hook.Close()
	em := emulator.New(emulator.Options{Events: hook.Deliver})
	jane := em.NewUser()
	create := httptest.NewRequest("POST", "/chat/threads?api-version=2025-03-15", strings.NewReader(`{"topic":"Lunch"}`))
	create.Header.Set("Authorization", "Bearer "+jane.Token)
	create.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	em.ServeHTTP(w, create)
	require.Equal(t, http.StatusCreated, w.Code, w.Body)
	close(release)
	select {
	case event := <-received:
		assert.Equal(t, "Microsoft.Communication.ChatThreadCreated", event.EventType)
		assert.Contains(t, string(event.Data), em.Threads()[0].ID)
	case <-time.After(20 * time.Second):
		t.Fatal("no event came")
	}
}
