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

// tab is a page with a client of its own, and that client's driver.
type tab struct {
	w      *world
	client *chatcore.Client
	jobs   []*job // by the number of the call
	closed bool
	gone   bool // the page was left: nothing happens in it any more
	next   *tab // that came in its place
	edits  map[string]bool
}

// open opens a page.
func (w *world) open() *tab {
	t := &tab{w: w, edits: map[string]bool{}}
	o := chatcore.Options{
		Endpoint: histOrigin, Made: w.instant(), TokenCallback: w.chance(0.5), UnixMs: w.unixMs, Random: w.random.Uint32,
		NewUUID: func() string { return w.uuid('4') }, NewIdempotencyToken: func() string { return w.uuid('7') },
		CallOptions: chatcore.CallOptions{SettleMs: &w.weather.settleMs},
	}
	if !o.TokenCallback {
		o.Token = w.me.Token
	}
	var err error
	if t.client, err = chatcore.NewClient(o); err != nil {
		panic(err)
	}
	w.tabs = append(w.tabs, t)
	w.tell("a page opens, %d", len(w.tabs))
	return t
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
		j.release = t.w.locks.Request(step.Lock, func(waited bool) {
			t.w.here(0, func() {
				if !t.gone {
					j.call.Locked(t.w.instant(), step.Number, waited)
					t.pump()
				}
			})
		})
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
	t.w.here(int(deadline-t.w.instant())+late, func() {
		switch now := t.w.instant(); {
		case t.gone || j.call.Step().Number != number:
		case now < deadline: // the clock stood still
			t.arm(j, number, deadline)
		default:
			j.call.Elapsed(now)
			t.pump()
		}
	})
}

// askForToken is the token callback.
func (t *tab) askForToken(flight int) {
	w := t.w
	ms := w.random.IntN(w.weather.slow)
	answer := func(name string, do func()) {
		w.here(ms, func() {
			if !t.gone {
				w.tell("the token callback: %s", name)
				do()
				t.pump()
			}
		})
	}
	life := pick(w, 20, 100, 600, 86400)
	switch {
	case !w.chance(w.weather.trouble):
		answer("a token", func() { t.client.Token(w.instant(), flight, w.token(life)) })
	case w.chance(0.4):
		answer("an old token", func() { t.client.Token(w.instant(), flight, w.token(-life)) })
	case w.chance(0.3):
		answer("no token", func() { t.client.Token(w.instant(), flight, "") })
	case w.chance(0.5):
		answer("failed", func() { t.client.TokenFailed(w.instant(), flight, errors.New("no token")) })
	} // or it never answers
}

// token makes a token for me that lives for so many seconds of the service's.
func (w *world) token(seconds int) string {
	expiry := int(w.serviceTime().Unix()) + seconds
	signed, _, _ := strings.Cut(w.me.Token[strings.IndexByte(w.me.Token, '.')+1:], ".")
	payload, _ := base64.RawURLEncoding.DecodeString(signed)
	head, _, _ := strings.Cut(w.me.Token, ".")
	text, _, _ := strings.Cut(string(payload), `"exp":`)
	signed = head + "." + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `%s"exp":%d}`, text, expiry))
	key, _ := base64.StdEncoding.DecodeString(emulator.DefaultAccessKey)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// leave ends the page: what its calls were about nobody will tell. Their requests end, too.
func (t *tab) leave() {
	t.gone = true
	for _, j := range t.jobs {
		if !j.over() {
			j.abandoned = true
			j.unlock()
			j.endedAt = t.w.now
			if x := j.latest(); x != nil {
				x.end()
			}
		}
	}
}

// current is the page, or what came in its place.
func (t *tab) current() *tab {
	for t.next != nil {
		t = t.next
	}
	return t
}
