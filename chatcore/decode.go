package chatcore

import "acschat/chatcore/internal/json"

// readModel reads an object into a model.
func readModel(r *json.Reader, m model) {
	models := reader{r, takeFieldStack()}
	models.model(m)
	spareStack.Store(models.fieldStack)
}

// reader reads models.
type reader struct {
	*json.Reader
	*fieldStack
}

func (r *reader) model(m model) {
	switch kind := r.Kind(); kind {
	case "a string":
		if m, ok := m.(interface{ setText(string) string }); ok {
			if problem := m.setText(r.String()); problem != "" {
				r.Fail(problem)
			}
			return
		}
	case "true", "false":
		if m, ok := m.(interface{ setBool(bool) string }); ok {
			if problem := m.setBool(r.Bool()); problem != "" {
				r.Fail(problem)
			}
			return
		}
	default:
		if _, ok := m.(*idempotencyToken); ok {
			r.Fail("must be true or a string, not " + kind)
			return
		}
	}
	fields := r.push(m)
	for more := r.Object(); more; more = r.Next() {
		if i := indexOf(fields, r.Reader); i >= 0 {
			r.field(&fields[i])
		} else {
			r.Unknown()
		}
	}
	r.pop(fields)
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

func (r *reader) field(f *field) {
	empty := false
	switch value := f.value.(type) {
	case *string:
		*value = r.String()
		empty = *value == ""
	case *DateTime:
		*value = DateTime(r.String())
	case *int:
		*value = int(r.Int())
		if problem := checkNumber(*value, f.least(), maxNumber); problem != "" && r.Strict() {
			r.Fail(problem)
		}
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
	if empty && f.rule == given {
		r.Fail("must not be empty: leave it out to leave it as it is")
	}
}

// nested reads nested models, and tells whether they are an empty list.
func (r *reader) nested(of nested) (empty bool) {
	switch _, kind, _ := of.access(counting); {
	case kind == list:
		of.access(emptying) // of a member that is there twice the last counts
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
