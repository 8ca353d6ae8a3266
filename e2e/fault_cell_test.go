//go:build !js

package e2e

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// cell is one call with one fault, against its own emulator.
type cell struct {
	Operation string
	Options   string // of the client, in JavaScript
	Endpoint  string
	Token     string
	ThreadID  string
	MessageID string // of a message that the user has sent before

	row      faultRow
	want     string
	emulator *emulator.Emulator
	requests atomic.Int64 // without preflights and lookups
	lookups  atomic.Int64
}

// outcome is the result or the error of a call in the page.
type outcome struct {
	Resolved bool
	ID       string
	Error    struct {
		Code, Message, ServiceCode, IdempotencyToken string
		Status, RetryAfterMs, Attempts               int
		Cause                                        struct {
			Code   string
			Status int
		}
	}
	Asked        []bool // forceRefresh of each call of the token callback
	Milliseconds float64
}

// newCell adds the faults of a row for an operation. "sendMessage once" is sendMessage with an idempotency token.
func newCell(t *testing.T, row faultRow, operation, want string) *cell {
	em := emulator.New(emulator.Options{})
	user := em.NewUser()
	c := &cell{Operation: operation, Options: row.options, Token: user.Token, row: row, want: want, emulator: em}
	post := func(path, body string) {
		request := httptest.NewRequest(http.MethodPost, "/chat/threads"+path+"?api-version=2025-03-15", strings.NewReader(body))
		request.Header.Set("Authorization", "Bearer "+user.Token)
		request.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		em.ServeHTTP(answer, request)
		require.Equal(t, http.StatusCreated, answer.Code, answer.Body)
	}
	post("", `{"topic":"Before"}`)
	c.ThreadID = em.Threads()[0].ID
	post("/"+c.ThreadID+"/messages", `{"content":"before"}`)
	c.MessageID = c.message().ID

	for _, rule := range row.rules {
		if rule.Operation == "" {
			rule.Operation = strings.TrimSuffix(operation, " once")
		}
		em.Fail(rule)
	}
	// While a fault exists, the emulator closes the connection after every answer, so that the browser cannot repeat a POST by itself. Nobody calls
	// this operation.
	em.Fail(emulator.Rule{Operation: "deleteIdentity", Status: 500})
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	c.Endpoint = server.URL
	return c
}

func (c *cell) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && c.once() {
		c.lookups.Add(1)
	} else if r.Method != http.MethodOptions && c.requests.Add(1) == 1 && c.row.gateway != nil {
		c.row.gateway(w, r, c.emulator)
		return
	}
	c.emulator.ServeHTTP(w, r)
}

// gateway answers a request instead of the service.
type gateway func(w http.ResponseWriter, r *http.Request, service http.Handler)

// portal answers with its own page, as the network of a hotel does.
func portal(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Content-Type", "text/html")
	_, _ = w.Write([]byte("<h1>Welcome to the hotel</h1>"))
}

// halved passes on the service's answer with only the first half of its body.
func halved(w http.ResponseWriter, r *http.Request, service http.Handler) {
	answer := httptest.NewRecorder()
	service.ServeHTTP(answer, r)
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()[:answer.Body.Len()/2])
}

// nowhere does the same, without the header Location.
func nowhere(w http.ResponseWriter, r *http.Request, service http.Handler) {
	halved(w, r, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		service.ServeHTTP(w, r)
		w.Header().Del("Location")
	}))
}

func (c *cell) once() bool { return c.Operation == "sendMessage once" }

// message returns the message that newCell has sent.
func (c *cell) message() emulator.Message { return c.emulator.Threads()[0].Messages[2] }

const settleMs = 300

