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
type driver struct {
	w             *world
	page          *browserPage
	number        int
	client        *chatcore.Client
	scope         string // of its access tokens
	jobs          []*job // by the number of the call
	closed        bool
	replacement   *driver // that came in its place
	tokenFailedAt int     // when it last asked for a token and got no valid one
	knownMessages map[string]bool
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
func (d *driver) pump() {
	for call := d.client.Next(); call != nil; call = d.client.Next() {
		d.perform(d.jobs[call.ID()-1])
	}
}

func (d *driver) perform(j *job) {
	step := *j.call.Step()
	if x := j.lastExchange(); x != nil && x.number != step.Number {
		x.end()
	}
	switch step.Kind {
	case chatcore.NeedToken:
		d.askForToken(step.Flight)
	case chatcore.NeedLock:
		d.requestLock(j, step)
	case chatcore.Send:
		d.send(j, step)
	case chatcore.Done, chatcore.Failed:
		d.w.callEnded(j, step)
		return
	}
	d.arm(j, step.Number, step.Deadline)
}

// arm sets the timer of a step. Timers are late, now and then.
func (d *driver) arm(j *job, number int, deadline chatcore.Instant) {
	late := 0
	if d.w.chance(0.1) {
		late = d.w.random.IntN(300)
	}
	d.page.after(int(deadline-d.w.instant())+late, func() {
		switch now := d.w.instant(); {
		case j.call.Step().Number != number:
		case now < deadline: // the clock stood still
			d.arm(j, number, deadline)
		default:
			x := j.lastExchange()
			j.call.Elapsed(now)
			if step := j.call.Step(); step.Number == number { // its deadline has moved
				d.arm(j, number, step.Deadline)
			} else if x != nil && x.number == number {
				x.timerLateMs = int(now - deadline)
			}
			d.pump()
		}
	})
}

// askForToken is the token callback.
func (d *driver) askForToken(flight int) {
	w := d.w
	ms := w.delayMs()
	answer := func(name string, do func()) {
		d.page.after(ms, func() {
			w.logf("the token callback: %s", name)
			do()
			d.pump()
		})
	}
	life := pick(w, 20, 100, 600, 86400)
	if !w.chance(w.faultRate()) {
		answer("a token", func() { d.client.Token(w.instant(), flight, w.myAccessToken(life, d.scope)) })
		return
	}
	d.tokenFailedAt = w.now
	switch {
	case w.chance(0.4):
		answer("an old token", func() { d.client.Token(w.instant(), flight, w.myAccessToken(-life, d.scope)) })
	case w.chance(0.3):
		answer("no token", func() { d.client.Token(w.instant(), flight, "") })
	case w.chance(0.5):
		answer("failed", func() { d.client.TokenFailed(w.instant(), flight, errors.New("no token")) })
	} // or it never answers
}

// token makes a token for me that lives for so many seconds of the service's.
func (w *world) myAccessToken(seconds int, scope string) string {
	return w.accessTokenFor(w.me.Token, seconds, scope)
}

// tokenOf makes a token for the user of another. It need not be new when a client gets it.
func (w *world) accessTokenFor(token string, seconds int, scope string) string {
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
func (d *driver) current() *driver {
	for d.replacement != nil {
		d = d.replacement
	}
	return d
}
