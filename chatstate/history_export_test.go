package chatstate

import "acschat/chatcore"

// WaitsFor tells whether the conversation takes up how a call ends.
func (c *Conversation) WaitsFor(call *chatcore.Call) bool { return c.calls[call] != nil }
