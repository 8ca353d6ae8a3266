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

// MaxResponseBytes is how long the body of an answer may be, 8 MiB. A longer one is not read to its end. A page of a list
// that is longer is a ParseError: set a smaller MaxPageSize. Watches and lookups ask for shorter pages by themselves. Of
// other operations a longer answer counts as none: code NetworkError, or DeliveryUnknown of SendMessage.
const MaxResponseBytes = chatcore.MaxResponseBytes

// isDialError tells whether no connection was opened, so that nothing was sent.
func isDialError(err error) bool {
	var e *net.OpError
	return errors.As(err, &e) && e.Op == "dial"
}

// exchange sends a request and reads the answer to its end, if it can. The error is that of the network.
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
