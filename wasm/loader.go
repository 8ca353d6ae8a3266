//go:build js && wasm

package main

import (
	"runtime"
	"syscall/js"
	"unsafe"

	"acschat/chatcore"
)

// loader is what chat.js does for the bridge. All of it could be done from here, and is where there is no loader, but every
// object and string of JavaScript's that Go holds costs more than what is done with it. So the loader keeps the promises
// and carries out the exchanges, and texts cross the border through the program's memory.
type loader struct {
	resolvePromise, rejectPromise             js.Value // of a number
	beginExchange, abortExchange, headerField js.Value
	heldLocks                                 js.Value // a Set of the functions that release them
}

var (
	loaded *loader // nil where there is none
	given  []byte  // what the loader writes for the next function of the program that it calls
)

// maxGiven is what of that is kept: more than most texts take.
const maxGiven = 1 << 18

// methodNames are the names of the client's methods, in their order, with spaces between them.
var methodNames string

func init() {
	for i, m := range chatcore.Methods {
		if i > 0 {
			methodNames += " "
		}
		methodNames += m.Name
	}
}

// newLoader takes up what the loader brings, and gives it what it calls beside the exported functions.
func newLoader(published js.Value) *loader {
	published.Set("unread", js.FuncOf(func(_ js.Value, args []js.Value) any {
		answered(args[0].Int(), args[1].Int(), "", thrown{args[2]})
		return nil
	}))
	published.Set("unanswered", js.FuncOf(func(_ js.Value, args []js.Value) any {
		unanswered(args[0].Int(), args[1])
		return nil
	}))
	published.Set("methods", methodNames)
	published.Set("callMethod", callMethod.function())
	published.Set("closeClient", callClose.function())
	return &loader{
		published.Get("resolvePromise"), published.Get("rejectPromise"),
		published.Get("beginExchange"), published.Get("abortExchange"), published.Get("headerField"),
		published.Get("heldLocks"),
	}
}

// room returns where the loader may write so many bytes, or nothing if they are too many: they would enlarge Go's memory for
// good.
//
//go:wasmexport acschat.room
func room(bytes int32) unsafe.Pointer {
	if bytes < 0 || bytes > chatcore.MaxResponseBytes {
		return nil
	}
	if given == nil || len(given) < int(bytes) {
		given = make([]byte, max(bytes, 1)) // also nothing has its place
	}
	return unsafe.Pointer(unsafe.SliceData(given))
}

// take returns what the loader has written as texts, of these lengths, but for negative ones.
func take(lengths ...int32) (texts []string) {
	at := given
	for _, n := range lengths {
		if n < 0 {
			break
		}
		texts = append(texts, string(at[:n]))
		at = at[n:]
	}
	if len(given) > maxGiven {
		given = nil
	}
	return texts
}

// createClientWithText makes a client of options that are data, and returns its id. It refuses, with 0, what createClient is to
// be called for, such as to learn what is wrong.
//
//go:wasmexport acschat.create
func createClientWithText(length int32) (id int32) {
	defer func() {
		if recover() != nil {
			id = 0
		}
	}()
	text := take(length)[0]
	if namesPageOption(text) {
		return 0
	}
	c, err := newClient(text, pageOptions{})
	if err != nil {
		return 0
	}
	return int32(c.id)
}

// callMethodWithTexts calls a method for a promise that the loader keeps, with up to four arguments. Those that have their bit
// in objects are JSON. It refuses what callMethod is to be called for.
//
//go:wasmexport acschat.call
func callMethodWithTexts(id, method, number, objects, length0, length1, length2, length3 int32) (taken bool) {
	texts, m := take(length0, length1, length2, length3), chatcore.Methods[method]
	c := clients[int(id)]
	a, ok := readTexts(m, texts, int(objects))
	if c == nil || m.List || !ok {
		return false
	}
	taken = true
	promise := deferred{number: int(number)}
	defer promise.refusePanic()
	c.start(m, a, "", promise)
	return taken
}

// yield lets Go's collector and finalizers run, which the other exported functions do not. A collection that drags on makes
// everything slower.
//
//go:wasmexport acschat.yield
func yield() { runtime.Gosched() }

// answer tells of the response of an exchange.
//
//go:wasmexport acschat.answer
func answer(key, status, length int32) {
	text, err := "", chatcore.ErrTooLong
	if length >= 0 {
		text, err = take(length)[0], nil
	}
	answered(int(key), int(status), text, err)
}

// begin gives the body apart from the rest, which is JSON: the body in it would have to be escaped.
func (l *loader) begin(key, number int, fetch js.Value, r chatcore.Request) {
	url, body := r.URL, r.Body
	r.Body = ""
	init := r.FetchInit()
	l.beginExchange.Invoke(key, number, fetch, address(url), len(url), address(init), len(init), address(body), len(body))
	runtime.KeepAlive(url)
	runtime.KeepAlive(init)
	runtime.KeepAlive(body)
}

func (l *loader) abort(key int) { l.abortExchange.Invoke(key) }

func (l *loader) header(name string) js.Value { return l.headerField.Invoke(name) }

// address is where the loader can read a text.
func address(text string) int { return int(uintptr(unsafe.Pointer(unsafe.StringData(text)))) }
