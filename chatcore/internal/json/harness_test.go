package json_test

import (
	"bytes"
	stdjson "encoding/json"

	"acschat/chatcore/internal/json"
)

// readers are the strict and the lenient reader. They must agree on texts that both accept.
var readers = map[string]func(string) *json.Reader{
	"lenient": json.NewReader,
	"strict":  json.NewStrictReader,
}

// tree reads any value into the same Go value as encoding/json.
func tree(r *json.Reader) any {
	switch r.Kind() {
	case "an object":
		object := map[string]any{}
		for more := r.Object(); more; more = r.Next() {
			name := r.Name()
			object[name] = tree(r)
		}
		return object
	case "an array":
		array := []any{}
		for more := r.Array(); more; more = r.Next() {
			array = append(array, tree(r))
		}
		return array
	case "a string":
		return r.String()
	case "a number":
		return stdjson.Number(r.Raw())
	case "true", "false":
		return r.Bool()
	}
	r.Skip()
	return nil
}

// read reads a whole text.
func read(r *json.Reader) (any, *json.Error) {
	value := tree(r)
	return value, r.End()
}

// standard reads a whole text with encoding/json.
func standard(text string) (value any, ok bool) {
	if !stdjson.Valid([]byte(text)) {
		return nil, false
	}
	d := stdjson.NewDecoder(bytes.NewBufferString(text))
	d.UseNumber()
	return value, d.Decode(&value) == nil
}

// depth returns how deep objects and arrays nest in a valid document.
func depth(text string) int {
	deepest, now, inString := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{', c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}', c == ']':
			now--
		}
	}
	return deepest
}
