//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// chatError is the class of every rejection: the loader's, or one defined here.
var chatError js.Value

// thrown is a value that JavaScript threw, or rejected a promise with. It may be anything.
type thrown struct{ value js.Value }

func (t thrown) Error() string {
	text := typeOf(t.value) // all that is certain of it
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

// try runs f and returns what JavaScript threw meanwhile, or nil.
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

// newChatError makes the JavaScript form of an error.
func newChatError(err error) js.Value {
	e, ok := err.(*chatcore.Error)
	if !ok {
		e = panicked(err)
	}
	e.Hint, e.Reason = e.Hint+hints[e.Reason], 0
	text := e.JSON()
	cause := js.Undefined()
	switch of := e.Cause.(type) {
	case thrown:
		cause = of.value
	case *chatcore.Error:
		cause = newChatError(of)
	}
	if cause.IsUndefined() {
		return chatError.New(e.Message, parseJSON.Invoke(text))
	}
	fields := parseJSON.Invoke(text[:len(text)-1] + `,"cause":null}`) // a property of its own, which one that is set may not become
	fields.Set("cause", cause)
	return chatError.New(e.Message, fields)
}

// refusePanic rejects a promise if the function that defers this panics.
func refusePanic(promise int) {
	if r := recover(); r != nil {
		currentHost.reject(promise, newChatError(panicked(r)))
	}
}

// panicked describes a recovered panic.
func panicked(r any) *chatcore.Error {
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
