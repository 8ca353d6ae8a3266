//go:build js && wasm

package main

import (
	"strconv"
	"syscall/js"

	"acschat/chatcore"
)

// Limits of an argument, the same as in chat.js. They are checked while the argument is read, because encoding 200 million characters
// would block the page for seconds. The service accepts much less.
const (
	maxLength    = 1 << 20 // of all its strings together, in UTF-16 code units, plus memberLength for each member
	memberLength = 16
	maxDepth     = 20
)

// pageArguments reads the arguments of a call, as the class Arguments of chat.js does.
type pageArguments struct {
	text      string   // a line for each argument: JSON, nothing for undefined, or a fault, as chatcore.Arguments has it
	attached  int      // the bits of the options that are not data
	options   js.Value // those options, or undefined
	thrown    js.Value // what reading the arguments threw first
	remaining int      // how much of maxLength is left for the argument
}

// attachedBit returns the bit of an option that need not be data, or 0.
func attachedBit(name string) chatcore.Attached {
	switch name {
	case "signal":
		return chatcore.Signal
	case "fetch":
		return chatcore.Fetch
	case "onExchange":
		return chatcore.OnExchange
	case "token":
		return chatcore.TokenCallback
	}
	return 0
}

// readArguments reads arguments. The options are at depth 0, where signals and functions are allowed.
func readArguments(values []js.Value, optionsIndex int) *pageArguments {
	a := &pageArguments{}
	for i, value := range values {
		a.remaining = maxLength
		text, depth := "", 1
		if i == optionsIndex {
			depth = 0
		}
		err := try(func() {
			text = a.write(value, depth)
			if isAborted(a.options) { // perhaps by a getter of the page
				a.attached |= int(chatcore.SignalAborted)
			}
		})
		if err != nil {
			if a.thrown.IsUndefined() {
				a.thrown = err.(thrown).value
			}
			text = "!unreadable "
		}
		if text != "" && text[0] == '!' { // the fault's path may contain line breaks
			text = stringifyJSON.Invoke(text).String()
			text = text[1 : len(text)-1]
		}
		if i > 0 {
			a.text += "\n"
		}
		a.text += text
	}
	return a
}

// arguments returns what the calls of chatcore take.
func (a *pageArguments) arguments() chatcore.Arguments {
	bareHost.passed = a.thrown
	return newArguments(a.text, a.attached)
}

func isAborted(options js.Value) bool {
	signal := optionOf(options, "signal")
	return !signal.IsUndefined() && get(signal, "aborted").Truthy()
}

func optionOf(options js.Value, name string) js.Value {
	if options.IsUndefined() {
		return options
	}
	return options.Get(name)
}

// write returns a value as JSON, as a fault, or "" for undefined.
func (a *pageArguments) write(value js.Value, depth int) string {
	switch kind := typeOf(value); kind {
	case "undefined":
		return ""
	case "null":
		return kind
	case "boolean", "number":
		text := jsString.Invoke(value).String()
		if text == "NaN" || text == "Infinity" || text == "-Infinity" {
			return "!" + text + " "
		}
		return text
	case "string":
		if a.remaining -= stringLength(value); a.remaining < 0 {
			return "!long "
		}
		return stringifyJSON.Invoke(value).String()
	case "object":
		if depth > maxDepth {
			panic(js.Error{Value: typeError.New("circular structure, or one more than 20 levels deep")})
		}
		if toJSON := get(value, "toJSON"); typeOf(toJSON) == "function" {
			data := callToJSON(value, toJSON)
			switch kind := typeOf(data); {
			case kind == "null" && typeOf(get(value, "getTime")) == "function":
				return "!Date " // it is invalid
			case kind == "undefined":
				return "!object "
			case kind != "object":
				return a.write(data, depth)
			}
			value = data
		}
		return a.writeMembers(value, depth)
	default:
		return "!" + kind + " "
	}
}

