package chatcore

// network is what a client knows about the network.
type network struct {
	offline      bool // as the browser reports it
	isUnreliable bool // a response arrived although the browser was offline, as in some WebViews and with some VPNs
}

// HasServer tells whether the client sends its requests to a server. At an endpoint under .invalid only an emulator in the page answers,
// which works while the browser is offline.
func (c *Client) HasServer() bool { return c.endpoint.hasServer() }

// SetOnline tells the client whether the browser reports to be online. While it does not, calls wait before they send: until it does,
// at most for MaxDelayMs of their RetryOptions.
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

// waitIfOffline tells whether the browser is offline. If so, it makes the call wait.
func (c *Call) waitIfOffline(now Instant) bool {
	n := c.client.network
	if !n.offline || n.isUnreliable || c.client.endpoint.isLocal() || !c.client.HasServer() {
		c.networkDeadline = 0
		return false
	}
	until := c.networkDeadline
	if until == 0 {
		until = now + Instant(c.options.Retry.MaxDelayMs)
	}
	if now >= until {
		c.networkDeadline = 0 // try anyway
		return false
	}
	c.wait(until)
	if c.totalDeadline != 0 {
		c.step.Deadline = min(until, c.totalDeadline)
	}
	c.networkDeadline = until
	return true
}

// failedOffline tells whether an attempt got no response while the browser was offline. Such a failure does not count as a retry.
func (c *Call) failedOffline(e *Error) bool { return c.client.network.offline && e.Status == 0 }
