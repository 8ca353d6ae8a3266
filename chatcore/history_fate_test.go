//go:build !js

package chatcore_test

import "fmt"

// weather is how a history's network, service and people are.
type weather struct {
	trouble           float64 // of exchanges that are not simply answered
	slow              int     // most milliseconds of a way
	settleMs          int     // how late requests may arrive, and what clients know of it
	hides             bool    // messages are not visible at once
	editsDropMetadata bool
	skew              int // of the service's clock

}

func (w *world) forecast() weather {
	return weather{
		trouble:           pick(w, 0.1, 0.3, 0.5, 0.7),
		slow:              pick(w, 50, 300, 2000),
		settleMs:          pick(w, 5000, 5000, 5000, w.between(1, 8000), 0),
		hides:             w.chance(0.4),
		editsDropMetadata: w.chance(0.5),
		skew:              w.between(-300_000, 300_000),
	}
}

// fate is what happens to one exchange.
type fate struct {
	there, back int  // milliseconds of each way, or until the connection breaks
	lost        bool // the request never arrives
	late        bool // it arrives when the client has given up
	answerLost  bool
	silent      bool // that it broke is not told
	status      int  // in place of the service's own answer
	after       bool // when the work is done
	body        string
	retryAfter  int    // seconds
	readable    bool   // so that the client sees them
	spoil       string // of the body
	noLocation  bool
	hidden      int // milliseconds for which a message is not visible
}

func (f fate) String() string {
	text := fmt.Sprintf("%d+%d ms", f.there, f.back)
	for _, word := range []struct {
		is   bool
		text string
	}{
		{f.lost, "lost"}, {f.late, "late"}, {f.answerLost, "answer lost"}, {f.silent, "silent"}, {f.status != 0 && !f.after, fmt.Sprint(f.status)},
		{f.after, fmt.Sprint(f.status, " after the work")}, {f.retryAfter != 0, fmt.Sprint("Retry-After ", f.retryAfter, " readable ", f.readable)},
		{f.spoil != "", "body " + f.spoil}, {f.noLocation, "no Location"}, {f.hidden != 0, fmt.Sprint("hidden for ", f.hidden)},
	} {
		if word.is {
			text += ", " + word.text
		}
	}
	return text
}

// draw draws the fate of an exchange.
func (w *world) draw(x *exchange) fate {
	f := fate{there: w.random.IntN(w.weather.slow), back: w.random.IntN(w.weather.slow), silent: w.chance(0.3)}
	sends := x.job.op == "sendMessage" && x.request.Method == "POST"
	if sends && w.weather.hides && w.weather.settleMs > 1 && w.chance(0.5) {
		f.hidden = w.between(1, w.weather.settleMs-1)
	}
	if sends && x.job.unlucky != "" {
		f.late, f.answerLost = x.job.unlucky == "late", x.job.unlucky == "answer lost"
		x.job.unlucky = ""
		return f
	}
	if !w.chance(w.weather.trouble) {
		return f
	}
	switch w.random.IntN(12) {
	case 0, 1:
		f.lost = true
	case 2, 3:
		f.late = true
	case 4, 5:
		f.answerLost = true
	case 6, 7:
		f.status, f.after = pick(w, 408, 500, 502, 503, 504, 520), w.chance(0.6)
		if f.status == 503 && w.chance(0.5) {
			f.retryAfter, f.readable = w.between(1, 5), w.chance(0.5)
		}
	case 8:
		f.status, f.retryAfter, f.readable = 429, w.between(0, 5), w.chance(0.5)
	case 9:
		f.status = 401
	case 10:
		f.spoil, f.noLocation = pick(w, "cut", "html"), w.chance(0.6)
	case 11: // an instance that knows nothing yet of the thread, or of who is in it
		if sends || x.request.Method == "GET" {
			f.status = pick(w, 403, 404)
		}
	}
	if f.status != 0 {
		f.body = pick(w, "", `{"error":{"code":"C","message":"M"}}`, "<html>")
	}
	return f
}
