package json_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore/internal/json"
)

// person is read field by field, like a model.
type person struct {
	name   string
	age    int64
	active bool
	tags   []string
}

func readPerson(r *json.Reader) (p person, err *json.Error) {
	for more := r.Object(); more; more = r.Next() {
		switch {
		case r.Is("name"):
			p.name = r.String()
		case r.Is("age"):
			p.age = r.Int()
		case r.Is("active"):
			p.active = r.Bool()
		case r.Is("tags"):
			for more := r.Array(); more; more = r.Next() {
				p.tags = append(p.tags, r.String())
			}
		default:
			r.Unknown()
		}
	}
	return p, r.End()
}

func TestStrictAndLenientReaders(t *testing.T) {
	for _, test := range []struct {
		name, text string
		lenient    person
		problem    string // the strict reader's error, and the lenient reader's if refused
		refused    bool   // the lenient reader refuses the text
	}{
		{name: "both", text: `{"name":"a","age":-3,"active":true,"tags":["x","y"]}`, lenient: person{"a", -3, true, []string{"x", "y"}}},
		{name: "empty", text: `{}`},
		{name: "null document", text: `null`, problem: "must be an object, not null"},
		{name: "null string", text: `{"name":null,"age":1}`, lenient: person{age: 1}, problem: "name must be a string, not null"},
		{name: "null number", text: `{"age":null,"name":"a"}`, lenient: person{name: "a"}, problem: "age must be a whole number, not null"},
		{name: "null boolean", text: `{"active":null,"name":"a"}`, lenient: person{name: "a"}, problem: "active must be true or false, not null"},
		{name: "null array", text: `{"tags":null,"name":"a"}`, lenient: person{name: "a"}, problem: "tags must be an array, not null"},
		{name: "null element", text: `{"tags":["x",null]}`, lenient: person{tags: []string{"x", ""}}, problem: "tags[1] must be a string, not null"},
		{name: "case of names", text: `{"Name":"a"}`, lenient: person{name: "a"}, problem: "Name is not a known field"},
		{name: "all capitals", text: `{"TAGS":["x"]}`, lenient: person{tags: []string{"x"}}, problem: "TAGS is not a known field"},
		{name: "number for string", text: `{"name":-1.50}`, lenient: person{name: "-1.50"}, problem: "name must be a string, not a number"},
		{name: "unknown member", text: `{"x":{"y":[1,{}]},"name":"a"}`, lenient: person{name: "a"}, problem: "x is not a known field"},
		{name: "almost the name", text: `{"n\u0041me":1,"nam":1,"names":1,"name ":1,"nbme":1}`, lenient: person{name: "1"}, problem: "nAme is not a known field"},

		{name: "object for string", text: `{"name":{}}`, problem: "name must be a string, not an object", refused: true},
		{name: "array for string", text: `{"name":[]}`, problem: "name must be a string, not an array", refused: true},
		{name: "boolean for string", text: `{"name":true}`, problem: "name must be a string, not true", refused: true},
		{name: "string for number", text: `{"age":"3"}`, problem: "age must be a whole number, not a string", refused: true},
		{name: "number for boolean", text: `{"active":0}`, problem: "active must be true or false, not a number", refused: true},
		{name: "string for boolean", text: `{"active":"true"}`, problem: "active must be true or false, not a string", refused: true},
		{name: "object for array", text: `{"tags":{}}`, problem: "tags must be an array, not an object", refused: true},
		{name: "string for array", text: `{"tags":"x"}`, problem: "tags must be an array, not a string", refused: true},
		{name: "false in an array", text: `{"tags":["x","y",false]}`, problem: "tags[2] must be a string, not false", refused: true},
		{name: "array document", text: `[]`, problem: "must be an object, not an array", refused: true},
		{name: "string document", text: `"a"`, problem: "must be an object, not a string", refused: true},
		{name: "number document", text: `1`, problem: "must be an object, not a number", refused: true},
		{name: "true document", text: `true`, problem: "must be an object, not true", refused: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := readPerson(json.NewStrictReader(test.text))
			if test.problem == "" {
				require.Nil(t, err)
				assert.Equal(t, test.lenient, p)
			} else {
				require.NotNil(t, err)
				assert.Equal(t, test.problem, err.Error())
			}

			p, err = readPerson(json.NewReader(test.text))
			if test.refused {
				require.NotNil(t, err)
				assert.Equal(t, test.problem, err.Error())
			} else {
				require.Nil(t, err)
				assert.Equal(t, test.lenient, p)
			}
		})
	}
}

// TestNamesIgnoreCase: names may differ only in the case of letters. Other characters that c|0x20 would confuse must be equal.
func TestNamesIgnoreCase(t *testing.T) {
	for name, is := range map[string]bool{"az": true, "AZ": true, "aZ": true, "Az": true, "a:": false, "!z": false, "a\u001a": false, "a": false, "azz": false, "": false} {
		var w json.Writer
		w.Begin('{')
		w.Name(name)
		w.Int(1)
		w.End('}')
		r := json.NewReader(w.Text())
		require.True(t, r.Object())
		assert.Equal(t, is, r.Is("az"), "%q", name)
		assert.Equal(t, name, r.Name())
	}
}

func TestNull(t *testing.T) {
	r := json.NewReader(` null `)
	assert.True(t, r.Null())
	assert.Nil(t, r.End())

	for _, text := range []string{`1`, `"null"`, ``} {
		assert.False(t, json.NewReader(text).Null(), text)
	}
	assert.False(t, json.NewStrictReader(`null`).Null(), "the strict reader does not accept null as missing")
}

func TestInt(t *testing.T) {
	for text, want := range map[string]int64{
		`0`: 0, `-0`: 0, ` 7 `: 7, `-12`: -12, `2147483648`: 1 << 31, `999999999999999`: 999999999999999, `-999999999999999`: -999999999999999,
	} {
		r := json.NewStrictReader(text)
		assert.Equal(t, want, r.Int(), text)
		assert.Nil(t, r.End(), text)
	}
	for _, text := range []string{`1000000000000000`, `-1000000000000000`, `99999999999999999999999`, `1.0`, `1.5`, `1e3`, `1E3`, `-1e0`} {
		r := json.NewStrictReader(text)
		assert.Zero(t, r.Int(), text)
		err := r.End()
		require.NotNil(t, err, text)
		assert.Equal(t, "must be a whole number of at most 15 digits", err.Error())
		assert.False(t, err.Syntax)
		assert.Zero(t, err.Offset)
	}
	for _, text := range []string{`-`, `-x`, `1.`, `1e`, ``, `x`} {
		r := json.NewStrictReader(text)
		assert.Zero(t, r.Int(), text)
		err := r.End()
		require.NotNil(t, err, text)
		assert.True(t, err.Syntax, text)
	}
}

func TestBool(t *testing.T) {
	for text, want := range map[string]bool{`true`: true, `false`: false} {
		r := json.NewStrictReader(text)
		assert.Equal(t, want, r.Bool())
		assert.Nil(t, r.End())
	}
	for _, text := range []string{`trux`, `tru`, `fals`, `falsy`, ``} {
		r := json.NewStrictReader(text)
		assert.False(t, r.Bool(), text)
		err := r.End()
		require.NotNil(t, err, text)
		assert.True(t, err.Syntax, text)
	}
}
