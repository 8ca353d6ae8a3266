package chatcore

import "acschat/chatcore/internal/json"

// readModel reads a JSON object into a model. Errors are those of r.
func readModel(r *json.Reader, m model) {
	models := reader{r, takeFieldStack()}
	models.model(m)
	models.giveBack()
}

// reader reads models.
type reader struct {
	*json.Reader
	*fieldStack
}

func (r *reader) model(m model) {
	switch r.Peek() {
	case '"':
		if m, ok := m.(interface{ setText(string) string }); ok {
			if problem := m.setText(r.String()); problem != "" {
				r.Fail(problem)
			}
			return
		}
	case 't', 'f':
		if m, ok := m.(interface{ setBool(bool) string }); ok {
			if problem := m.setBool(r.Bool()); problem != "" {
				r.Fail(problem)
			}
			return
		}
	default:
		if _, ok := m.(*idempotencyToken); ok {
			r.Fail("must be true or a string, not " + r.Kind())
			return
		}
	}
	fields := r.push(m)
	next := 0 // members usually come in the order of the fields
	for more := r.Object(); more; more = r.Next() {
		if i := indexOf(fields, next, r.Reader); i >= 0 {
			r.field(&fields[i])
			next = i + 1
		} else {
			r.Unknown()
		}
	}
	r.pop(fields)
}

// indexOf returns the index of the field of the current member, or -1 if the model has none. It starts the search at next.
func indexOf(fields []field, next int, r *json.Reader) int {
	length := len(r.Name())
	for range fields {
		if next == len(fields) {
			next = 0
		}
		if len(fields[next].name) == length && r.Is(fields[next].name) {
			return next
		}
		next++
	}
	return -1
}

func (r *reader) field(f *field) {
	empty := false
	switch value := f.value.(type) {
	case *string:
		*value = r.String()
		empty = *value == ""
	case *DateTime:
		*value = DateTime(r.String())
	case *int:
		n := r.Int()
		*value = int(n)
		if problem := checkNumber(n, f.least(), maxNumber); problem != "" && r.Strict() {
			r.Fail(problem)
		}
	case *int64:
		*value = r.Int()
	case **int:
		n := 0
		r.field(&field{value: &n})
		*value = &n
	case **bool:
		if !r.Null() {
			b := r.Bool()
			*value = &b
		}
	case *Metadata:
		if r.Null() {
			return
		}
		*value = Metadata{}
		for more := r.Object(); more; more = r.Next() {
			name := r.Name()
			(*value)[name] = r.String()
		}
	default:
		empty = r.nested(f.nested)
	}
	if empty && f.rule == notEmpty {
		r.Fail("must not be empty: leave it out to keep the present value")
	}
}

// nested reads nested models, and tells whether it read an empty list.
func (r *reader) nested(of nested) (empty bool) {
	switch _, kind, _ := of.access(counting); {
	case kind == list:
		of.access(emptying) // if a member occurs twice, the last one counts
		empty = true
		for more := r.Array(); more; more = r.Next() {
			m, _, _ := of.access(adding)
			r.model(m)
			empty = false
		}
	case kind == only || !r.Null():
		m, _, _ := of.access(adding)
		r.model(m)
	}
	return empty
}
