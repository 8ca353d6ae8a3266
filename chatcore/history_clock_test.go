//go:build !js

package chatcore_test

const msPerMinute = 60_000

// smallClockErrorMs is the most that the time of day may be wrong in histories where the monotonic clock is wrong too. The
// client tolerates an error of this size.
const smallClockErrorMs = 15_000

// setClock sets the machine's time of day wrong by some seconds or many minutes.
func (w *world) setClock() {
	wall := w.between(-smallClockErrorMs, smallClockErrorMs)
	if !w.machine.clockStopsAsleep && w.chance(0.5) {
		wall = w.between(-20*msPerMinute, 20*msPerMinute)
	}
	w.setClockTo(wall)
}

func (w *world) setClockTo(wall int) {
	w.machine.wallErrorMs = wall
	w.machine.maxWallErrorMs = max(w.machine.maxWallErrorMs, wall, -wall)
	w.logf("the time of day is wrong by %+d", wall)
}

// fastClock makes a token while the clock is fast. Then the clock is corrected and others send many messages. At about the time
// in the token, another page sends the message with it again.
func (w *world) fastClock(d *driver) {
	fast := w.between(2*msPerMinute, 20*msPerMinute)
	w.setClockTo(fast)
	j := w.newJob("sendMessage")
	j.options.Idempotent = false
	j.token = w.uuid('7')
	if w.chance(0.3) {
		j.firstFault = pick(w, "answer lost", "late")
	}
	w.afterWake(w.random.IntN(2000), func() { w.start(j, d.current()) })
	w.after(w.between(3000, 15_000), func() { w.setClockTo(w.between(-smallClockErrorMs, smallClockErrorMs)) })
	w.thread.bulkMessages = 120
	w.after(w.between(4000, 40_000), func() { w.postMany(w.thread.bulkMessages) })
	again := w.between(fast/2, fast+10*msPerMinute)
	w.after(again, func() { w.postMany(1) })
	w.afterWake(again, func() {
		if d = d.current(); d.page.leftAt < 0 {
			w.reload(d)
		}
		w.afterWake(3000, func() { w.start(w.repeat(j), d.current()) })
	})
}
