//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// chatError is the JavaScript class ChatError. With chat.js it is the class that chat.js exports, otherwise one defined in Go.
var chatError js.Value

// thrown is a value that JavaScript threw, or that a promise was rejected with. It may have any type.
type thrown struct{ value js.Value }

func (t thrown) Error() string {
	text := typeOf(t.value) // used if the conversion to a string throws
	if text != "undefined" && text != "symbol" {
		_ = try(func() {
			if whole := jsString.Invoke(t.value); stringLength(whole) > maxLength {
				text = "a very long text"
			} else {
				text = whole.String()
			}
		})
	}
	return text
}

// try runs f. If JavaScript throws meanwhile, it returns the thrown value as an error.
func try(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(js.Error)
			if !ok {
				panic(r)
			}
			err = thrown{e.Value}
		}
	}()
	f()
	return nil
}

// newChatError returns the ChatError for an error. An error that is not a [*chatcore.Error] becomes an InternalError.
func newChatError(err error) js.Value {
	e, ok := err.(*chatcore.Error)
	if !ok {
		e = panicError(err)
	}
	space := ""
	if e.Hint != "" && e.Reason != 0 {
		space = " "
	}
	e.Hint, e.Reason = e.Hint+space+hints[e.Reason], 0
	text := e.JSON()
	cause := js.Undefined()
	switch goCause := e.Cause.(type) {
	case thrown:
		cause = goCause.value
	case *chatcore.Error:
		cause = newChatError(goCause)
	}
	if cause.IsUndefined() {
		return chatError.New(e.Message, parseJSON.Invoke(text))
	}
	// The JSON text makes `cause` an own property. Set alone could call an inherited setter.
	fields := parseJSON.Invoke(text[:len(text)-1] + `,"cause":null}`)
	fields.Set("cause", cause)
	return chatError.New(e.Message, fields)
}

// rejectOnPanic recovers from a panic and rejects the promise with it. Call it with defer.
func rejectOnPanic(promise int) {
	if r := recover(); r != nil {
		currentHost.reject(promise, newChatError(panicError(r)))
	}
}

// panicError returns an InternalError for a recovered panic.
func panicError(r any) *chatcore.Error {
	var cause error
	message := "panic"
	switch r := r.(type) {
	case js.Error:
		cause = thrown{r.Value}
	case error:
		cause = r
	case string:
		message = r
	}
	if cause != nil {
		message = cause.Error()
	}
	return chatcore.NewInternalError(message, cause)
}
