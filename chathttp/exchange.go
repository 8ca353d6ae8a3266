package chathttp

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"

	"acschat/chatcore"
)

// MaxResponseBytes is the limit for the body of an answer: 8 MiB. The client does not read a longer body to its end.
//
// If a page of a list is longer, the error has code ParseError: set a smaller MaxPageSize. Watches and lookups request smaller pages by
// themselves. For other operations a longer answer counts as no answer: the code is NetworkError, or DeliveryUnknown for SendMessage.
const MaxResponseBytes = chatcore.MaxResponseBytes

// isDialError reports whether no connection was opened. Then nothing was sent.
func isDialError(err error) bool {
	var e *net.OpError
	return errors.As(err, &e) && e.Op == "dial"
}

// exchange sends a request and reads the answer. It returns an error if there is no answer. If the body is incomplete or too long, the
// answer's Err says so.
func exchange(ctx context.Context, client *http.Client, r chatcore.Request) (chatcore.Response, error) {
	request, err := http.NewRequestWithContext(ctx, r.Method, r.URL, strings.NewReader(r.Body))
	if err != nil {
		return chatcore.Response{}, err
	}
	for _, field := range r.Header {
		request.Header.Set(field.Name, field.Value)
	}
	setFetchOptions(request.Header)

	response, err := client.Do(request)
	if err != nil {
		return chatcore.Response{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, MaxResponseBytes+1))
	if len(body) > MaxResponseBytes {
		err = chatcore.ErrTooLong
	}
	answer := chatcore.Response{Status: response.StatusCode, Header: response.Header.Get, Err: err}
	if err == nil {
		answer.Body = string(body)
	}
	return answer, nil
}
