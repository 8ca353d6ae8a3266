package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/json"
)

// model is a JSON object of the REST API. Its fields say everything about its form: reading, writing and checking all
// go by them.
type model interface{ fields() []field }

// checker is a model that as a whole must keep to a rule. What is wrong is a phrase that continues a sentence, or "".
type checker interface{ check() string }

// field ties a member's name to the variable that holds its value, and says what the service demands of it.
//
// value is a *string, *int, *bool, *DateTime or *Metadata, a model, or the optional or list of one. An empty value
// is an absent member, unless the rule says otherwise.
type field struct {
	name  string
	value any
	rule  rule
	since version // the api-versions that have the field, where not all do
}

// rule is what a request must keep to in a field.
type rule int

const (
	required       rule = iota + 1 // not empty
	always                         // written also when empty, as pages may rely on it
	userType                       // a message type that users may send
	positive                       // a number above 0
	attachmentType                 // required, and one of the known
)

// outOfRange bounds every number: the service's are int32, and a browser's timer holds no more milliseconds.
func outOfRange(n int) bool { return n < 0 || n > 1<<31-1 }

// optional is a model that may be absent: nil, unless it is to be created.
type optional interface{ model(create bool) model }

// list is a sequence of models.
type list interface {
	models() []model
	add() model // an empty one at the end
}

// modelOf is the pointer to a struct that is a model.
type modelOf[T any] interface {
	*T
	model
}

type optionalOf[T any, M modelOf[T]] struct{ value **T }

func (o optionalOf[T, M]) model(create bool) model {
	if create {
		*o.value = new(T)
	}
	if *o.value == nil {
		return nil
	}
	return M(*o.value)
}

type listOf[T any, M modelOf[T]] struct{ items *[]T }

func (l listOf[T, M]) models() []model {
	models := make([]model, len(*l.items))
	for i := range models {
		models[i] = M(&(*l.items)[i])
	}
	return models
}

func (l listOf[T, M]) add() model {
	*l.items = append(*l.items, *new(T))
	return M(&(*l.items)[len(*l.items)-1])
}

// readModel reads an object into a model.
func readModel(r *json.Reader, m model) {
	if m, ok := m.(interface{ setText(string) }); ok && r.Kind() == "a string" {
		m.setText(r.String())
		return
	}
	if m, ok := m.(interface{ setFalse() }); ok && r.Kind() == "false" {
		r.Skip()
		m.setFalse()
		return
	}
	fields := m.fields()
	for more := r.Object(); more; more = r.Next() {
		if i := indexOf(fields, r); i >= 0 {
			readField(r, fields[i])
		} else {
			r.Unknown()
		}
	}
}

// indexOf finds the field of the member at hand, -1 for one that the model does not have.
func indexOf(fields []field, r *json.Reader) int {
	for i := range fields {
		if r.Is(fields[i].name) {
			return i
		}
	}
	return -1
}

func readField(r *json.Reader, f field) {
	switch value := f.value.(type) {
	case *string:
		*value = r.String()
	case *DateTime:
		*value = DateTime(r.String())
	case *int:
		*value = int(r.Int())
		if outOfRange(*value) || *value == 0 && f.rule == positive {
			r.Fail("is out of range")
		}
	case *bool:
		*value = r.Bool()
	case *Metadata:
		*value = Metadata{}
		for more := r.Object(); more; more = r.Next() {
			name := r.Name()
			(*value)[name] = r.String()
		}
	case model:
		readModel(r, value)
	case optional:
		if !r.Null() {
			readModel(r, value.model(true))
		}
	case list:
		for more := r.Array(); more; more = r.Next() {
			readModel(r, value.add())
		}
	}
}

// text returns a model as JSON text.
func text(m model) string {
	var w json.Writer
	writeModel(&w, m)
	return w.Text()
}

func writeModel(w *json.Writer, m model) {
	w.Begin('{')
	for _, f := range m.fields() {
		writeField(w, f)
	}
	w.End('}')
}

func writeField(w *json.Writer, f field) {
	switch value := f.value.(type) {
	case *string:
		if *value != "" || f.rule == always {
			w.Name(f.name)
			w.String(*value)
		}
	case *DateTime:
		if *value != "" {
			w.Name(f.name)
			w.String(string(*value))
		}
	case *int:
		if *value != 0 || f.rule == always {
			w.Name(f.name)
			w.Int(int64(*value))
		}
	case *Metadata:
		if *value != nil {
			w.Name(f.name)
			value.write(w)
		}
	case []HeaderField:
		w.Name(f.name)
		writeHeader(w, value)
	case model:
		w.Name(f.name)
		writeModel(w, value)
	case optional:
		if m := value.model(false); m != nil {
			w.Name(f.name)
			writeModel(w, m)
		}
	case list:
		models := value.models()
		if len(models) == 0 && f.rule != always {
			return
		}
		w.Name(f.name)
		w.Begin('[')
		for _, m := range models {
			writeModel(w, m)
		}
		w.End(']')
	}
}

// fault is what is wrong with a request; problem continues a sentence that starts with the path.
type fault struct{ path, problem, hint string }

// checkModel returns the first fault of a model at a path, nil where there is none.
func checkModel(m model, path string, v version) *fault {
	for _, f := range m.fields() {
		at := f.name
		if path != "" {
			at = path + "." + at
		}
		if found := checkField(f, at, v); found != nil {
			return found
		}
	}
	if m, ok := m.(checker); ok {
		if problem := m.check(); problem != "" {
			return &fault{path: path, problem: problem}
		}
	}
	return nil
}

func checkField(f field, path string, v version) *fault {
	var problem string
	var empty bool
	switch value := f.value.(type) {
	case *string:
		empty = *value == ""
		switch f.rule {
		case userType:
			problem = checkUserType(*value)
		case attachmentType:
			if *value != "image" && *value != "file" {
				problem = `must be "image" or "file"`
			}
		}
	case *int:
		if outOfRange(*value) {
			problem = "is out of range"
		}
	case *DateTime:
		if empty = *value == ""; !empty {
			problem = value.check()
		}
	case *Metadata:
		empty = *value == nil
	case model:
		return checkModel(value, path, v)
	case optional:
		m := value.model(false)
		if empty = m == nil; !empty {
			return checkModel(m, path, v)
		}
	case list:
		models := value.models()
		empty = len(models) == 0
		for i, m := range models {
			if found := checkModel(m, path+"["+strconv.Itoa(i)+"]", v); found != nil {
				return found
			}
		}
	}
	switch {
	case !empty && f.since != 0 && f.since&v == 0:
		return f.since.lacking(path)
	case empty && f.rule == required:
		problem = "is required"
	case problem == "":
		return nil
	}
	return &fault{path: path, problem: problem}
}
