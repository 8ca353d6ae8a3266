//go:build js && wasm

package main

import (
	"runtime"
	"strconv"
	"syscall/js"
	"unsafe"

	"acschat/chatcore"
)

// loader is the host for pages that use chat.js. The class Border of chat.js does the work: it has a function for every method of host.
// A JavaScript object or string that Go holds costs more than the work that is done with it, so texts cross in the program's memory, and
// everything else stays in chat.js.
type loader struct{ border js.Value }

// The functions of Border.
var (
	borderResolve, borderReject, borderRejectAborted, borderListenForAbort, borderReportExchange, borderStartFetch js.Value
	borderAbortFetch, borderHeader, borderRequestToken, borderAbortTokenRequest, borderSetTimer, borderClearTimer  js.Value
)

// borderFunction is where a function of chat.js is kept.
type borderFunction struct {
	target *js.Value
	name   string
}

var borderFunctions = [...]borderFunction{
	{&borderResolve, "resolve"}, {&borderReject, "reject"}, {&borderRejectAborted, "rejectAborted"}, {&borderListenForAbort, "listenForAbort"},
	{&borderReportExchange, "reportExchange"}, {&borderStartFetch, "startFetch"}, {&borderAbortFetch, "abortFetch"}, {&borderHeader, "header"},
	{&borderRequestToken, "requestToken"}, {&borderAbortTokenRequest, "abortTokenRequest"}, {&borderSetTimer, "setTimer"}, {&borderClearTimer, "clearTimer"},
}

// newLoader binds the functions of Border, and gives Border the methods that a client has.
func newLoader(border js.Value) *loader {
	for _, f := range borderFunctions {
		*f.target = border.Get(f.name)
	}
	methods := "["
	for i, m := range chatcore.Methods {
		if i > 0 {
			methods += ","
		}
		methods += `{"name":"` + m.Name + `","options":` + strconv.Itoa(m.OptionsIndex()) + `,"isList":` + strconv.FormatBool(m.List) + `,"isLive":` + strconv.FormatBool(m.Live) + `}`
	}
	border.Set("methods", methods+"]")
	return &loader{border}
}

// textBuffer is where chat.js writes a text for the exported function that it calls next.
var textBuffer []byte

// keptBufferBytes is the largest textBuffer that is kept for the next text. Most texts are shorter.
const keptBufferBytes = 1 << 18

// room returns the address of textBuffer with room for so many bytes, or nil if they are too many. WebAssembly memory never shrinks.
//
//go:wasmexport acschat.room
func room(bytes int32) unsafe.Pointer {
	if bytes < 0 || bytes > chatcore.MaxResponseBytes {
		return nil
	}
	if textBuffer == nil || len(textBuffer) < int(bytes) {
		textBuffer = make([]byte, max(bytes, 1)) // an empty text needs an address, too
	}
	return unsafe.Pointer(unsafe.SliceData(textBuffer))
}

// takeText returns the text that chat.js wrote. A negative length means that room had none.
func takeText(length int32) string {
	if length < 0 {
		return "!long "
	}
	text := string(textBuffer[:length])
	if len(textBuffer) > keptBufferBytes {
		textBuffer = nil
	}
	return text
}

//go:wasmexport acschat.create
func loaderCreate(promiseID, attached, length int32) {
	defer rejectOnPanic(int(promiseID))
	id, err := newClient(newArguments(takeText(length), int(attached)))
	if err != nil {
		currentHost.reject(int(promiseID), newChatError(err))
		return
	}
	currentHost.resolve(int(promiseID), strconv.Itoa(id))
}

//go:wasmexport acschat.call
func loaderCall(clientID, method, promiseID, attached, length int32) {
	invoke(int(clientID), int(method), int(promiseID), newArguments(takeText(length), int(attached)))
}

//go:wasmexport acschat.iterate
func loaderIterate(clientID, method, byPage, attached, length int32) int32 {
	text := takeText(length)
	if length < 0 {
		text = "\n" + text // the first line is for the settings of byPage
	}
	return int32(newIteration(int(clientID), int(method), byPage != 0, newArguments(text, int(attached))))
}

//go:wasmexport acschat.next
func loaderNext(iterationID, promiseID, isAborted int32) {
	next(int(iterationID), int(promiseID), isAborted != 0)
}

//go:wasmexport acschat.leave
func loaderLeave(iterationID int32) { leave(int(iterationID)) }

