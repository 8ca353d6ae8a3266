//go:build !js

package chatcore_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"acschat/chatcore"
)

// job is a call, and what the checks know about it.
type job struct {
	number     int
	op         string
	driver     *driver
	thread     *threadModel
	call       *chatcore.Call
	token      string // idempotency token
	messageID  string // the message it reads or changes
	userID     string // the participant it adds or removes
	content    string
	options    chatcore.CallOptions
	firstFault string   // name of its first attempt's fault
	watcher    *watcher // the watch it is a call of

	onFirstSend func() // runs when its first attempt is sent
	onStored    func() // runs when its message is stored

	startedAt         int
	endedAt           int
	startedClosed     bool // started on a closed client
	abandoned         bool
	aborted           bool
	release           func() // releases its lock
	lockName          string
	lockWaitedAt      int           // when its page last waited for this lock
	step              chatcore.Step // the last step
	exchanges         []*exchange
	clientKnowsToken  bool // its client knows the idempotency token of the message it edits
	threadIDs         []string
	userWasOut        bool // userID was not in the thread at some time during the call
	threadWasDeleted  bool // when the call ended
	messageWasDeleted bool // when the call ended
	resumption        *job // the job that repeats it after a reload
}

func (j *job) isOver() bool { return j.step.Kind != 0 || j.abandoned }

func (j *job) lastExchange() *exchange {
	if len(j.exchanges) == 0 {
		return nil
	}
	return j.exchanges[len(j.exchanges)-1]
}

// wasServed reports whether the service had carried out the job when its call ended.
func (j *job) wasServed() bool { return j.wasServedBefore(j.endedAt) }

func (j *job) wasServedBefore(ms int) bool {
	return slices.ContainsFunc(j.attempts(), func(x *exchange) bool {
		return x.serviceStatus != 0 && x.serviceStatus < 300 && x.servedAt <= ms
	})
}

// attempts returns the exchanges without lookups and confirmation requests.
func (j *job) attempts() (attempts []*exchange) {
	for _, x := range j.exchanges {
		if !x.isLookup() {
			attempts = append(attempts, x)
		}
	}
	return attempts
}

// totalTimeoutMs returns the call's time limit.
func (j *job) totalTimeoutMs() int { return cmp.Or(j.options.TotalTimeoutMs, 120_000) }

// target returns what a write changes. A client sends its writes to one target one after another.
func (j *job) target() string {
	switch j.op {
	case "updateMessage", "deleteMessage":
		return "message " + j.messageID
	case "updateThread", "deleteThread":
		return "thread"
	case "addParticipants", "removeParticipant":
		return "participants"
	case "sendReadReceipt":
		return "receipt"
	}
	return ""
}

// isWrite reports whether the job changes something.
func (j *job) isWrite() bool {
	return j.target() != "" || slices.Contains([]string{"sendMessage", "createThread", "sendTypingNotification"}, j.op)
}

func (j *job) err() *chatcore.Error {
	e, _ := j.step.Err.(*chatcore.Error)
	return e
}

func (j *job) isDone() bool { return j.step.Kind == chatcore.Done }

// operationWeights say how often each operation occurs.
var operationWeights = []struct {
	op     string
	weight int
}{
	{"sendMessage", 40}, {"createThread", 5}, {"listThreads", 1}, {"getThread", 1}, {"updateThread", 2}, {"deleteThread", 3},
	{"listMessages", 1}, {"getMessage", 1}, {"updateMessage", 3}, {"deleteMessage", 2}, {"addParticipants", 2}, {"listParticipants", 1},
	{"removeParticipant", 3}, {"sendTypingNotification", 2}, {"sendReadReceipt", 1}, {"listReadReceipts", 1}, {"watchMessages", 1},
}

func (w *world) drawOp() string {
	total := 0
	for _, o := range operationWeights {
		total += o.weight
	}
	n := w.random.IntN(total)
	for _, o := range operationWeights {
		if n -= o.weight; n < 0 {
			return o.op
		}
	}
	return ""
}

// newJob draws the arguments and options of a call.
func (w *world) newJob(op string) *job {
	w.messageCount++
	j := &job{op: op, thread: w.thread, content: "m" + strconv.Itoa(w.messageCount), messageID: w.thread.myMessage, userID: pick(w, w.third.ID, w.other.ID, w.me.ID)}
	j.options = chatcore.CallOptions{
		TimeoutMs:      pick(w, 0, w.between(200, 4000), w.between(200, 4000)),
		TotalTimeoutMs: pick(w, 0, w.between(1000, 30_000)),
		Retry: pick(w, nil, nil, &chatcore.RetryOptions{},
			&chatcore.RetryOptions{MaxRetries: w.between(1, 4), BaseDelayMs: w.between(0, 2000), MaxDelayMs: w.between(0, 10_000)}),
	}
	switch {
	case op == "deleteThread" && !w.chance(0.1):
		j.thread = w.newThread(w.other, w.me, w.third)
	case op == "sendMessage" && w.chance(0.55):
		j.token = w.uuid('7')
		if w.chance(0.2) {
			j.token = "a-token-of-its-own-" + j.content
		}
	case op == "sendMessage" && w.chance(0.5):
		j.options.Idempotent = true
	case op == "createThread" && w.chance(0.5):
		j.token = w.uuid('4')
	}
	return j
}

