package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// object reads the fields of a JSON object in a request. Reading goes on past a field that is wrong, with a zero value
// in its place; problem tells of the first one, so that an operation reads straight through and asks once. A field that
// is null counts as missing. Fields nobody reads are ignored, as the service does.
type object struct {
	path   string // where it stands in the body, such as "participants[3]"; the body itself: ""
	fields map[string]any
	read   *reading
}

// reading is what all objects of one body share.
type reading struct {
	version apiVersion
	problem *communicationError
}

func (o object) version() apiVersion          { return o.read.version }
func (o object) problem() *communicationError { return o.read.problem }

// readBody parses the body, which has to be one JSON object and nothing else.
func (c *call) readBody() object {
	body := object{read: &reading{version: c.version}}
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	decoder.UseNumber()
	var value any
	if len(c.body) == 0 {
		body.fail("", "The operation needs a JSON body.")
	} else if !utf8.Valid(c.body) {
		body.fail("", "The body is not UTF-8.")
	} else if err := decoder.Decode(&value); err != nil {
		body.fail("", "The body is not JSON: %v.", err)
	} else if _, err := decoder.Token(); err != io.EOF {
		body.fail("", "The body goes on after its JSON object.")
	} else if fields, ok := value.(map[string]any); !ok {
		body.fail("", "The body must be a JSON object, not %s.", kindOf(value))
	} else {
		body.fields = fields
	}
	return body
}

func (o object) pathOf(name string) string {
	if o.path == "" {
		return name
	}
	return o.path + "." + name
}

func (o object) fail(target, format string, args ...any) {
	if o.read.problem == nil {
		o.read.problem = badRequest(target, format, args...)
	}
}

// refuse reports a field; the format goes on after the field's path: "must be …".
func (o object) refuse(name, format string, args ...any) {
	o.fail(o.pathOf(name), "%s %s.", o.pathOf(name), fmt.Sprintf(format, args...))
}

func (o object) has(name string) bool { return o.fields[name] != nil }

// isNull reports a field that is there and is null. Only where that says something else than a missing one, in merge
// patches, is it looked at.
func (o object) isNull(name string) bool {
	value, there := o.fields[name]
	return there && value == nil
}

func (o object) require(name string) {
	if !o.has(name) {
		o.refuse(name, "is required")
	}
}

// onlyIf refuses a field that the api-version in force does not have. The service may ignore such a field; here it is an
// error, because a client that sends it expects something to come of it.
func (o object) onlyIf(versionHasIt bool, name string) {
	if o.has(name) && !versionHasIt {
		o.refuse(name, "does not exist in api-version %s", o.version().name)
	}
}

// onlyIfNamed is onlyIf for merge patches, in which null says something too.
func (o object) onlyIfNamed(versionHasIt bool, name string) {
	if o.isNull(name) && !versionHasIt {
		o.refuse(name, "does not exist in api-version %s", o.version().name)
	}
	o.onlyIf(versionHasIt, name)
}

// field gives the field's value if it is there and is a T. kind names T in the message if it is another.
func field[T any](o object, name, kind string) (T, bool) {
	value, ok := o.fields[name].(T)
	if !ok && o.has(name) {
		o.refuse(name, "must be %s, not %s", kind, kindOf(o.fields[name]))
	}
	return value, ok
}

func (o object) string(name string) string {
	value, _ := field[string](o, name, "a string")
	return value
}

func (o object) requiredString(name string) string {
	o.require(name)
	return o.string(name)
}

// oneOf reads a required string out of a closed list.
func (o object) oneOf(name string, allowed ...string) string {
	value := o.requiredString(name)
	if !slices.Contains(allowed, value) {
		o.refuse(name, "must be one of %s", strings.Join(allowed, ", "))
	}
	return value
}

// integer gives absent if the field is missing.
func (o object) integer(name string, low, high, absent int) int {
	number, ok := field[json.Number](o, name, "a number")
	if !ok {
		return absent
	}
	value, err := strconv.Atoi(number.String())
	if err != nil || value < low || value > high {
		o.refuse(name, "must be a whole number from %d to %d", low, high)
	}
	return value
}

// time reads an RFC 3339 date-time and gives absent if the field is missing.
func (o object) time(name string, absent time.Time) time.Time {
	text, ok := field[string](o, name, "a string")
	if !ok {
		return absent
	}
	value, ok := parseDateTime(text)
	if !ok {
		o.refuse(name, "must be an RFC 3339 date-time such as 2020-06-06T05:55:41Z")
	}
	return value
}

// object reads a nested object; its ok is false if the field is missing or is something else.
func (o object) object(name string) (object, bool) {
	fields, ok := field[map[string]any](o, name, "an object")
	return object{o.pathOf(name), fields, o.read}, ok
}

func (o object) array(name string) []any {
	items, _ := field[[]any](o, name, "an array")
	return items
}

func (o object) objects(name string) []object {
	var objects []object
	for i, item := range o.array(name) {
		path := fmt.Sprintf("%s[%d]", o.pathOf(name), i)
		fields, ok := item.(map[string]any)
		if !ok {
			o.fail(path, "%s must be an object, not %s.", path, kindOf(item))
		}
		objects = append(objects, object{path, fields, o.read})
	}
	return objects
}

// names are those of all fields, in an order, so that the first problem is always the same.
func (o object) names() []string { return slices.Sorted(maps.Keys(o.fields)) }

// stringMap reads an object that has strings only. Nil if the field is missing.
func (o object) stringMap(name string) map[string]string {
	nested, ok := o.object(name)
	if !ok {
		return nil
	}
	values := make(map[string]string, len(nested.fields))
	for _, key := range nested.names() {
		if !nested.has(key) {
			nested.refuse(key, "must be a string, not null")
		}
		values[key] = nested.string(key)
	}
	return values
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case string:
		return "a string"
	case []any:
		return "an array"
	default:
		return "an object"
	}
}
