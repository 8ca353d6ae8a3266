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

// driver is a client in a page and drives its calls.
type driver struct {
	w             *world
	page          *browserPage
	number        int
	client        *chatcore.Client
	scope         string // of the client's access tokens
	jobs          []*job // by call id
	closed        bool
	replacement   *driver         // the client that continues its sends after a reload
	tokenFailedAt int             // when the token callback last gave no valid token
	knownMessages map[string]bool // messages whose idempotency token the client knows
}

// uuid returns a UUID of version 4 or 7. Version 7 contains the machine's time of day.
func (w *world) uuid(version byte) string {
	text := []byte(fmt.Sprintf("%012x%020x", w.unixMs(), w.random.Uint64()))
	if version == '4' {
		copy(text, fmt.Sprintf("%016x", w.random.Uint64()))
	}
	text[12], text[16] = version, "89ab"[w.random.IntN(4)]
	return strings.Join([]string{string(text[:8]), string(text[8:12]), string(text[12:16]), string(text[16:20]), string(text[20:])}, "-")
}

// pump performs the steps of all calls that Next returns.
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

// arm sets the timer of a step. Some timers are late.
func (d *driver) arm(j *job, number int, deadline chatcore.Instant) {
	late := 0
	if d.w.chance(0.1) {
		late = d.w.random.IntN(300)
	}
	d.page.after(int(deadline-d.w.instant())+late, func() {
		switch now := d.w.instant(); {
		case j.call.Step().Number != number:
		case now < deadline: // the clock stood still while the machine slept
			d.arm(j, number, deadline)
		default:
			x := j.lastExchange()
			j.call.Elapsed(now)
			if step := j.call.Step(); step.Number == number { // the deadline has moved
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
		answer("an expired token", func() { d.client.Token(w.instant(), flight, w.myAccessToken(-life, d.scope)) })
	case w.chance(0.3):
		answer("an empty token", func() { d.client.Token(w.instant(), flight, "") })
	case w.chance(0.5):
		answer("failed", func() { d.client.TokenFailed(w.instant(), flight, errors.New("no token")) })
	} // else the callback never settles
}

// myAccessToken returns an access token of w.me that is valid for so many seconds.
func (w *world) myAccessToken(seconds int, scope string) string {
	return w.accessTokenFor(w.me.Token, seconds, scope)
}

// accessTokenFor returns an access token for the user of another token. It may have been issued some time ago.
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

// current returns the client that continues this one's sends, or this one.
func (d *driver) current() *driver {
	for d.replacement != nil {
		d = d.replacement
	}
	return d
}
