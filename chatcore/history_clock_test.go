//go:build !js

package chatcore_test

const minute = 60_000

// fewSeconds is by how much the time of day may be wrong where the other clock may be wrong, too: by less than the client
// allows for.
const fewSeconds = 15_000

// setClock sets the machine's time of day, by a few seconds or by many minutes.
func (w *world) setClock() {
	wall := w.between(-fewSeconds, fewSeconds)
	if !w.machine.stops && w.chance(0.5) {
		wall = w.between(-20*minute, 20*minute)
	}
	w.setClockTo(wall)
}

func (w *world) setClockTo(wall int) {
	w.machine.wall = wall
	w.machine.wrong = max(w.machine.wrong, wall, -wall)
	w.tell("the time of day is set to %+d", wall)
}

// fastClock has a token made while the clock is fast. The clock is then set right, others send many messages, and when the
// time has come that the token tells, another page takes it up, whether or not the message was sent.
func (w *world) fastClock(t *tab) {
	fast := w.between(2*minute, 20*minute)
	w.setClockTo(fast)
	j := w.newJob("sendMessage")
	j.options.Idempotent = false
	j.token = w.uuid('7')
	if w.chance(0.3) {
		j.unlucky = pick(w, "answer lost", "late")
	}
	w.here(w.random.IntN(2000), func() { w.start(j, t.current()) })
	w.after(w.between(3000, 15_000), func() { w.setClockTo(w.between(-fewSeconds, fewSeconds)) })
	w.room.flood = 120
	w.after(w.between(4000, 40_000), func() { w.pour(w.room.flood) })
	again := w.between(fast/2, fast+10*minute)
	w.after(again, func() { w.pour(1) })
	w.here(again, func() {
		if t = t.current(); t.page.leftAt < 0 {
			w.reload(t)
		}
		w.here(3000, func() { w.start(w.again(j), t.current()) })
	})
}
