package chatcore

// network is what a client knows about the network.
type network struct {
	offline      bool // the browser says so
	isUnreliable bool // there was an answer all the same: WebViews and VPNs report it wrongly
}

// SetOnline tells whether the browser takes itself to be online. While it does not, attempts wait for a change, or for
// MaxDelayMs of the call's RetryOptions.
func (c *Client) SetOnline(now Instant, online bool) {
	defer c.releaseWaiting(now)
	c.network.offline = !online
	for call := c.first; online && call != nil; {
		next := call.after
		if call.isPausing() && (call.networkDeadline != 0 || call.offlineFailures > 0) {
			call.offlineFailures = 0
			call.resume(now)
		}
		call = next
	}
}

func (n *network) noteAnswer() { n.isUnreliable = n.isUnreliable || n.offline }

// waitIfOffline tells whether the call has to wait for the network, and makes it wait.
func (c *Call) waitIfOffline(now Instant) bool {
	n := c.client.network
	if !n.offline || n.isUnreliable || c.client.endpoint.isLocal() {
		c.networkDeadline = 0
		return false
	}
	until := c.networkDeadline
	if until == 0 {
		until = now + Instant(c.options.Retry.MaxDelayMs)
	}
	if now >= until {
		c.networkDeadline = 0 // it tries anyway
		return false
	}
	c.wait(until)
	if c.totalDeadline != 0 {
		c.step.Deadline = min(until, c.totalDeadline)
	}
	c.networkDeadline = until
	return true
}

// failedOffline tells whether an attempt failed without an answer while the browser was offline. Such a failure uses up no retry.
func (c *Call) failedOffline(e *Error) bool { return c.client.network.offline && e.Status == 0 }
