//go:build !js

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAnswersOfIntermediaries checks answers that a proxy has changed after the message was stored: with another status, and with the id in the
// body, in Location or nowhere. With an id the send succeeds; without an id it is DeliveryUnknown.
func TestAnswersOfIntermediaries(t *testing.T) {
	site := newSite(t)
	site.through(t, func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		site.emulator.ServeHTTP(answer, r)
		header := w.Header()
		for name, values := range answer.Header() {
			header[name] = values
		}
		status, err := strconv.Atoi(r.Header.Get("x-status"))
		if err != nil { // not from the page, or a lookup
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes())
			return
		}
		header.Del("Content-Length")
		where := r.Header.Get("x-where")
		if where != "location" {
			header.Del("Location")
		}
		w.WriteHeader(status)
		if where == "body" {
			_, _ = w.Write(answer.Body.Bytes())
		}
	})
	p := programOf(t, site, "")
	tab := p.open(t)
	type answer struct {
		Status int    `json:"status"`
		Where  string `json:"where"` // where the id is
		Token  string `json:"token"` // also the content
		Has    bool   `json:"has"`   // whether the message has the token
	}
	var answers []answer
	for _, status := range []int{200, 202, 204, 302} {
		for _, where := range []string{"location", "body", "nowhere"} {
			for _, has := range []bool{true, false} {
				if status != 204 || where != "body" {
					answers = append(answers, answer{status, where, foreignTokens(1)[0], has})
				}
			}
		}
	}
	var got []sendResult
	text, err := json.Marshal(answers)
	require.NoError(t, err)
	tab.evaluate(fmt.Sprintf(`((threadId, answers) => Promise.all(answers.map(({ status, where, token, has }) => {
		const c = make({ fetch: async (url, init) => {
			if (init.method !== "POST") return fetch(url, init);
			const answered = await fetch(url, { ...init, headers: { ...init.headers, "x-status": status === 302 ? 200 : status, "x-where": where } });
			return status === 302 ? new Response(await answered.text(), { status, headers: answered.headers }) : answered;
		} });
		return resultOf(c.sendMessage(threadId, { content: token }, has ? { idempotencyToken: token } : {}));
	})))(%q, %s)`, p.threadID, text), &got)
	require.Len(t, got, len(answers))
	for i, a := range answers {
		t.Run(fmt.Sprintf("%d, id in %s, with a token: %t", a.Status, a.Where, a.Has), func(t *testing.T) {
			ids := p.sent(a.Token)
			require.Len(t, ids, 1)
			if a.Has || a.Status < 300 && a.Where != "nowhere" {
				assert.Equal(t, ids[0], got[i].ID, "%+v", got[i])
			} else {
				assert.Equal(t, "DeliveryUnknown", got[i].Code, "%+v", got[i])
			}
		})
	}
	tab.requireQuiet()
}