// call makes the calls in the page, up to 48 at a time.
func (tab *tab) call(cells []*cell) (outcomes []outcome) {
	tab.t.Helper()
	text, err := json.Marshal(cells)
	require.NoError(tab.t, err)
	tab.evaluate(fmt.Sprintf(`(async (cells) => {
		const { createClient } = await import("./chat.js");
		const act = {
			createThread: async (client) => (await client.createThread({ topic: "Lunch" })).chatThread.id,
			getMessage: async (client, { ThreadID, MessageID }) => (await client.getMessage(ThreadID, MessageID)).id,
			listMessages: async (client, { ThreadID }) => {
				let id;
				for await (const message of client.listMessages(ThreadID)) id ??= message.id;
				return id;
			},
			updateMessage: (client, { ThreadID, MessageID }) => client.updateMessage(ThreadID, MessageID, { content: "after" }),
			deleteMessage: (client, { ThreadID, MessageID }) => client.deleteMessage(ThreadID, MessageID),
			sendTypingNotification: (client, { ThreadID }) => client.sendTypingNotification(ThreadID),
			sendMessage: async (client, { ThreadID }) => (await client.sendMessage(ThreadID, { content: "after" })).id,
			"sendMessage once": async (client, { ThreadID }) => (await client.sendMessage(ThreadID, { content: "after" }, { idempotencyToken: true })).id,
		};
		const run = async (cell) => {
			const asked = [];
			const token = ({ forceRefresh }) => { asked.push(forceRefresh); return cell.Token; };
			const options = { token, retry: { baseDelayMs: 20 }, settleMs: %d, ...new Function("cell", "return {" + cell.Options + "}")(cell) };
			const client = createClient({ endpoint: cell.Endpoint, ...options });
			const begun = performance.now();
			const outcome = await act[cell.Operation](client, cell).then(
				(id) => ({ resolved: true, id }),
				({ message, cause, ...error }) => ({ error: { message, cause: { code: cause?.code, status: cause?.status }, ...error } }),
			);
			client.close();
			return { ...outcome, asked, milliseconds: Math.ceil(performance.now() - begun) };
		};
		const outcomes = [], left = cells.entries();
		const work = async () => { for (const [i, cell] of left) outcomes[i] = await run(cell); };
		await Promise.all(Array.from({ length: 48 }, work));
		return outcomes;
	})(%s)`, settleMs, text), &outcomes)
	require.Len(tab.t, outcomes, len(cells))
	return outcomes
}

// check compares the outcome in the page with the expected one, and with what the emulator stored.
func (c *cell) check(t *testing.T, got outcome) {
	row, e := c.row, got.Error
	verdict := e.Code
	if got.Resolved {
		verdict = "resolves"
	}
	assert.Equal(t, c.want, fmt.Sprint(verdict, " ", c.requests.Load()), "%+v", got)
	if lookups := c.lookups.Load(); row.lookups != 0 && c.once() {
		assert.EqualValues(t, row.lookups, lookups)
	} else if lookups > 0 {
		assert.GreaterOrEqual(t, got.Milliseconds, settleMs*float64(max(c.requests.Load()-1, 0)), "milliseconds; nothing is sent again within settleMs")
	}
	asked := row.asked
	if asked == nil {
		asked = []bool{false}
	}
	assert.Equal(t, asked, got.Asked)

	if done, isVisible := c.done(); isVisible {
		if got.Resolved || row.done {
			require.Len(t, done, 1)
		} else {
			require.Empty(t, done)
		}
		if got.Resolved && got.ID != "" {
			assert.Equal(t, done[0].id, got.ID)
		}
		if len(done) == 1 && e.Code == "DeliveryUnknown" {
			assert.Equal(t, done[0].token, e.IdempotencyToken)
		}
	}
	if got.Resolved {
		assert.GreaterOrEqual(t, got.Milliseconds, float64(row.leastMs))
		if row.mostMs != 0 {
			assert.Less(t, got.Milliseconds, float64(row.mostMs))
		}
		return
	}
	if row.status != 0 {
		assert.Equal(t, row.status, cmp.Or(e.Status, e.Cause.Status))
	}
	if row.serviceCode != "" {
		assert.Equal(t, row.serviceCode, e.ServiceCode)
	}
	assert.Equal(t, row.retryMs, e.RetryAfterMs)
	if e.Code == "DeliveryUnknown" {
		assert.NotEmpty(t, e.Cause.Code)
		assert.Equal(t, c.once(), e.IdempotencyToken != "")
	}
}

// deed is one effect of a call on the emulator.
type deed struct{ id, token string }

// done returns all effects of the call, and whether the operation has any that can be seen.
func (c *cell) done() (done []deed, isVisible bool) {
	threads := c.emulator.Threads()
	before, after := c.message(), threads[0].Messages[3:]
	switch {
	case c.Operation == "createThread":
		for _, thread := range threads[1:] {
			done = append(done, deed{id: thread.ID})
		}
	case strings.HasPrefix(c.Operation, "sendMessage"):
		for _, message := range after {
			done = append(done, deed{message.ID, message.Metadata["acschat.idempotencyToken"]})
		}
	case c.Operation == "updateMessage" && before.Content.Message == "after", c.Operation == "deleteMessage" && !before.DeletedOn.IsZero():
		done = []deed{{id: before.ID}}
	}
	return done, !slices.Contains([]string{"getMessage", "listMessages", "sendTypingNotification"}, c.Operation)
}
