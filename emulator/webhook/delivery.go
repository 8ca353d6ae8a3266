package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"acschat/emulator"
)

// notRetried are the statuses after which Event Grid does not deliver an event to a webhook again.
var notRetried = []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestEntityTooLarge}

// validate makes the validation handshake, and repeats it until it succeeds.
func (w *Webhook) validate() {
	for wait := time.Second; ; wait = min(2*wait, maxRetryWait) {
		err := w.handshake()
		if err == nil {
			w.logf("events: %s has answered the validation request", w.host)
			close(w.validated)
			return
		}
		w.logf("events: %s has not answered the validation request: %v; trying again", w.host, err)
		if !w.wait(wait) {
			return
		}
	}
}

func (w *Webhook) handshake() error {
	code := uuid.NewString()
	data, _ := json.Marshal(map[string]string{"validationCode": code}) // never fails
	status, answer, err := w.post("SubscriptionValidation", 0, emulator.Event{
		ID:              uuid.NewString(),
		Topic:           "/subscriptions/" + uuid.Nil.String(),
		Data:            data,
		EventType:       "Microsoft.EventGrid.SubscriptionValidationEvent",
		DataVersion:     "1",
		MetadataVersion: "1",
		EventTime:       time.Now().UTC(),
	})
	if err != nil {
		return err
	}
	var body struct{ ValidationResponse string }
	switch {
	case status != http.StatusOK:
		return fmt.Errorf("its status is %d, but must be 200", status)
	case json.Unmarshal(answer, &body) != nil || body.ValidationResponse != code:
		return errors.New(`its body must be {"validationResponse":"…"} with the validationCode of the request`)
	}
	return nil
}

// deliver delivers an event, with retries.
func (w *Webhook) deliver(event emulator.Event) {
	select {
	case <-w.validated:
	case <-w.context.Done():
		return
	}
	for attempt, wait := 0, time.Second; ; attempt, wait = attempt+1, 2*wait {
		status, _, err := w.post("Notification", attempt, event)
		switch {
		case w.context.Err() != nil || err == nil && status >= 200 && status <= 204:
			return
		case err == nil:
			err = fmt.Errorf("its status is %d", status)
		}
		if slices.Contains(notRetried, status) || attempt+1 == maxAttempts {
			w.logf("events: %s has not accepted event %s: %v; the event is dropped", w.host, event.ID, err)
			return
		}
		if !w.wait(wait) {
			return
		}
	}
}

// post sends an event and returns the answer's status and body. attempts is how often the event was sent before. The headers
// are those of https://learn.microsoft.com/azure/event-grid/handler-event-hubs and of the pages that the package's comment names.
func (w *Webhook) post(kind string, attempts int, event emulator.Event) (status int, answer []byte, err error) {
	select {
	case w.inFlight <- struct{}{}:
		defer func() { <-w.inFlight }()
	case <-w.context.Done():
		return 0, nil, w.context.Err()
	}
	body, err := json.Marshal([]emulator.Event{event})
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequestWithContext(w.context, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("aeg-event-type", kind)
	request.Header.Set("aeg-subscription-name", "EMULATOR")
	request.Header.Set("aeg-delivery-count", strconv.Itoa(attempts))
	request.Header.Set("aeg-data-version", event.DataVersion)
	request.Header.Set("aeg-metadata-version", event.MetadataVersion)
	response, err := w.client.Do(request)
	if err != nil {
		return 0, nil, withoutURL(err)
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(response.Body, 64<<10))
	return response.StatusCode, answer, err
}

// withoutURL removes the URL from an error of http.Client, because it may contain a secret.
func withoutURL(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
