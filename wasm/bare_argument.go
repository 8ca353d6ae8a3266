//go:build js && wasm

package main

import (
	"strconv"
	"syscall/js"

	"acschat/chatcore"
)

// An argument is measured as it is read: to encode 200 million characters would block the page for seconds. The limit is far above
// everything that the service takes. chat.js has the same numbers.
const (
	maxLength    = 1 << 20
	memberLength = 16 // what a member of an object or an array counts beside its text
	maxDepth     = 20
)

// given are the arguments of a call as the bare host reads them, which is what the class Arguments of chat.js does.
type given struct {
	text     string
	attached int      // the bits of
	options  js.Value // these, or undefined
	caught   js.Value // what reading threw
	left     int      // of the length that an argument may have
}

// bitOf returns the bit of an option that may be attached, 0 for any other.
func bitOf(name string) chatcore.Attached {
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

// read reads arguments. Those options that are not data are attached; depth 0 is that of the options.
func read(values []js.Value, optionsAt int) *given {
	g := &given{}
	for i, value := range values {
		g.left = maxLength
		text, depth := "", 1
		if i == optionsAt {
			depth = 0
		}
		err := try(func() {
			text = g.write(value, depth)
			if isAborted(g.options) { // perhaps only since
				g.attached |= int(chatcore.SignalAborted)
			}
		})
		if err != nil {
			if g.caught.IsUndefined() {
				g.caught = err.(thrown).value
			}
			text = "!unreadable "
		}
		if text != "" && text[0] == '!' { // its path may have line breaks
			text = stringify.Invoke(text).String()
			text = text[1 : len(text)-1]
		}
		if i > 0 {
			g.text += "\n"
		}
		g.text += text
	}
	return g
}

// arguments returns them as the bridge takes them.
func (g *given) arguments() chatcore.Arguments {
	bareHost.caught = g.caught
	return argumentsOf(g.text, g.attached)
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

// write returns a value as JSON, as a fault, or "" where JSON has nothing for it.
func (g *given) write(value js.Value, depth int) string {
	switch kind := kindOf(value); kind {
	case "undefined":
		return ""
	case "null":
		return kind
	case "boolean", "number":
		text := stringOf.Invoke(value).String()
		if text == "NaN" || text == "Infinity" || text == "-Infinity" {
			return "!" + text + " "
		}
		return text
	case "string":
		if g.left -= lengthOf(value); g.left < 0 {
			return "!long "
		}
		return stringify.Invoke(value).String()
	case "object":
		if depth > maxDepth {
			panic(js.Error{Value: typeError.New("circular structure, or one more than 20 levels deep")})
		}
		if toJSON := get(value, "toJSON"); kindOf(toJSON) == "function" {
			data := convert(value, toJSON)
			switch kind := kindOf(data); {
			case kind == "null" && kindOf(get(value, "getTime")) == "function":
				return "!Date " // an invalid one
			case kind == "undefined":
				return "!object "
			case kind != "object":
				return g.write(data, depth)
			}
			value = data
		}
		return g.writeMembers(value, depth)
	default:
		return "!" + kind + " "
	}
}

// writeMembers writes an object or an array.
func (g *given) writeMembers(value js.Value, depth int) string {
	inArray, length := isArray.Invoke(value).Bool(), get(value, "length")
	if kindOf(length) == "number" && length.Float() > float64(g.left) && (inArray || !length.Equal(get(plainPrototype, "length"))) {
		return "!long "
	}
	names := keys.Invoke(value)
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
			key, name = names.Index(i), names.Index(i).String() // which may differ from the key by half a surrogate pair
		}
		member := get(value, key)
		kind := kindOf(member)
		bit := bitOf(name)
		if depth > 0 || inArray || kind == "undefined" || bit == chatcore.TokenCallback && kind == "string" {
			bit = 0
		}
		if bit == chatcore.Signal && isSignal(member) || bit > chatcore.Signal && kind == "function" {
			if g.options.IsUndefined() {
				g.options = createObject.Invoke(js.Null())
			}
			g.options.Set(name, member)
			g.attached |= int(bit)
			continue
		}
		json := ""
		if len(name) > maxLength {
			return "!long "
		}
		if g.left -= max(memberLength, len(name)); g.left < 0 {
			json = "!long "
		} else if bit != 0 {
			json = "!" + kind + " "
		} else if json = g.write(member, depth+1); json == "" && inArray {
			json = "null"
		}
		switch {
		case json == "":
			continue
		case json[0] == '!':
			return below(json, name, inArray)
		case text != nil:
			text = append(text, ',')
		}
		if !inArray {
			text = append(append(text, stringify.Invoke(key).String()...), ':')
		}
		text = append(text, json...)
	}
	if !isIndex(last) {
		return below("!"+kindOf(get(value, last))+" ", last, true) // it comes after the items, and JSON drops it
	}
	if inArray {
		return "[" + string(text) + "]"
	}
	return "{" + string(text) + "}"
}

// isIndex tells an array's items from its other members.
func isIndex(name string) bool {
	for i := range len(name) {
		if name[i] < '0' || name[i] > '9' {
			return false
		}
	}
	return name == "0" || name != "" && name[0] != '0'
}

// isSignal asks for what the bridge uses, so that a signal of another frame or of a polyfill will do.
func isSignal(v js.Value) bool {
	return kindOf(v) == "object" && kindOf(get(v, "aborted")) == "boolean" &&
		kindOf(get(v, "addEventListener")) == "function" && kindOf(get(v, "removeEventListener")) == "function"
}

// below puts a name before the path of a fault.
func below(fault, name string, inArray bool) string {
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

// convert returns what the class of an object makes of it by toJSON, as JSON does. A toJSON that the page has set on a built-in
// prototype counts for nothing.
func convert(value, toJSON js.Value) (data js.Value) {
	holder := value
	for !holder.IsNull() && !hasOwn.Invoke(holder, "toJSON").Bool() {
		holder = getPrototypeOf.Invoke(holder)
	}
	if holder.IsNull() || !isBuiltIn(holder) || isNative(toJSON) {
		return reflectApply.Invoke(toJSON, value, arrayOf.Invoke(""))
	}
	for _, original := range []js.Value{toISOString, toHref} {
		if try(func() { data = original.Invoke(value) }) == nil {
			return data
		}
	}
	return value
}

// isBuiltIn tells whether an object is the prototype of one of the browser's own classes.
func isBuiltIn(object js.Value) bool {
	class := get(object, "constructor")
	return isNative(class) && get(class, "prototype").Equal(object)
}

// isNative tells whether a function is the browser's own.
func isNative(f js.Value) bool {
	return kindOf(f) == "function" && matchNative.Invoke(toSource.Invoke(f)).Bool()
}
