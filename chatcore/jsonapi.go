package chatcore

// Method is a client method with values in JSON, for drivers that connect another language: name(threadId, messageId, request,
// options). It has the ids in IDs, and a request unless Argument is empty.
type Method struct {
	Name     string
	IDs      []string
	Argument string // name of the request
	Optional bool   // the request is optional
	List     bool   // the method returns a list: each call returns one page
	Live     bool   // the list has no end: a call returns when something has changed
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

// Call returns a call of the method. Request and options are JSON, or empty if they are missing. A call of a list method returns one page:
// the first one, or the one at nextLink. If the arguments are bad, the call fails when it starts.
func (m Method) Call(c *Client, ids [2]string, request, options, nextLink string) *Call {
	var body model
	if m.op.newRequest != nil {
		body = m.op.newRequest()
	}
	o := methodOptions{op: m.op}
	if m.List {
		o.request = body
	}
	err := o.decode(options)
	if err == nil && m.Argument != "" && (request != "" || !m.Optional) {
		err = m.op.decode(m.Argument, request, body)
	}
	if err != nil {
		return c.addCall(&Call{op: m.op}, err)
	}
	if nextLink != "" {
		setNextPage(body, nextLink)
	}
	return c.newCall(m.op, ids, body, o.CallOptions)
}
