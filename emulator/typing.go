package emulator

import "net/http"

// sendTypingNotification is the REST operation Send Typing Notification. It has no effect that a REST operation could
// show: the service tells the other participants over a connection that the emulator does not have.
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
	if _, failure := em.findSmallThread(c); failure != nil {
		return response{}, failure
	}
	return response{status: http.StatusOK}, nil
}
