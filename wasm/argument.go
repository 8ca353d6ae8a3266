//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// arguments are those that a page calls a method with: ids, a request, and options.
type arguments struct {
	ids              [2]string
	request, options string // JSON texts, empty where missing
	page             pageOptions
}

func readArguments(m chatcore.Method, args []js.Value) (a arguments, err error) {
	for i, name := range m.IDs {
		id := argument(args, i)
		if kind := kindOf(id); kind != "string" {
			return a, chatcore.NewInvalidArgument(m.Name, name, "must be a string, not "+kind, nil)
		}
		if lengthOf(id) > maxLength {
			return a, chatcore.NewInvalidArgument(m.Name, name, problemTooLong, nil)
		}
		a.ids[i] = id.String()
	}
	next := len(m.IDs)
	if m.Argument != "" {
		if given := argument(args, next); !m.Optional || !given.IsUndefined() {
			if a.request, err = readRequest(m, given); err != nil {
				return a, err
			}
		}
		next++
	}
	if given := argument(args, next); !given.IsUndefined() {
		a.page, a.options, err = readOptions(m.Name, "options.", given, optionSignal, optionFetch, optionOnExchange)
	}
	return a, err
}

// readTexts reads arguments that the loader has put into texts: strings as they are, objects, by bit, as JSON. It leaves
// those that are not to be had this way, and all that is wrong, to readArguments.
func readTexts(m chatcore.Method, texts []string, objects int) (a arguments, ok bool) {
	for i := range m.IDs {
		if i >= len(texts) || objects>>i&1 != 0 {
			return a, false
		}
		a.ids[i] = texts[i]
	}
	next := len(m.IDs)
	if m.Argument != "" {
		if next < len(texts) {
			a.request = texts[next]
		} else if !m.Optional {
			return a, false
		}
		next++
	}
	if next < len(texts) {
		a.options = texts[next]
	}
	return a, objects>>len(m.IDs) == 1<<max(len(texts)-len(m.IDs), 0)-1 && !namesPageOption(a.options)
}

// readRequest returns a request as JSON text.
func readRequest(m chatcore.Method, v js.Value) (text string, err error) {
	what, problem := m.Argument, ""
	thrown := try(func() {
		if at, found := tooLong(v, what, ""); found {
			what, problem = at, problemTooLong
		} else if text, problem = jsonOf(v); problem != "" {
			return
		} else if text == "" {
			problem = "must be an object"
			if what == "identifier" {
				problem += " or a raw id"
			}
			problem += ", not " + kindOf(v)
		} else if at, fault := dropped(v, text, 0); fault != "" {
			what, problem = at, fault
		}
	})
	if thrown != nil {
		problem = "cannot be read: " + thrown.Error()
	}
	if problem != "" {
		return "", chatcore.NewInvalidArgument(m.Name, what, problem, thrown)
	}
	return text, nil
}

// jsonOf returns a value as JSON text, "" for one that JSON does not have, such as undefined. Names of members, escapes and
// methods toJSON may have made it too long after all.
func jsonOf(v js.Value) (text, problem string) {
	switch json := stringify.Invoke(v); {
	case json.Type() != js.TypeString:
	case lengthOf(json) > chatcore.MaxResponseBytes:
		problem = problemTooLong
	default:
		text = json.String()
	}
	return text, problem
}

// argument returns an argument that may be missing.
func argument(args []js.Value, i int) (v js.Value) {
	if i < len(args) {
		v = args[i]
	}
	return v
}
