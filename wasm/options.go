//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// The options that cannot be text: functions of the page, and its signal.
const (
	optionToken = iota // may be a string, too, which is text
	optionSignal
	optionFetch
	optionOnExchange
)

var pageOptionKinds = [...]struct{ name, kind string }{
	optionToken:      {"token", "a string, or a callback that gives one"},
	optionSignal:     {"signal", "an AbortSignal"},
	optionFetch:      {"fetch", "a function"},
	optionOnExchange: {"onExchange", "a function"},
}

// pageOptions are the values of such options, undefined where absent.
type pageOptions [len(pageOptionKinds)]js.Value

// callOptions are those that a call may have.
var callOptions = []int{optionSignal, optionFetch, optionOnExchange}

// namesPageOption tells whether the JSON text of a call's options may have one of these, which cannot be text.
func namesPageOption(text string) bool {
	for _, i := range callOptions {
		if contains(text, pageOptionKinds[i].name) {
			return true
		}
	}
	return false
}

func contains(text, part string) bool {
	for at := 0; at+len(part) <= len(text); at++ {
		if text[at:at+len(part)] == part {
			return true
		}
	}
	return false
}

// readOptions takes some of them out of the options object of an operation, and returns the other options as JSON text.
// In messages the names of options stand behind the prefix.
func readOptions(operation, prefix string, options js.Value, taken ...int) (page pageOptions, text string, err error) {
	what, problem := "options", ""
	thrown := try(func() {
		kind := kindOf(options)
		if kind == "object" && isArray.Invoke(options).Bool() {
			kind = "an array"
		}
		if kind != "object" {
			problem = "must be an object, not " + kind
			return
		}
		rest := own(options) // without a prototype, whose getters could throw
		for _, i := range taken {
			option := pageOptionKinds[i]
			value := get(rest, option.name)
			kind := kindOf(value)
			if kind == "undefined" || i == optionToken && kind == "string" {
				continue
			}
			if i != optionSignal && kind != "function" || i == optionSignal && !isAbortSignal(value) {
				what, problem = prefix+option.name, "must be "+option.kind+", not "+kind
				return
			}
			page[i] = value
			rest.Delete(option.name)
		}
		if at, found := tooLong(rest, what, prefix); found {
			what, problem = at, problemTooLong
		} else if text, problem = jsonOf(rest); problem != "" {
			return
		} else if at, fault := dropped(rest, text, 0); fault != "" {
			what, problem = prefix+at, fault
		}
	})
	if thrown != nil {
		problem = "cannot be read: " + thrown.Error()
	}
	if problem != "" {
		return page, "", chatcore.NewInvalidArgument(operation, what, problem, thrown)
	}
	return page, text, nil
}

// isAbortSignal asks for what the bridge uses, so that a signal of another frame or of a polyfill will do.
func isAbortSignal(v js.Value) bool {
	return kindOf(v) == "object" && kindOf(get(v, "aborted")) == "boolean" &&
		kindOf(get(v, "addEventListener")) == "function" && kindOf(get(v, "removeEventListener")) == "function"
}

// dropped finds what JSON leaves out of an object without a word, such as a function, or makes null of, such as an invalid
// Date. It returns its path and what is wrong with it; an empty problem where there is none. The object's JSON, and the copy
// that structuredClone makes, natively, tell that most objects have none.
func dropped(v js.Value, text string, depth int) (path, problem string) {
	if depth == 0 && !contains(text, "null") && !structuredClone.IsUndefined() && try(func() { structuredClone.Invoke(v) }) == nil {
		return "", ""
	}
	if kind := kindOf(v); kind != "object" || depth == maxDepth {
		return "", ""
	}
	inArray := isArray.Invoke(v).Bool()
	names := keys.Invoke(v)
	for i := range names.Length() {
		name := names.Index(i).String()
		member := get(v, name)
		at, problem := "", lostBy(member)
		if problem == "" {
			if at, problem = dropped(member, text, depth+1); problem == "" {
				continue
			}
		}
		return below(name, at, inArray), problem
	}
	return "", ""
}

// lostBy tells what is wrong with a value that JSON does not have, or "".
func lostBy(v js.Value) string {
	switch kind := kindOf(v); {
	case kind == "function", kind == "symbol":
		return "must not be a " + kind
	case kind == "number" && isNull(v):
		return "is " + thrown{v}.Error() // NaN or Infinity
	case kind == "object" && kindOf(get(v, "getTime")) == "function" && isNull(v):
		return "is an invalid Date"
	}
	return ""
}

// isNull tells whether JSON makes null of a value.
func isNull(v js.Value) bool {
	text, _ := jsonOf(v)
	return text == "null"
}

// maxDepth bounds the search; what lies deeper is no request of the service's.
const maxDepth = 20
