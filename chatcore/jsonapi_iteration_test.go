package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestIteration iterates over a list by item and by page.
func TestIteration(t *testing.T) {
	for _, byPage := range []bool{false, true} {
		client := newClient(t, chatcore.Options{})
		it := methodNamed(t, "listThreads").Iterate(chatcore.Arguments{Text: "\n" + `{"maxPageSize":2}`})
		var got []string
		pages := []string{
			`{"value":[{"id":"19:a","topic":"a"},{"id":"19:b","topic":"b"}],"nextLink":"` + origin + `/2"}`,
			`{"value":[],"nextLink":"` + origin + `/3"}`,
			`{"value":[{"id":"19:c","topic":"c"}]}`,
		}
		var urls []string
		for _, page := range pages {
			call := it.NextCall(client)
			require.NotNil(t, call)
			call.Start(1)
			urls = append(urls, call.Step().Request.URL)
			call.Response(1, call.Step().Number, chatcore.Response{Status: 200, Body: page})
			require.Equal(t, chatcore.Done, call.Step().Kind, "%v", call.Step().Err)
			got = append(got, it.Take(byPage)...)
		}
		assert.Nil(t, it.NextCall(client), "after the last page")
		assert.Equal(t, []string{origin + "/2", origin + "/3"}, urls[1:])
		assert.Contains(t, urls[0], "maxPageSize=2")
		if byPage {
			assert.Equal(t, pages, got)
		} else {
			assert.Equal(t, []string{`{"id":"19:a","topic":"a"}`, `{"id":"19:b","topic":"b"}`, `{"id":"19:c","topic":"c"}`}, got)
		}
	}
}

// TestIterationWithRepeatedNextLink: an iteration fails if a nextLink repeats or leads to another host.
func TestIterationWithRepeatedNextLink(t *testing.T) {
	for _, links := range [][]string{{origin + "/1", origin + "/1"}, {origin + "/1", origin + "/2", origin + "/1", origin + "/2"}, {"https://elsewhere.example/1"}} {
		client := newClient(t, chatcore.Options{})
		it := methodNamed(t, "listThreads").Iterate(chatcore.Arguments{Text: "\n"})
		for _, link := range links {
			call := it.NextCall(client)
			call.Start(1)
			call.Response(1, call.Step().Number, chatcore.Response{Status: 200, Body: `{"value":[],"nextLink":"` + link + `"}`})
			require.Equal(t, chatcore.Done, call.Step().Kind)
			it.Take(false)
		}
		call := it.NextCall(client)
		call.Start(1)
		assert.Contains(t, requireFailed(t, call, chatcore.ParseError).Message, links[len(links)-1])
	}
}