// writeMembers writes an object or an array.
func (a *pageArguments) writeMembers(value js.Value, depth int) string {
	inArray, length := isArray.Invoke(value).Bool(), get(value, "length")
	if typeOf(length) == "number" && length.Float() > float64(a.remaining) && (inArray || !length.Equal(get(objectPrototype, "length"))) {
		return "!long "
	}
	names := objectKeys.Invoke(value)
	count, last := names.Length(), "0"
	if inArray {
		if count > 0 {
			last = names.Index(count - 1).String()
		}
		count = length.Int()
	}
	var text []byte
	for i := range count {
		var key any = i
		name := strconv.Itoa(i)
		if !inArray {
			key, name = names.Index(i), names.Index(i).String() // Go replaces an unpaired surrogate, so name may differ from key
		}
		member := get(value, key)
		kind := typeOf(member)
		bit := attachedBit(name)
		if depth > 0 || inArray || kind == "undefined" || bit == chatcore.TokenCallback && kind == "string" {
			bit = 0
		}
		if bit == chatcore.Signal && isSignal(member) || bit > chatcore.Signal && kind == "function" {
			if a.options.IsUndefined() {
				a.options = createObject.Invoke(js.Null())
			}
			a.options.Set(name, member)
			a.attached |= int(bit)
			continue
		}
		json := ""
		if len(name) > maxLength {
			return "!long "
		}
		if a.remaining -= max(memberLength, len(name)); a.remaining < 0 {
			json = "!long "
		} else if bit != 0 {
			json = "!" + kind + " "
		} else if json = a.write(member, depth+1); json == "" && inArray {
			json = "null"
		}
		switch {
		case json == "":
			continue
		case json[0] == '!':
			return prefixPath(json, name, inArray)
		case text != nil:
			text = append(text, ',')
		}
		if !inArray {
			text = append(append(text, stringifyJSON.Invoke(key).String()...), ':')
		}
		text = append(text, json...)
	}
	if !isIndex(last) {
		return prefixPath("!"+typeOf(get(value, last))+" ", last, true) // a member that is not an item comes last in keys, and JSON drops it
	}
	if inArray {
		return "[" + string(text) + "]"
	}
	return "{" + string(text) + "}"
}

// isIndex reports whether a member of an array is an item.
func isIndex(name string) bool {
	for i := range len(name) {
		if name[i] < '0' || name[i] > '9' {
			return false
		}
	}
	return name == "0" || name != "" && name[0] != '0'
}

// isSignal accepts everything that has what the bridge uses, such as a signal from another frame or from a polyfill.
func isSignal(v js.Value) bool {
	return typeOf(v) == "object" && typeOf(get(v, "aborted")) == "boolean" &&
		typeOf(get(v, "addEventListener")) == "function" && typeOf(get(v, "removeEventListener")) == "function"
}

// prefixPath puts a name before the path of a fault.
func prefixPath(fault, name string, inArray bool) string {
	at := 0
	for fault[at] != ' ' {
		at++
	}
	if inArray {
		name = "[" + name + "]"
	}
	if rest := fault[at+1:]; rest != "" && rest[0] != '[' {
		name += "."
	}
	return fault[:at+1] + name + fault[at+1:]
}

// callToJSON returns what toJSON returns for a value, as JSON.stringify does. It ignores a toJSON that the page has added to a built-in
// prototype.
func callToJSON(value, toJSON js.Value) (data js.Value) {
	holder := value
	for !holder.IsNull() && !hasOwn.Invoke(holder, "toJSON").Bool() {
		holder = getPrototypeOf.Invoke(holder)
	}
	if holder.IsNull() || !isBuiltIn(holder) || isNative(toJSON) {
		return reflectApply.Invoke(toJSON, value, arrayOf.Invoke(""))
	}
	for _, original := range []js.Value{toISOString, urlToString} {
		if try(func() { data = original.Invoke(value) }) == nil {
			return data
		}
	}
	return value
}

// isBuiltIn reports whether an object is the prototype of a built-in class.
func isBuiltIn(object js.Value) bool {
	class := get(object, "constructor")
	return isNative(class) && get(class, "prototype").Equal(object)
}

// isNative reports whether a function is built in.
func isNative(f js.Value) bool {
	return typeOf(f) == "function" && matchesNative.Invoke(functionToString.Invoke(f)).Bool()
}
