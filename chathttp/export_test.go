package chathttp

import "acschat/chatcore"

// MessageChanges is for tests.
var MessageChanges = messageChanges

// ForgetSends makes new clients begin without what the process has sent. Each test in virtual time begins at the same time, so that what
// earlier ones have sent would lie in the future.
func ForgetSends() { memory = chatcore.NewSendMemory() }
