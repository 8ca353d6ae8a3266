package chathttp

import (
	"context"
	"iter"

	"acschat/chatcore"
)

// collection is what the pages of every list are made of, whatever their name.
type collection[Item any] struct {
	Value    []Item
	NextLink string
}

// collectionOf are the types of pages that chatcore has.
type collectionOf[Item any] interface {
	~struct {
		Value    []Item
		NextLink string
	}
}

// pages gives the pages of a list, each by a call of its own: the one that first leads to, or the first of all where it is
// empty, and then one after another. It begins anew each time, with the options as they were at the beginning. The operation
// is empty for a watch, whose nextLinks are not the service's.
func pages[Page collectionOf[Item], Item any](ctx context.Context, c *Client, o *CallOptions, operation, first string, newCall func(nextLink string, o chatcore.CallOptions) *chatcore.Call) iter.Seq2[Page, error] {
	if o != nil {
		o = new(*o)
	}
	return func(yield func(Page, error) bool) {
		nextLink, trail := first, chatcore.Trail{Mark: first}
		for more := true; more; more = nextLink != "" {
			page, err := resultOf[Page](ctx, c, o, func(o chatcore.CallOptions) *chatcore.Call { return newCall(nextLink, o) })
			if !yield(page, err) || err != nil {
				return
			}
			nextLink = collection[Item](page).NextLink
			if operation == "" || nextLink == "" {
				continue
			}
			c.tell(func(chatcore.Instant) { err = c.core.Follow(operation, &trail, nextLink) })
			if err != nil {
				yield(Page{}, worded(err))
				return
			}
		}
	}
}

// items gives what is on pages, one by one.
func items[Page collectionOf[Item], Item any](pages iter.Seq2[Page, error]) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for page, err := range pages {
			if err != nil {
				var none Item
				yield(none, err)
				return
			}
			for _, item := range collection[Item](page).Value {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}
