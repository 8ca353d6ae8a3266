package chatcore

import "acschat/chatcore/internal/json"

// readModel reads an object into a model.
func readModel(r *json.Reader, m model) {
	if m, ok := m.(interface{ setText(string) }); ok && r.Kind() == "a string" {
		m.setText(r.String())
		return
	}
	if m, ok := m.(interface{ setFalse() }); ok {
		switch r.Kind() {
		case "false":
			r.Skip()
			m.setFalse()
			return
		case "true":
			r.Fail("must be false or an object, not true")
			return
		}
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
	empty := false
	switch value := f.value.(type) {
	case *string:
		*value = r.String()
		empty = *value == ""
	case *DateTime:
		*value = DateTime(r.String())
	case *int:
		*value = int(r.Int())
		if problem := checkNumber(*value, f.least(), maxNumber); problem != "" {
			r.Fail(problem)
		}
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
	case model:
		readModel(r, value)
	case optional:
		if !r.Null() {
			readModel(r, value.model(true))
		}
	case list:
		value.clear() // of a member that is there twice the last counts
		for more := r.Array(); more; more = r.Next() {
			readModel(r, value.add())
		}
		empty = len(value.models()) == 0
	}
	if empty && f.rule == given {
		r.Fail("must not be empty: leave it out to leave it as it is")
	}
}
