package chathttp

import (
	"context"
	"iter"

	"acschat/chatcore"
)

// listPage has the fields that the pages of all lists have.
type listPage[Item any] struct {
	Value    []Item
	NextLink string
}

// pageType stands for chatcore's page types, such as [chatcore.ChatMessagesCollection].
type pageType[Item any] interface {
	~struct {
		Value    []Item
		NextLink string
	}
}

// pages requests a list page by page, one call each. It starts at the nextLink first, or at the beginning if first is empty. Each range
// loop starts again there. The options are copied: later changes by the caller have no effect.
//
// operation is the name under which the core checks the nextLinks. It is empty for a watch, because the core itself makes those.
func pages[Page pageType[Item], Item any](ctx context.Context, c *Client, o *CallOptions, operation, first string, newCall func(nextLink string, o chatcore.CallOptions) *chatcore.Call) iter.Seq2[Page, error] {
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
			nextLink = listPage[Item](page).NextLink
			if operation == "" || nextLink == "" {
				continue
			}
			c.tell(func(chatcore.Instant) { err = c.core.Follow(operation, &trail, nextLink) })
			if err != nil {
				yield(Page{}, goError(err))
				return
			}
		}
	}
}

// items returns the items of all pages, one by one.
func items[Page pageType[Item], Item any](pages iter.Seq2[Page, error]) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for page, err := range pages {
			if err != nil {
				var zero Item
				yield(zero, err)
				return
			}
			for _, item := range listPage[Item](page).Value {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}
