package chathttp_test

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"

	"acschat/chatcore"
	"acschat/chathttp"
)

// page is the part of a page that the tests compare: the ids of its items and its nextLink.
type page struct {
	ids      []string
	nextLink string
}

// lists are the lists of a client: the JSON of an entry, the id in a result, and the request for the first page.
var lists = map[string]struct {
	entry string
	url   string
	items func(_ context.Context, _ *chathttp.Client, nextLink string) iter.Seq2[string, error]
	pages func(_ context.Context, _ *chathttp.Client, nextLink string) iter.Seq2[page, error]
}{
	"listThreads": {
		`{"id":%q,"topic":"Lunch"}`, "/chat/threads?api-version=2025-03-15&maxPageSize=2&startTime=2020-06-06T05%3A55%3A41Z",
		func(ctx context.Context, c *chathttp.Client, nextLink string) iter.Seq2[string, error] {
			return mapSequence(c.ListThreads(ctx, chatcore.ListChatThreadsOptions{MaxPageSize: 2, StartTime: "2020-06-06T05:55:41Z", NextLink: nextLink}, nil), threadID)
		},
		func(ctx context.Context, c *chathttp.Client, nextLink string) iter.Seq2[page, error] {
			return mapSequence(c.ListThreadsByPage(ctx, chatcore.ListChatThreadsOptions{MaxPageSize: 2, StartTime: "2020-06-06T05:55:41Z", NextLink: nextLink}, nil),
				func(p chatcore.ChatThreadsItemCollection) page { return pageOf(p.Value, threadID, p.NextLink) })
		},
	},
	"listMessages": {
		`{"id":%q,"version":"1"}`, "/chat/threads/19%3Ax%40thread.v2/messages?api-version=2025-03-15&maxPageSize=2&startTime=2020-06-06T05%3A55%3A41Z",
		func(ctx context.Context, c *chathttp.Client, nextLink string) iter.Seq2[string, error] {
			return mapSequence(c.ListMessages(ctx, noThread, chatcore.ListChatMessagesOptions{MaxPageSize: 2, StartTime: "2020-06-06T05:55:41Z", NextLink: nextLink}, nil), messageID)
		},
		func(ctx context.Context, c *chathttp.Client, nextLink string) iter.Seq2[page, error] {
			return mapSequence(c.ListMessagesByPage(ctx, noThread, chatcore.ListChatMessagesOptions{MaxPageSize: 2, StartTime: "2020-06-06T05:55:41Z", NextLink: nextLink}, nil),
				func(p chatcore.ChatMessagesCollection) page { return pageOf(p.Value, messageID, p.NextLink) })
		},
	},
	"listParticipants": {
		`{"communicationIdentifier":{"rawId":%q}}`, "/chat/threads/19%3Ax%40thread.v2/participants?api-version=2025-03-15&maxPageSize=2&skip=3",
		func(ctx context.Context, c *chathttp.Client, nextLink string) iter.Seq2[string, error] {
			return mapSequence(c.ListParticipants(ctx, noThread, chatcore.ListChatParticipantsOptions{MaxPageSize: 2, Skip: 3, NextLink: nextLink}, nil), participantID)
		},
		func(ctx context.Context, c *chathttp.Client, nextLink string) iter.Seq2[page, error] {
			return mapSequence(c.ListParticipantsByPage(ctx, noThread, chatcore.ListChatParticipantsOptions{MaxPageSize: 2, Skip: 3, NextLink: nextLink}, nil),
				func(p chatcore.ChatParticipantsCollection) page { return pageOf(p.Value, participantID, p.NextLink) })
		},
	},
	"listReadReceipts": {
		`{"chatMessageId":%q}`, "/chat/threads/19%3Ax%40thread.v2/readReceipts?api-version=2025-03-15&maxPageSize=2&skip=3",
		func(ctx context.Context, c *chathttp.Client, nextLink string) iter.Seq2[string, error] {
			return mapSequence(c.ListReadReceipts(ctx, noThread, chatcore.ListChatReadReceiptsOptions{MaxPageSize: 2, Skip: 3, NextLink: nextLink}, nil), readMessageID)
		},
		func(ctx context.Context, c *chathttp.Client, nextLink string) iter.Seq2[page, error] {
			return mapSequence(c.ListReadReceiptsByPage(ctx, noThread, chatcore.ListChatReadReceiptsOptions{MaxPageSize: 2, Skip: 3, NextLink: nextLink}, nil),
				func(p chatcore.ChatMessageReadReceiptsCollection) page {
					return pageOf(p.Value, readMessageID, p.NextLink)
				})
		},
	},
}

func threadID(thread chatcore.ChatThreadItem) string { return thread.ID }

func messageID(message chatcore.ChatMessage) string { return message.ID }

func participantID(p chatcore.ChatParticipant) string { return p.CommunicationIdentifier.RawID }

func readMessageID(receipt chatcore.ChatMessageReadReceipt) string { return receipt.ChatMessageID }

// mapSequence applies f to the values of a sequence.
func mapSequence[V, W any](sequence iter.Seq2[V, error], f func(V) W) iter.Seq2[W, error] {
	return func(yield func(W, error) bool) {
		for value, err := range sequence {
			if !yield(f(value), err) {
				return
			}
		}
	}
}

func pageOf[V any](values []V, id func(V) string, nextLink string) page {
	p := page{nextLink: nextLink}
	for _, value := range values {
		p.ids = append(p.ids, id(value))
	}
	return p
}

// pagedList is a service with one list. Its pages are given as the ids on them. It records the requested URLs. Its nextLinks have
// unusual escapes, so that a client which rewrites them is noticed.
type pagedList struct {
	entry     string
	pages     [][]string
	requested []string
}

func (b *pagedList) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	b.requested = append(b.requested, r.URL.String())
	number := 0
	if state := r.URL.Query().Get("syncState"); state != "" {
		_, _ = fmt.Sscanf(state, "page %d", &number)
	}
	var entries []string
	for _, id := range b.pages[number] {
		entries = append(entries, fmt.Sprintf(b.entry, id))
	}
	nextLink := ""
	if number++; number < len(b.pages) {
		nextLink = fmt.Sprintf(`,"nextLink":%q`, pageLink(number))
	}
	_, _ = fmt.Fprintf(w, `{"value":[%s]%s}`, strings.Join(entries, ","), nextLink)
	return w.Result(), nil
}

// pageLink returns the URL of a page, counted from 0.
func pageLink(number int) string {
	return fmt.Sprintf("%s/chat/threads/19:x@thread.v2/list?syncState=page+%d&startTime=1%%2F1%%2F1970%%2012:00&api-version=2025-03-15", origin, number)
}