//go:wasmexport acschat.abort
func loaderAbort(promiseID int32) { abort(int(promiseID), errAborted) }

//go:wasmexport acschat.close
func loaderClose(clientID int32) { closeClient(int(clientID)) }

// loaderUserID resolves a promise with the raw id of the client's user, or with undefined if that is not known.
//
//go:wasmexport acschat.userID
func loaderUserID(clientID, promiseID int32) {
	json := ""
	if c := clients[int(clientID)]; c != nil && c.core.UserID() != "" {
		json = chatcore.JSONString(c.core.UserID())
	}
	currentHost.resolve(int(promiseID), json)
}

// loaderWake takes one text: the version, a line break, and the thread's ID.
//
//go:wasmexport acschat.wake
func loaderWake(clientID, length int32) {
	text := takeText(length)
	for i := range len(text) {
		if text[i] == '\n' {
			wake(int(clientID), text[i+1:], text[:i])
			return
		}
	}
}

//go:wasmexport acschat.token
func loaderTokenSettled(clientID, flight, failed int32) {
	tokenSettled(int(clientID), int(flight), failed != 0)
}

// loaderFetchSettled takes the outcome of a fetch. The status is negative if there is no response. The length is -1 if the body is too
// long, and -2 if reading it threw.
//
//go:wasmexport acschat.answer
func loaderFetchSettled(promiseID, step, status, length int32) {
	switch {
	case status < 0:
		fetchFailed(int(promiseID), int(step))
	case length >= 0:
		responseReceived(int(promiseID), int(step), int(status), takeText(length), nil)
	case length == -1:
		responseReceived(int(promiseID), int(step), int(status), "", chatcore.ErrTooLong)
	default:
		responseReceived(int(promiseID), int(step), int(status), "", thrown{currentHost.passedValue()})
	}
}

// yield lets Go's garbage collector and finalizers run, which the other exported functions do not. While a collection is unfinished,
// everything is slower.
//
//go:wasmexport acschat.yield
func yield() { runtime.Gosched() }

func (l *loader) resolve(promiseID int, json string) {
	borderResolve.Invoke(promiseID, address(json), len(json))
	runtime.KeepAlive(json)
}

func (l *loader) reportExchange(promiseID int, json string) {
	borderReportExchange.Invoke(promiseID, address(json), len(json))
	runtime.KeepAlive(json)
}

// startFetch passes one text: fetch's init as JSON, which is ASCII, the URL, and the body. The body is not in the JSON, where it would
// have to be escaped. chat.js needs the positions of URL and body in UTF-16 code units.
func (l *loader) startFetch(promiseID, step int, isSend bool, r chatcore.Request) {
	init := fetchInit(r)
	text := init + r.URL + r.Body
	borderStartFetch.Invoke(promiseID, step, isSend, address(text), len(init), len(init)+utf16Length(r.URL), len(text))
	runtime.KeepAlive(text)
}

// utf16Length counts UTF-16 code units. A nextLink from the service may contain more than ASCII.
func utf16Length(text string) (n int) {
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

// address returns where chat.js can read a text. The caller keeps the text alive.
func address(text string) int { return int(uintptr(unsafe.Pointer(unsafe.StringData(text)))) }

func (l *loader) reject(promiseID int, reason js.Value) { borderReject.Invoke(promiseID, reason) }
func (l *loader) rejectAborted(promiseID int)           { borderRejectAborted.Invoke(promiseID) }
func (l *loader) listenForAbort(promiseID int)          { borderListenForAbort.Invoke(promiseID) }
func (l *loader) abortFetch(promiseID int)              { borderAbortFetch.Invoke(promiseID) }
func (l *loader) header(name string) js.Value           { return borderHeader.Invoke(name) }
func (l *loader) passedValue() js.Value                 { return l.border.Get("passedValue") }
func (l *loader) abortTokenRequest(clientID int)        { borderAbortTokenRequest.Invoke(clientID) }
func (l *loader) setTimer(ms int)                       { borderSetTimer.Invoke(ms) }
func (l *loader) clearTimer()                           { borderClearTimer.Invoke() }

func (l *loader) requestToken(clientID, flight int, forceRefresh bool) {
	borderRequestToken.Invoke(clientID, flight, forceRefresh)
}

func (l *loader) trackLock(release js.Value, isHeld bool) {
	change := "delete"
	if isHeld {
		change = "add"
	}
	l.border.Get("heldLocks").Call(change, release)
}
