package chathttp

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"acschat/chatcore"
)

// MaxResponseBytes is how long the body of an answer may be, 8 MiB, which is far above anything the service answers. A
// longer one is not read to its end, and counts as no answer: code NetworkError, or DeliveryUnknown of SendMessage.
const MaxResponseBytes = chatcore.MaxResponseBytes

// exchange sends a request and reads the answer to its end. The error is that of the network, or of an answer that is too
// long.
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
	if err != nil {
		return chatcore.Response{}, err
	}
	if len(body) > MaxResponseBytes {
		return chatcore.Response{}, fmt.Errorf("the body of the answer, HTTP %d, is longer than %d bytes", response.StatusCode, MaxResponseBytes)
	}
	return chatcore.Response{Status: response.StatusCode, Header: response.Header.Get, Body: string(body)}, nil
}
