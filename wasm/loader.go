//go:build js && wasm

package main

import (
	"runtime"
	"strconv"
	"syscall/js"
	"unsafe"

	"acschat/chatcore"
)

// loader is the host where there is chat.js: its class Border has a function for each of the methods, in the fields of that name.
// Every object and string of JavaScript's that Go holds costs more than what is done with it, so texts cross through the program's
// memory, and what is not data stays in chat.js.
type loader struct {
	border    js.Value
	functions [len(borderFunctions)]js.Value
}

// The functions of Border, by their places in borderFunctions.
const (
	fulfil = iota
	refuse
	refuseAborted
	listen
	report
	begin
	stop
	headerOf
	askToken
	stopAsking
	arm
	disarm
)

var borderFunctions = [...]string{"fulfil", "refuse", "refuseAborted", "listen", "report", "begin", "stop", "header", "askToken", "stopAsking", "arm", "disarm"}

// written is what chat.js writes for the exported function that it calls next.
var written []byte

// maxWritten is how much of that memory is kept for the next text. Most texts take less.
const maxWritten = 1 << 18

// newLoader takes up what chat.js brings, and gives it what it needs beside the exported functions.
func newLoader(border js.Value) *loader {
	l := &loader{border: border}
	for i, name := range borderFunctions {
		l.functions[i] = border.Get(name)
	}
	methods := "["
	for i, m := range chatcore.Methods {
		if i > 0 {
			methods += ","
		}
		methods += `{"name":"` + m.Name + `","options":` + strconv.Itoa(m.OptionsIndex()) + `,"isList":` + strconv.FormatBool(m.List) + `,"isLive":` + strconv.FormatBool(m.Live) + `}`
	}
	border.Set("methods", methods+"]")
	return l
}

// room returns where chat.js may write so many bytes, or nothing if they are too many: they would enlarge Go's memory for good.
//
//go:wasmexport acschat.room
func room(bytes int32) unsafe.Pointer {
	if bytes < 0 || bytes > chatcore.MaxResponseBytes {
		return nil
	}
	if written == nil || len(written) < int(bytes) {
		written = make([]byte, max(bytes, 1)) // also nothing has its place
	}
	return unsafe.Pointer(unsafe.SliceData(written))
}

// take returns the text of that length that chat.js has written.
func take(length int32) string {
	if length < 0 { // it was too long
		return "!long "
	}
	text := string(written[:length])
	if len(written) > maxWritten {
		written = nil
	}
	return text
}

//go:wasmexport acschat.create
func createOfLoader(promise, attached, length int32) {
	defer refusePanic(int(promise))
	id, err := newClient(argumentsOf(take(length), int(attached)))
	if err != nil {
		current.refuse(int(promise), newChatError(err))
		return
	}
	current.fulfil(int(promise), strconv.Itoa(id))
}

//go:wasmexport acschat.call
func callOfLoader(client, method, promise, attached, length int32) {
	invoke(int(client), int(method), int(promise), argumentsOf(take(length), int(attached)))
}

//go:wasmexport acschat.iterate
func iterateOfLoader(client, method, byPage, attached, length int32) int32 {
	text := take(length)
	if length < 0 {
		text = "\n" + text // not the settings
	}
	return int32(iterate(int(client), int(method), byPage != 0, argumentsOf(text, int(attached))))
}

//go:wasmexport acschat.next
func nextOfLoader(list, promise, isAborted int32) { next(int(list), int(promise), isAborted != 0) }

//go:wasmexport acschat.leave
func leaveOfLoader(list int32) { leave(int(list)) }

//go:wasmexport acschat.abort
func abortOfLoader(promise int32) { abort(int(promise), errAborted) }

//go:wasmexport acschat.close
func closeOfLoader(client int32) { closeClient(int(client)) }

//go:wasmexport acschat.elapsed
func elapsedOfLoader() { elapsed() }

//go:wasmexport acschat.token
func tokenOfLoader(client, flight, failed int32) {
	tokenGiven(int(client), int(flight), failed != 0)
}

// answerOfLoader tells of the end of an exchange. A negative status is that of none, a negative length is that of a text that is
// too long or, where something was thrown, that cannot be read.
//
//go:wasmexport acschat.answer
func answerOfLoader(promise, step, status, length int32) {
	switch {
	case status < 0:
		unanswered(int(promise), int(step))
	case length >= 0:
		answered(int(promise), int(step), int(status), take(length), nil)
	case length == -1:
		answered(int(promise), int(step), int(status), "", chatcore.ErrTooLong)
	default:
		answered(int(promise), int(step), int(status), "", thrown{current.thrown()})
	}
}

// yield lets Go's collector and finalizers run, which the other exported functions do not. A collection that drags on makes
// everything slower.
//
//go:wasmexport acschat.yield
func yield() { runtime.Gosched() }

func (l *loader) fulfil(promise int, text string) {
	l.functions[fulfil].Invoke(promise, address(text), len(text))
	runtime.KeepAlive(text)
}

func (l *loader) report(promise int, exchange string) {
	l.functions[report].Invoke(promise, address(exchange), len(exchange))
	runtime.KeepAlive(exchange)
}

// begin gives one text: the init as JSON, which is ASCII, the URL, and the body, which in JSON would have to be escaped. chat.js
// counts units of UTF-16.
func (l *loader) begin(promise, step int, isSend bool, r chatcore.Request) {
	url, body := r.URL, r.Body
	r.Body = ""
	init := r.FetchInit()
	text := init + url + body
	l.functions[begin].Invoke(promise, step, isSend, address(text), len(init), len(init)+units(url), len(text))
	runtime.KeepAlive(text)
}

// units returns the length of a text in UTF-16. A nextLink of the service's may be more than ASCII.
func units(text string) (n int) {
	for i := range len(text) {
		if text[i] < 0x80 || text[i] >= 0xc0 {
			n++
		}
		if text[i] >= 0xf0 {
			n++
		}
	}
	return n
}

// address is where chat.js can read a text.
func address(text string) int { return int(uintptr(unsafe.Pointer(unsafe.StringData(text)))) }

func (l *loader) refuse(promise int, reason js.Value) { l.functions[refuse].Invoke(promise, reason) }
func (l *loader) refuseAborted(promise int)           { l.functions[refuseAborted].Invoke(promise) }
func (l *loader) listen(promise int)                  { l.functions[listen].Invoke(promise) }
func (l *loader) stop(promise int)                    { l.functions[stop].Invoke(promise) }
func (l *loader) header(name string) js.Value         { return l.functions[headerOf].Invoke(name) }
func (l *loader) thrown() js.Value                    { return l.border.Get("thrown") }
func (l *loader) stopAsking(client int)               { l.functions[stopAsking].Invoke(client) }
func (l *loader) arm(ms int)                          { l.functions[arm].Invoke(ms) }
func (l *loader) disarm()                             { l.functions[disarm].Invoke() }

func (l *loader) askToken(client, flight int, forceRefresh bool) {
	l.functions[askToken].Invoke(client, flight, forceRefresh)
}

func (l *loader) holdLock(release js.Value, isHeld bool) {
	change := "delete"
	if isHeld {
		change = "add"
	}
	l.border.Get("heldLocks").Call(change, release)
}
