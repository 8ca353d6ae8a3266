package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/json"
)

// encode returns a model as JSON.
func encode(m model) string {
	w := writer{Writer: json.NewWriter(), fieldStack: takeFieldStack()}
	w.model(m)
	w.giveBack()
	return w.Text()
}

// checkAndEncode returns a model as JSON, or its first fault. Checking while writing visits each model only once.
func (r requestRules) checkAndEncode(m model) (string, *fault) {
	w := writer{json.NewWriter(), takeFieldStack(), r, true}
	found := w.model(m)
	w.giveBack()
	return w.Text(), found
}

// writer writes models.
type writer struct {
	*json.Writer
	*fieldStack
	rules  requestRules
	checks bool // check the rules
}

func (w *writer) model(m model) *fault {
	w.Begin('{')
	fields := w.push(m)
	for i := range fields {
		f := &fields[i]
		var found *fault
		if w.checks {
			found = w.rules.checkField(f)
		}
		if found == nil {
			found = w.field(f)
		}
		if found != nil {
			found = found.prefixPath(f.name)
			w.pop(fields)
			return found
		}
	}
	w.pop(fields)
	w.End('}')
	if w.checks {
		return checkWhole(m)
	}
	return nil
}

// field writes a field. It returns the first fault of the models nested in it.
func (w *writer) field(f *field) *fault {
	switch value := f.value.(type) {
	case *string:
		if *value != "" || f.rule == alwaysWritten {
			w.Member(f.name)
			w.String(*value)
		}
	case *DateTime:
		if *value != "" {
			w.Member(f.name)
			w.String(string(*value))
		}
	case *int:
		if *value != 0 || f.rule == alwaysWritten {
			w.Member(f.name)
			w.Int(int64(*value))
		}
	case *int64:
		if *value != 0 {
			w.Member(f.name)
			w.Int(*value)
		}
	case **int:
		if *value != nil {
			w.Member(f.name)
			w.Int(int64(**value))
		}
	case **bool:
		if *value != nil {
			w.Member(f.name)
			w.Bool(**value)
		}
	case *Metadata:
		if *value != nil {
			w.Member(f.name)
			value.write(w.Writer)
		}
	case []HeaderField:
		w.Member(f.name)
		writeHeader(w.Writer, value)
	default:
		return w.nested(f)
	}
	return nil
}

func (w *writer) nested(f *field) *fault {
	_, kind, count := f.nested.access(counting)
	switch {
	case kind == list && (count > 0 || f.rule == alwaysWritten):
		w.Member(f.name)
		w.Begin('[')
		for i := range count {
			m, _, _ := f.nested.access(entry(i))
			if found := w.model(m); found != nil {
				return found.prefixPath("[" + strconv.Itoa(i) + "]")
			}
		}
		w.End(']')
	case kind != list && count > 0:
		w.Member(f.name)
		m, _, _ := f.nested.access(0)
		return w.model(m)
	}
	return nil
}
