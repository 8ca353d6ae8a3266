package chathttp_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
)

func TestLists(t *testing.T) {
	for name, list := range lists {
		for title, c := range map[string]struct {
			pages [][]string
			want  []string
		}{
			"many pages":    {[][]string{{"1", "2"}, {"3", "4"}, {"5"}}, []string{"1", "2", "3", "4", "5"}},
			"one page":      {[][]string{{"1"}}, []string{"1"}},
			"nothing":       {[][]string{{}}, nil},
			"an empty page": {[][]string{{"1"}, {}, {"2"}}, []string{"1", "2"}},
		} {
			t.Run(title+" of "+name, func(t *testing.T) {
				service := &pagedList{entry: list.entry, pages: c.pages}
				client := newClient(t, chathttp.Options{HTTPClient: &http.Client{Transport: service}})
				wantAsked := []string{origin + list.url}
				for i := 1; i < len(c.pages); i++ {
					wantAsked = append(wantAsked, pageLink(i))
				}

				items := list.items(t.Context(), client, "")
				assert.Empty(t, service.requested, "before the first iteration")
				for range 2 {
					service.requested = nil
					ids, err := collect(items)
					require.NoError(t, err)
					assert.Equal(t, c.want, ids)
					assert.Equal(t, wantAsked, service.requested, "links unchanged")
				}

				pages, err := collect(list.pages(t.Context(), client, ""))
				require.NoError(t, err)
				require.Len(t, pages, len(c.pages))
				for i, p := range pages {
					assert.ElementsMatch(t, c.pages[i], p.ids)
					if i+1 < len(pages) {
						assert.Equal(t, pageLink(i+1), p.nextLink)
					} else {
						assert.Empty(t, p.nextLink)
					}
				}
			})
		}
	}
}

func TestListsResume(t *testing.T) {
	for name, list := range lists {
		t.Run(name, func(t *testing.T) {
			service := &pagedList{entry: list.entry, pages: [][]string{{"1", "2"}, {"3", "4"}, {"5"}}}
			client := newClient(t, chathttp.Options{HTTPClient: &http.Client{Transport: service}})
			var first page
			for p, err := range list.pages(t.Context(), client, "") {
				require.NoError(t, err)
				first = p
				break
			}
			assert.Equal(t, []string{"1", "2"}, first.ids)

			service.requested = nil
			rest, err := collect(list.pages(t.Context(), client, first.nextLink))
			require.NoError(t, err)
			assert.Equal(t, []page{{[]string{"3", "4"}, pageLink(2)}, {[]string{"5"}, ""}}, rest)
			assert.Equal(t, []string{pageLink(1), pageLink(2)}, service.requested)

			ids, err := collect(list.items(t.Context(), client, first.nextLink))
			require.NoError(t, err)
			assert.Equal(t, []string{"3", "4", "5"}, ids)
		})
	}
}

func TestLeavingAList(t *testing.T) {
	for name, list := range lists {
		for title, c := range map[string]struct {
			after string
			asked int
		}{
			"in a page":          {"1", 1},
			"at a page's end":    {"2", 1},
			"in the second page": {"3", 2},
		} {
			t.Run(name+" "+title, func(t *testing.T) {
				service := &pagedList{entry: list.entry, pages: [][]string{{"1", "2"}, {"3", "4"}, {"5"}}}
				client := newClient(t, chathttp.Options{HTTPClient: &http.Client{Transport: service}})
				for id, err := range list.items(t.Context(), client, "") {
					require.NoError(t, err)
					if id == c.after {
						break
					}
				}
				requireNoGoroutine(t)
				assert.Len(t, service.requested, c.asked)
			})
		}
	}
}

func TestAnErrorEndsAList(t *testing.T) {
	for name, list := range lists {
		for title, c := range map[string]struct {
			fail func(*http.Request) (*http.Response, error)
			code chatcore.Code
		}{
			"refused": {handled(http.NotFoundHandler()), chatcore.NotFound},
			"broken":  {func(*http.Request) (*http.Response, error) { return nil, http.ErrServerClosed }, chatcore.NetworkError},
			"no JSON": {handled(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) })), chatcore.ParseError},
		} {
			t.Run(name+" "+title, func(t *testing.T) {
				service := &pagedList{entry: list.entry, pages: [][]string{{"1", "2"}, {"3"}}}
				client := newClient(t, chathttp.Options{HTTPClient: over(func(r *http.Request) (*http.Response, error) {
					if r.URL.Query().Has("syncState") {
						return c.fail(r)
					}
					return service.RoundTrip(r)
				})})
				for range 2 {
					ids, err := collect(list.items(t.Context(), client, ""))
					assert.Equal(t, name, requireCode(t, err, c.code).Operation)
					assert.Equal(t, []string{"1", "2"}, ids, "the items before the error only")
				}
				pages, err := collect(list.pages(t.Context(), client, ""))
				requireCode(t, err, c.code)
				assert.Equal(t, []page{{[]string{"1", "2"}, pageLink(1)}}, pages)
			})
		}
	}
}