// repeat returns a new job that does the same.
func (w *world) repeat(j *job) *job {
	same := w.newJob(j.op)
	same.thread = j.thread
	same.token, same.content, same.options.Idempotent = j.token, j.content, false
	if e := j.err(); e != nil && j.options.Idempotent {
		same.token = e.IdempotencyToken
	}
	return same
}

// start starts the call of a job.
func (w *world) start(j *job, d *driver) {
	if d.page.leftAt >= 0 { // the page that replaces it is not open yet
		w.afterWake(100, func() { w.start(j, d.current()) })
		return
	}
	if d.page.frozen {
		d.page.after(0, func() { w.start(j, d) })
		return
	}
	w.jobs = append(w.jobs, j)
	j.number, j.driver, j.startedAt, j.startedClosed = len(w.jobs), d, w.now, d.closed
	j.options.IdempotencyToken = j.token
	j.call = j.newCall(d.client)
	d.jobs = append(d.jobs, j)
	w.logf("#%d %s %s in page %d, client %d: %s", j.number, j.op, j.content, d.page.number, d.number, j.describe())
	j.call.Start(w.instant())
	d.pump()
	if j.watcher == nil && (j.op == "watchMessages" || w.chance(0.2)) {
		d.page.after(w.random.IntN(6000), func() { w.abort(j) })
	}
}

func (j *job) describe() string {
	retry := "default"
	if r := j.options.Retry; r != nil {
		retry = fmt.Sprint(*r)
	}
	return fmt.Sprintf("token %q %v, timeout %d, total %d, retry %s", j.token, j.options.Idempotent, j.options.TimeoutMs, j.options.TotalTimeoutMs, retry)
}

func (j *job) newCall(c *chatcore.Client) *chatcore.Call {
	o, id := j.options, j.thread.id
	switch j.op {
	case "createThread":
		return c.CreateThread(chatcore.CreateChatThreadRequest{Topic: j.content}, o)
	case "listThreads":
		return c.ListThreads(chatcore.ListChatThreadsOptions{}, o)
	case "getThread":
		return c.GetThread(id, o)
	case "updateThread":
		return c.UpdateThread(id, chatcore.UpdateChatThreadRequest{Topic: j.content}, o)
	case "deleteThread":
		return c.DeleteThread(id, o)
	case "sendMessage":
		return c.SendMessage(id, chatcore.SendChatMessageRequest{Content: j.content}, o)
	case "listMessages":
		return c.ListMessages(id, chatcore.ListChatMessagesOptions{}, o)
	case "getMessage":
		return c.GetMessage(id, j.messageID, o)
	case "updateMessage":
		j.clientKnowsToken = j.driver.knownMessages[j.messageID]
		return c.UpdateMessage(id, j.messageID, chatcore.UpdateChatMessageRequest{Content: j.content}, o)
	case "deleteMessage":
		return c.DeleteMessage(id, j.messageID, o)
	case "addParticipants":
		return c.AddParticipants(id, chatcore.AddChatParticipantsRequest{Participants: []chatcore.ChatParticipant{
			{CommunicationIdentifier: chatcore.CommunicationIdentifierModel{RawID: j.userID}}}}, o)
	case "listParticipants":
		return c.ListParticipants(id, chatcore.ListChatParticipantsOptions{}, o)
	case "removeParticipant":
		return c.RemoveParticipant(id, chatcore.CommunicationIdentifierModel{RawID: j.userID}, o)
	case "sendTypingNotification":
		return c.SendTypingNotification(id, chatcore.SendTypingNotificationRequest{}, o)
	case "sendReadReceipt":
		return c.SendReadReceipt(id, chatcore.SendReadReceiptRequest{ChatMessageID: j.messageID}, o)
	case "listReadReceipts":
		return c.ListReadReceipts(id, chatcore.ListChatReadReceiptsOptions{}, o)
	}
	if j.watcher != nil {
		return c.WatchMessages(id, j.watcher.options(), o)
	}
	return c.WatchMessages(id, chatcore.WatchMessagesOptions{}, o)
}
