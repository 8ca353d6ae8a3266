package chatcore

// The lists of the service come in pages. A page's NextLink, where there is one, is the address of the next page, made by
// the service; as the NextLink of the options it is followed as it stands, in place of all other options, and only on the
// endpoint's own origin, since the token goes there.

// ListChatThreadsOptions are the options of List Chat Threads.
type ListChatThreadsOptions struct {
	MaxPageSize int      // 0 leaves it to the service
	StartTime   DateTime // the earliest of the threads to list
	NextLink    string
}

func (o *ListChatThreadsOptions) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "maxPageSize", value: &o.MaxPageSize, rule: positive},
		{name: "startTime", value: &o.StartTime},
		{name: "nextLink", value: &o.NextLink, rule: nextPage},
	}...)
}

// ListChatMessagesOptions are the options of List Chat Messages.
type ListChatMessagesOptions struct {
	MaxPageSize int      // at most 200; 0 leaves it to the service
	StartTime   DateTime // the earliest of the messages to list
	NextLink    string
}

func (o *ListChatMessagesOptions) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "maxPageSize", value: &o.MaxPageSize, rule: positive, limit: maxMessages},
		{name: "startTime", value: &o.StartTime},
		{name: "nextLink", value: &o.NextLink, rule: nextPage},
	}...)
}

// maxMessages is the documented limit of a page of messages.
const maxMessages = 200

// ListChatParticipantsOptions are the options of List Chat Participants.
type ListChatParticipantsOptions struct {
	MaxPageSize int // 0 leaves it to the service
	Skip        int // so many participants are left out at the beginning
	NextLink    string
}

func (o *ListChatParticipantsOptions) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "maxPageSize", value: &o.MaxPageSize, rule: positive},
		{name: "skip", value: &o.Skip},
		{name: "nextLink", value: &o.NextLink, rule: nextPage},
	}...)
}

// ListChatReadReceiptsOptions are the options of List Chat Read Receipts.
type ListChatReadReceiptsOptions struct {
	MaxPageSize int // 0 leaves it to the service
	Skip        int // so many receipts are left out at the beginning
	NextLink    string
}

func (o *ListChatReadReceiptsOptions) fields(to []field) []field {
	return (*ListChatParticipantsOptions)(o).fields(to)
}

// setNextPage puts the address of the next page among the fields of a list's options.
func setNextPage(m model, nextLink string) {
	for _, f := range m.fields(nil) {
		if f.rule.isNextLink() {
			*f.value.(*string) = nextLink
		}
	}
}

// ChatThreadsItemCollection is a page of threads.
//
// REST: ChatThreadsItemCollection.
type ChatThreadsItemCollection struct {
	Value    []ChatThreadItem
	NextLink string // empty on the last page
}

func (page *ChatThreadsItemCollection) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "value", nested: listOf[ChatThreadItem, *ChatThreadItem]{&page.Value}, rule: alwaysWritten},
		{name: "nextLink", value: &page.NextLink},
	}...)
}

func (page *ChatThreadsItemCollection) check() string { return checkPage(page.Value == nil) }

// JSON returns the page as pages see it; value is always there.
func (page *ChatThreadsItemCollection) JSON() string { return encode(page) }

// ChatMessagesCollection is a page of messages, the newest first.
//
// REST: ChatMessagesCollection.
type ChatMessagesCollection struct {
	Value    []ChatMessage
	NextLink string // empty on the last page
}

func (page *ChatMessagesCollection) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "value", nested: listOf[ChatMessage, *ChatMessage]{&page.Value}, rule: alwaysWritten},
		{name: "nextLink", value: &page.NextLink},
	}...)
}

func (page *ChatMessagesCollection) check() string { return checkPage(page.Value == nil) }

// JSON returns the page as pages see it; value is always there.
func (page *ChatMessagesCollection) JSON() string { return encode(page) }

// ChatParticipantsCollection is a page of participants.
//
// REST: ChatParticipantsCollection.
type ChatParticipantsCollection struct {
	Value    []ChatParticipant
	NextLink string // empty on the last page
}

func (page *ChatParticipantsCollection) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "value", nested: participants{&page.Value}, rule: alwaysWritten},
		{name: "nextLink", value: &page.NextLink},
	}...)
}

func (page *ChatParticipantsCollection) check() string { return checkPage(page.Value == nil) }

// JSON returns the page as pages see it; value is always there.
func (page *ChatParticipantsCollection) JSON() string { return encode(page) }

// ChatMessageReadReceiptsCollection is a page of read receipts.
//
// REST: ChatMessageReadReceiptsCollection.
type ChatMessageReadReceiptsCollection struct {
	Value    []ChatMessageReadReceipt
	NextLink string // empty on the last page
}

func (page *ChatMessageReadReceiptsCollection) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "value", nested: listOf[ChatMessageReadReceipt, *ChatMessageReadReceipt]{&page.Value}, rule: alwaysWritten},
		{name: "nextLink", value: &page.NextLink},
	}...)
}

func (page *ChatMessageReadReceiptsCollection) check() string { return checkPage(page.Value == nil) }

// JSON returns the page as pages see it; value is always there.
func (page *ChatMessageReadReceiptsCollection) JSON() string { return encode(page) }

// checkPage tells a page without items from an answer that is none.
func checkPage(none bool) string {
	if none {
		return "value is missing"
	}
	return ""
}
