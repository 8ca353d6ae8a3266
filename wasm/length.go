//go:build js && wasm

package main

import "syscall/js"

// An argument is measured before it is encoded: encoding 200 million characters would block the page for seconds. The limit is
// far above everything that the service takes. chat.js has the same numbers.
const (
	maxLength    = 1 << 20
	memberLength = 16 // what a member of an object or an array counts beside its text
)

const problemTooLong = "is too long: all texts of an argument together are limited to 1048576 characters"

// lengthOf returns the length of a string without copying it.
func lengthOf(text js.Value) int { return object.Invoke(text).Length() }

// tooLong returns the path of the value that makes an argument too long, behind the prefix, or else the argument's name.
func tooLong(argument js.Value, name, prefix string) (path string, found bool) {
	left := maxLength
	if path, found = exceeds(argument, &left, 0); path == "" {
		return name, found
	}
	return prefix + path, found
}

// exceeds takes the length of a value from what is left, and returns the path where that becomes negative.
func exceeds(v js.Value, left *int, depth int) (path string, found bool) {
	kind := kindOf(v)
	if kind == "string" {
		*left -= lengthOf(v)
	}
	if kind != "object" || depth == maxDepth {
		return "", *left < 0
	}
	inArray := isArray.Invoke(v).Bool()
	// Arrays, and what has the names of its members made on demand. Not what every object inherits from a changed prototype.
	if length := get(v, "length"); kindOf(length) == "number" && length.Float() > float64(*left) && get(object.New(), "length").IsUndefined() {
		return "", true
	}
	names := keys.Invoke(v)
	for i := range names.Length() {
		*left -= memberLength
		if path, found := exceeds(get(v, names.Index(i)), left, depth+1); found {
			return below(names.Index(i).String(), path, inArray), true
		}
	}
	return "", false
}

// below puts the name of a member before a path in it.
func below(name, path string, inArray bool) string {
	if inArray {
		name = "[" + name + "]"
	}
	if path != "" && path[0] != '[' {
		name += "."
	}
	return name + path
}
