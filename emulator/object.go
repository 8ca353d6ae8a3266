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

// object reads the fields of a JSON object in a request. If a field is wrong, the reading method returns a zero value and
// records the problem. So an operation reads all fields and then checks problem once; problem returns the first one. A field
// that is null counts as missing. Unknown fields are ignored, as by the service.
type object struct {
	path   string // path in the body, such as "participants[3]"; "" for the body itself
	fields map[string]any
	body   *bodyState
}

// bodyState is shared by all objects of a body.
type bodyState struct {
	version apiVersion
	problem *communicationError // the first one
}

func (o object) version() apiVersion          { return o.body.version }
func (o object) problem() *communicationError { return o.body.problem }

// readBody parses the body, which must be one JSON object.
func (c *call) readBody() object {
	body := object{body: &bodyState{version: c.version}}
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	decoder.UseNumber()
	var value any
	if len(c.body) == 0 {
		body.fail("", "This operation requires a JSON body.")
	} else if !utf8.Valid(c.body) {
		body.fail("", "The body is not UTF-8.")
	} else if err := decoder.Decode(&value); err != nil {
		body.fail("", "The body is not JSON: %v.", err)
	} else if _, err := decoder.Token(); err != io.EOF {
		body.fail("", "The body has extra text after its JSON object.")
	} else if fields, ok := value.(map[string]any); !ok {
		body.fail("", "The body must be a JSON object, not %s.", kindOf(value))
	} else {
		body.fields = fields
	}
	return body
}

func (o object) fieldPath(name string) string {
	if o.path == "" {
		return name
	}
	return o.path + "." + name
}

func (o object) fail(target, format string, args ...any) {
	if o.body.problem == nil {
		o.body.problem = badRequest(target, format, args...)
	}
}

// refuse records a problem with a field. The message is the field's path followed by format, such as "must be …".
func (o object) refuse(name, format string, args ...any) {
	o.fail(o.fieldPath(name), "%s %s.", o.fieldPath(name), fmt.Sprintf(format, args...))
}

func (o object) has(name string) bool { return o.fields[name] != nil }

// isNull reports whether a field is present and null. Only merge patches treat such a field differently from a missing one.
func (o object) isNull(name string) bool {
	value, present := o.fields[name]
	return present && value == nil
}

func (o object) require(name string) {
	if !o.has(name) {
		o.refuse(name, "is required")
	}
}

// requireVersion refuses a field that the request's api-version does not have. The service may ignore such a field. Here it
// is an error, because a client that sends the field expects an effect.
func (o object) requireVersion(supported bool, name string) {
	if o.has(name) && !supported {
		o.refuse(name, "does not exist in api-version %s", o.version().name)
	}
}

// requireVersionInPatch is requireVersion for merge patches, where null is a value, too.
func (o object) requireVersionInPatch(supported bool, name string) {
	if o.isNull(name) && !supported {
		o.refuse(name, "does not exist in api-version %s", o.version().name)
	}
	o.requireVersion(supported, name)
}

// field returns a field's value if it is present and is a T. If it has another type, field refuses it; kind is the name of T
// in the message.
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

// oneOf reads a required string that must be one of allowed.
func (o object) oneOf(name string, allowed ...string) string {
	value := o.requiredString(name)
	if !slices.Contains(allowed, value) {
		o.refuse(name, "must be one of %s", strings.Join(allowed, ", "))
	}
	return value
}

// integer reads an integer from minimum to maximum. If the field is missing, it returns defaultValue.
func (o object) integer(name string, minimum, maximum, defaultValue int) int {
	number, ok := field[json.Number](o, name, "a number")
	if !ok {
		return defaultValue
	}
	value, err := strconv.Atoi(number.String())
	if err != nil || value < minimum || value > maximum {
		o.refuse(name, "must be a whole number from %d to %d", minimum, maximum)
	}
	return value
}

// time reads an RFC 3339 date-time. If the field is missing, it returns defaultValue.
func (o object) time(name string, defaultValue time.Time) time.Time {
	text, ok := field[string](o, name, "a string")
	if !ok {
		return defaultValue
	}
	value, ok := parseDateTime(text)
	if !ok {
		o.refuse(name, "must be an RFC 3339 date-time such as 2020-06-06T05:55:41Z")
	}
	return value
}

// object reads a nested object. It returns false if the field is missing or is not an object.
func (o object) object(name string) (object, bool) {
	fields, ok := field[map[string]any](o, name, "an object")
	return object{o.fieldPath(name), fields, o.body}, ok
}

func (o object) array(name string) []any {
	items, _ := field[[]any](o, name, "an array")
	return items
}

func (o object) objects(name string) []object {
	var objects []object
	for i, item := range o.array(name) {
		path := fmt.Sprintf("%s[%d]", o.fieldPath(name), i)
		fields, ok := item.(map[string]any)
		if !ok {
			o.fail(path, "%s must be an object, not %s.", path, kindOf(item))
		}
		objects = append(objects, object{path, fields, o.body})
	}
	return objects
}

// fieldNames returns the names of all fields. They are sorted, so that the first problem is always the same.
func (o object) fieldNames() []string { return slices.Sorted(maps.Keys(o.fields)) }

// stringMap reads an object whose values must be strings. If the field is missing, it returns nil.
func (o object) stringMap(name string) map[string]string {
	nested, ok := o.object(name)
	if !ok {
		return nil
	}
	values := make(map[string]string, len(nested.fields))
	for _, key := range nested.fieldNames() {
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
