package chatcore

// The service returns lists in pages. The NextLink of a page is the URL of the next page. As NextLink of the options it replaces all other
// options, and the client requests it unchanged. The client refuses links to other origins than the endpoint's, because the
// token goes along.

// ListChatThreadsOptions are the options of List Chat Threads.
type ListChatThreadsOptions struct {
	MaxPageSize int      // 0: the service decides
	StartTime   DateTime // list threads since this time
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
	MaxPageSize int      // at most 200; 0: the service decides
	StartTime   DateTime // list messages since this time
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
	Skip        int // skip this many participants at the beginning
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
	Skip        int // skip this many receipts at the beginning
	NextLink    string
}

func (o *ListChatReadReceiptsOptions) fields(to []field) []field {
	return (*ListChatParticipantsOptions)(o).fields(to)
}

// setNextPage sets the NextLink of a list's options.
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

// JSON returns the page as JSON. It always has value.
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

// JSON returns the page as JSON. It always has value.
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

// JSON returns the page as JSON. It always has value.
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

// JSON returns the page as JSON. It always has value.
func (page *ChatMessageReadReceiptsCollection) JSON() string { return encode(page) }

// checkPage returns what is wrong with a page. An empty list is a page, a missing one is not.
func checkPage(none bool) string {
	if none {
		return "value is missing"
	}
	return ""
}
