package chatcore

// Method is a client method as a page calls it, with JSON texts for values: name(threadId, request, options), where
// ThreadID tells whether there is the first argument. It serves drivers that have values of another language.
type Method struct {
	Name     string
	ThreadID bool
	op       *operation
}

// Methods are the methods of a client.
var Methods = []Method{
	{createThread.name, createThread.inThread, createThread},
	{addParticipants.name, addParticipants.inThread, addParticipants},
	{sendMessage.name, sendMessage.inThread, sendMessage},
}

// Call makes a call of the method. An empty options text stands for none. Bad arguments make a call that fails when
// it starts.
func (m Method) Call(c *Client, threadID, request, options string) *Call {
	o, err := m.op.decodeCallOptions(options)
	body := m.op.newRequest()
	if err == nil {
		err = m.op.decode("request", request, body)
	}
	if err != nil {
		return c.addCall(&Call{op: m.op}, err)
	}
	return c.newCall(m.op, threadID, body, o)
}
