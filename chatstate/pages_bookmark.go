package chatstate

import "acschat/chatcore"

// bookmark is a place in the service's list: the page at link has versions up to version.
type bookmark struct{ version, link string }

// addBookmark keeps a place in the list, in place of an earlier link to the same one.
func (p *pages) addBookmark(b bookmark) {
	i := 0
	for i < len(p.bookmarks) && chatcore.CompareIDs(p.bookmarks[i].version, b.version) > 0 {
		i++
	}
	if i == len(p.bookmarks) || p.bookmarks[i].version != b.version {
		p.bookmarks = append(p.bookmarks, b)
		copy(p.bookmarks[i+1:], p.bookmarks[i:])
	}
	p.bookmarks[i] = b
	if len(p.bookmarks) > maxBookmarks { // a load then reads up to twice as many pages
		kept := p.bookmarks[:0]
		for i := 0; i < maxBookmarks; i += 2 {
			kept = append(kept, p.bookmarks[i])
		}
		p.bookmarks = append(kept, p.bookmarks[maxBookmarks])
	}
}

const maxBookmarks = 1000

// linkAt returns the link from which a load gets to the version: of the last bookmark that is not below it, or, with above, of the
// last but so many that are above it. "" is the newest page.
func (c *Conversation) linkAt(version string, above int) string {
	bookmarks := c.pages.bookmarks
	n := 0
	for n < len(bookmarks) {
		if order := chatcore.CompareIDs(bookmarks[n].version, version); order < 0 || order == 0 && above > 0 {
			break
		}
		n++
	}
	if above > 0 {
		n -= above - 1
	}
	if n <= 0 {
		return ""
	}
	return bookmarks[n-1].link
}
