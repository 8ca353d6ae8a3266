package chatcore

// Method is a client method as a page calls it, with JSON texts for values: name(threadId, messageId, request, options),
// with as many ids as IDs names, and a request where Argument is not empty. It serves drivers that have values of another
// language.
type Method struct {
	Name     string
	IDs      []string
	Argument string // what pages call the request
	Optional bool   // the request may be missing
	List     bool   // its results are pages, one call each
	Live     bool   // a list that has no end: its pages come when there is something new
	op       *operation
}

// Methods are the methods of a client.
var Methods = methodsOf(
	createThread, listThreads, getThread, updateThread, deleteThread,
	sendMessage, listMessages, getMessage, updateMessage, deleteMessage,
	addParticipants, listParticipants, removeParticipant,
	sendTypingNotification, sendReadReceipt, listReadReceipts,
	watchMessages,
)

func methodsOf(operations ...*operation) []Method {
	methods := make([]Method, len(operations))
	for i, op := range operations {
		m := Method{Name: op.name, IDs: pathIDNames[:op.idCount], Argument: op.requestName, Optional: op.requestOptional, op: op}
		if m.List = op.isList(); m.List {
			m.Argument = ""
		}
		m.Live = op.live
		methods[i] = m
	}
	return methods
}

// Call makes a call of the method. An empty text stands for a request or options that are missing. Of a list it is a call
// for one page: the first, or the one that the nextLink of the page before leads to. Bad arguments make a call that
// fails when it starts.
func (m Method) Call(c *Client, at [2]string, request, options, nextLink string) *Call {
	var body model
	if m.op.newRequest != nil {
		body = m.op.newRequest()
	}
	own := methodOptions{op: m.op}
	if m.List {
		own.request = body
	}
	err := own.decode(options)
	if err == nil && m.Argument != "" && (request != "" || !m.Optional) {
		err = m.op.decode(m.Argument, request, body)
	}
	if err != nil {
		return c.addCall(&Call{op: m.op}, err)
	}
	if nextLink != "" {
		setNextPage(body, nextLink)
	}
	return c.newCall(m.op, at, body, own.CallOptions)
}
