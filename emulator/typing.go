package emulator

import (
	"strconv"
)

// sendTypingNotification is the REST operation Send Typing Notification. It only checks the request: the service notifies
// the other participants over a real-time connection, which the emulator does not have.
func (em *Emulator) sendTypingNotification(c *call) (response, *communicationError) {
	if len(c.body) > 0 {
		body := c.readBody()
		body.string("senderDisplayName")
		if failure := body.problem(); failure != nil {
			return response{}, failure
		}
	}
	em.mu.Lock()
	defer em.mu.Unlock()
	thread, failure := em.findThread(c)
	if failure != nil {
		return response{}, failure
	}
	if thread.isLarge() {
		return response{}, forbidden("Typing notifications are not supported in chat threads with more than " +
			strconv.Itoa(maxParticipantsToNotify) + " participants.")
	}
	return response{status: statusOK}, nil
}
