//go:build !js

package chatcore_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"acschat/chatcore"
	"acschat/emulator"
)

// tab is a client in a page, and that client's driver.
type tab struct {
	w      *world
	page   *window
	number int
	client *chatcore.Client
	scope  string // of its access tokens
	jobs   []*job // by the number of the call
	closed bool
	next   *tab // that came in its place
	vainly int  // when it last asked for a token and got no valid one
	edits  map[string]bool
}

// uuid makes one of a version, 7 with the machine's time of day in it.
func (w *world) uuid(version byte) string {
	text := []byte(fmt.Sprintf("%012x%020x", w.unixMs(), w.random.Uint64()))
	if version == '4' {
		copy(text, fmt.Sprintf("%016x", w.random.Uint64()))
	}
	text[12], text[16] = version, "89ab"[w.random.IntN(4)]
	return strings.Join([]string{string(text[:8]), string(text[8:12]), string(text[12:16]), string(text[16:20]), string(text[20:])}, "-")
}

// pump performs what the client wants to be done.
func (t *tab) pump() {
	for call := t.client.Next(); call != nil; call = t.client.Next() {
		t.perform(t.jobs[call.ID()-1])
	}
}

func (t *tab) perform(j *job) {
	step := *j.call.Step()
	if x := j.latest(); x != nil && x.number != step.Number {
		x.end()
	}
	switch step.Kind {
	case chatcore.NeedToken:
		t.askForToken(step.Flight)
	case chatcore.NeedLock:
		t.lock(j, step)
	case chatcore.Send:
		t.send(j, step)
	case chatcore.Done, chatcore.Failed:
		t.w.ended(j, step)
		return
	}
	t.arm(j, step.Number, step.Deadline)
}

// arm sets the timer of a step. Timers are late, now and then.
func (t *tab) arm(j *job, number int, deadline chatcore.Instant) {
	late := 0
	if t.w.chance(0.1) {
		late = t.w.random.IntN(300)
	}
	t.page.here(int(deadline-t.w.instant())+late, func() {
		switch now := t.w.instant(); {
		case j.call.Step().Number != number:
		case now < deadline: // the clock stood still
			t.arm(j, number, deadline)
		default:
			x := j.latest()
			j.call.Elapsed(now)
			if step := j.call.Step(); step.Number == number { // its deadline has moved
				t.arm(j, number, step.Deadline)
			} else if x != nil && x.number == number {
				x.missedBy = int(now - deadline)
			}
			t.pump()
		}
	})
}

// askForToken is the token callback.
func (t *tab) askForToken(flight int) {
	w := t.w
	ms := w.way()
	answer := func(name string, do func()) {
		t.page.here(ms, func() {
			w.tell("the token callback: %s", name)
			do()
			t.pump()
		})
	}
	life := pick(w, 20, 100, 600, 86400)
	if !w.chance(w.trouble()) {
		answer("a token", func() { t.client.Token(w.instant(), flight, w.token(life, t.scope)) })
		return
	}
	t.vainly = w.now
	switch {
	case w.chance(0.4):
		answer("an old token", func() { t.client.Token(w.instant(), flight, w.token(-life, t.scope)) })
	case w.chance(0.3):
		answer("no token", func() { t.client.Token(w.instant(), flight, "") })
	case w.chance(0.5):
		answer("failed", func() { t.client.TokenFailed(w.instant(), flight, errors.New("no token")) })
	} // or it never answers
}

// token makes a token for me that lives for so many seconds of the service's.
func (w *world) token(seconds int, scope string) string { return w.tokenOf(w.me.Token, seconds, scope) }

// tokenOf makes a token for the user of another. It need not be new when a client gets it.
func (w *world) tokenOf(token string, seconds int, scope string) string {
	head, signed, _ := strings.Cut(token, ".")
	signed, _, _ = strings.Cut(signed, ".")
	payload, _ := base64.RawURLEncoding.DecodeString(signed)
	text, _, _ := strings.Cut(string(payload), `"iat":`)
	text = strings.Replace(text, `"acsScope":"chat"`, `"acsScope":"`+scope+`"`, 1)
	now := int(w.serviceTime().Unix())
	expires := now + seconds
	issued := min(now, expires) - pick(w, 0, 0, 600)
	signed = head + "." + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `%s"iat":%d,"exp":%d}`, text, issued, expires))
	key, _ := base64.StdEncoding.DecodeString(emulator.DefaultAccessKey)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// current is the client, or what came in its place.
func (t *tab) current() *tab {
	for t.next != nil {
		t = t.next
	}
	return t
}
