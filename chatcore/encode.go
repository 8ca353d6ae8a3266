package chatcore

import "acschat/chatcore/internal/json"

// text returns a model as JSON text.
func text(m model) string {
	w := writer{json.NewWriter(), takeFieldStack()}
	w.model(m)
	spareStack.Store(w.fieldStack)
	return w.Text()
}

// writer writes models.
type writer struct {
	*json.Writer
	*fieldStack
}

func (w *writer) model(m model) {
	w.Begin('{')
	fields := w.push(m)
	for i := range fields {
		w.field(&fields[i])
	}
	w.pop(fields)
	w.End('}')
}

func (w *writer) field(f *field) {
	switch value := f.value.(type) {
	case *string:
		if *value != "" || f.rule == always {
			w.Member(f.name)
			w.String(*value)
		}
	case *DateTime:
		if *value != "" {
			w.Member(f.name)
			w.String(string(*value))
		}
	case *int:
		if *value != 0 || f.rule == always {
			w.Member(f.name)
			w.Int(int64(*value))
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
	case optional: // before model: asking for an interface costs, and of these there are many
		if m := value.model(false); m != nil {
			w.Member(f.name)
			w.model(m)
		}
	case model:
		w.Member(f.name)
		w.model(value)
	case list:
		models := value.models()
		if len(models) == 0 && f.rule != always {
			return
		}
		w.Member(f.name)
		w.Begin('[')
		for _, m := range models {
			w.model(m)
		}
		w.End(']')
	}
}
