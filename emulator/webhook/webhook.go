// Package webhook delivers an emulator's events to a URL, as Azure Event Grid does with its own schema:
//
//	hook, err := webhook.New("http://localhost:8090/events", webhook.Options{})
//	em := emulator.New(emulator.Options{Events: hook.Deliver})
//	defer hook.Close()
//
// First it makes the [validation handshake], and repeats it until the webhook answers. Until then events wait. Each event is
// one POST with an array of one event. Delivery is at least once and in no certain order. Up to 16 events are delivered at the
// same time.
//
// A webhook accepts an event with a status from 200 to 204. After 400, 401, 403 and 413 the event is dropped. After any other
// status, and without an answer within 30 seconds, the event is delivered again after 1, 2, 4 and 8 seconds, and then dropped.
// Event Grid has [the same rules], but goes on for 24 hours.
//
// [validation handshake]: https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
// [the same rules]: https://learn.microsoft.com/azure/event-grid/delivery-and-retry
package webhook

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"acschat/emulator"
)

const (
	maxWaiting   = 10_000 // events that are not delivered yet
	maxInFlight  = 16     // requests at the same time
	maxAttempts  = 5
	maxRetryWait = 8 * time.Second
	answerTime   = 30 * time.Second // documented for the validation and for events
)

// Options configures [New]. The zero value is ready to use.
type Options struct {
	// Client sends the requests. Its redirect policy and Timeout are not used: a redirect is a failure, as with Event Grid.
	// Nil means a new client.
	Client *http.Client
	// Logf reports failures and dropped events. It must be safe for concurrent use. It never gets more of the URL than its
	// host, because the rest may be secret. Nil reports nothing.
	Logf func(format string, args ...any)
}

// Webhook delivers events to a URL. It is safe for concurrent use.
type Webhook struct {
	url, host string
	client    *http.Client
	logf      func(format string, args ...any)
	context   context.Context // ends with Close
	cancel    context.CancelFunc
	validated chan struct{} // closed after the handshake
	inFlight  chan struct{} // has an element for each request

	mu       sync.Mutex // guards the fields below
	waiting  int        // how many events are not delivered yet
	dropping bool       // the last event was dropped, because too many wait
	closed   bool
	running  sync.WaitGroup
}

// CheckURL returns an error if the URL of a webhook is not an absolute http or https URL. The error does not contain the URL.
func CheckURL(webhookURL string) error {
	u, err := url.Parse(webhookURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return errors.New("the URL of the webhook must be an absolute http or https URL, such as http://localhost:8090/events")
	}
	return nil
}

// New starts the validation handshake with the webhook and returns at once. It returns an error if CheckURL does.
func New(webhookURL string, options Options) (*Webhook, error) {
	if err := CheckURL(webhookURL); err != nil {
		return nil, err
	}
	u, _ := url.Parse(webhookURL) // CheckURL has parsed it, too
	client := &http.Client{}
	if options.Client != nil {
		*client = *options.Client
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Timeout = answerTime
	w := &Webhook{
		url:       webhookURL,
		host:      u.Host,
		client:    client,
		logf:      options.Logf,
		validated: make(chan struct{}),
		inFlight:  make(chan struct{}, maxInFlight),
	}
	if w.logf == nil {
		w.logf = func(string, ...any) {}
	}
	w.context, w.cancel = context.WithCancel(context.Background())
	w.running.Go(w.validate)
	return w, nil
}

// Deliver delivers an event in the background. It returns at once. If 10,000 events wait already, or after Close, it drops the
// event.
func (w *Webhook) Deliver(event emulator.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	if w.waiting == maxWaiting {
		if !w.dropping {
			w.logf("events: %d events wait for %s, so more are dropped", maxWaiting, w.host)
		}
		w.dropping = true
		return
	}
	w.dropping = false
	w.waiting++
	w.running.Go(func() {
		w.deliver(event)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.waiting--
	})
}

// Close drops the events that are not delivered yet, and returns when nothing of the webhook runs any more.
func (w *Webhook) Close() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.cancel()
	w.running.Wait()
}

// wait waits for d. It returns false if Close ends it.
func (w *Webhook) wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-w.context.Done():
		return false
	}
}