// TestRepeatedLinks: a list whose nextLink leads back to an earlier page ends with an error, after its pages.
func TestRepeatedLinks(t *testing.T) {
	for name, list := range lists {
		for title, next := range map[string][]int{"a page": {1, 1}, "several": {1, 2, 3, 1}, "the first": {0}} {
			t.Run(name+" "+title, func(t *testing.T) {
				asked := 0
				client := newClient(t, chathttp.Options{HTTPClient: over(func(r *http.Request) (*http.Response, error) {
					number := 0
					_, _ = fmt.Sscanf(r.URL.Query().Get("syncState"), "page %d", &number)
					link := pageLink(next[number])
					if asked++; asked > 12 {
						link = "" // so that the test ends
					}
					w := httptest.NewRecorder()
					_, _ = fmt.Fprintf(w, `{"value":[%s],"nextLink":%q}`, fmt.Sprintf(list.entry, fmt.Sprint(number)), link)
					return w.Result(), nil
				})})
				ids, err := collect(list.items(t.Context(), client, ""))
				assert.Contains(t, requireCode(t, err, chatcore.ParseError).Message, "syncState")
				assert.Len(t, ids, asked)
				assert.GreaterOrEqual(t, asked, len(next))

				asked = 0
				pages, err := collect(list.pages(t.Context(), client, pageLink(next[0])))
				requireCode(t, err, chatcore.ParseError)
				assert.Len(t, pages, asked)
			})
		}
	}
}

func TestForeignLinksAreNotFollowed(t *testing.T) {
	for _, link := range []string{
		"https://elsewhere.example/chat/threads?syncState=1",
		"https://localhost:1/chat/threads",
		"http://localhost:1.elsewhere.example/",
		"http://localhost:1@elsewhere.example/",
		"//elsewhere.example/chat/threads",
		"/chat/threads?syncState=1",
	} {
		for name, list := range lists {
			t.Run(name+" "+link, func(t *testing.T) {
				asked := 0
				client := newClient(t, chathttp.Options{HTTPClient: over(func(r *http.Request) (*http.Response, error) {
					asked++
					assert.Equal(t, origin+list.url, r.URL.String())
					w := httptest.NewRecorder()
					_, _ = fmt.Fprintf(w, `{"value":[%s],"nextLink":%q}`, fmt.Sprintf(list.entry, "1"), link)
					return w.Result(), nil
				})})
				ids, err := collect(list.items(t.Context(), client, ""))
				assert.Contains(t, requireCode(t, err, chatcore.ParseError).Message, link, "the error names the link")
				assert.Equal(t, []string{"1"}, ids)
				assert.Equal(t, 1, asked)

				requireCode(t, drain(list.pages(t.Context(), client, link)), chatcore.InvalidArgument)
				assert.Equal(t, 1, asked, "nor a link that the caller passes")
			})
		}
	}
}

func TestContextEndsAList(t *testing.T) {
	for name, c := range ends {
		for operation, list := range lists {
			t.Run(name+" in a page of "+operation, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					service := &pagedList{entry: list.entry, pages: [][]string{{"1", "2"}, {"3"}}}
					client := newClient(t, chathttp.Options{HTTPClient: &http.Client{Transport: service}})
					ctx, end := c.ctx(t.Context())
					var ids []string
					var failure error
					for id, err := range list.items(ctx, client, "") {
						if ids, failure = append(ids, id), err; id == "1" {
							end()
						}
					}
					assert.True(t, failure == c.want, "unchanged")
					assert.Equal(t, []string{"1", "2", ""}, ids, "items of the page that has arrived are returned")
					assert.Len(t, service.requested, 1)
				})
			})
			t.Run(name+" during the second page of "+operation, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					service := &pagedList{entry: list.entry, pages: [][]string{{"1", "2"}, {"3"}}}
					stopped := make(chan struct{})
					client := newClient(t, chathttp.Options{HTTPClient: over(func(r *http.Request) (*http.Response, error) {
						if r.URL.Query().Has("syncState") {
							defer close(stopped)
							return silent(r)
						}
						return service.RoundTrip(r)
					})})
					ctx, end := c.ctx(t.Context())
					ended := begin(func() error { return drain(list.items(ctx, client, "")) })
					synctest.Wait()
					end()
					assert.True(t, <-ended == c.want, "unchanged")
					<-stopped
				})
			})
		}
	}
}

func TestListCopiesItsOptions(t *testing.T) {
	service := &pagedList{entry: `{"id":%q}`, pages: [][]string{{"1"}, {"2"}}}
	client := newClient(t, chathttp.Options{HTTPClient: &http.Client{Transport: service}})
	o := chathttp.CallOptions{APIVersion: "2024-03-07"}
	messages := client.ListMessages(t.Context(), noThread, chatcore.ListChatMessagesOptions{}, &o)
	o.APIVersion = "2025-03-15"
	require.NoError(t, drain(messages))
	assert.Equal(t, origin+"/chat/threads/19%3Ax%40thread.v2/messages?api-version=2024-03-07", service.requested[0])
}
