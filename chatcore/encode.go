package chatcore

import "acschat/chatcore/internal/json"

// text returns a model as JSON text.
func text(m model) string {
	w := json.NewWriter(1024)
	writeModel(w, m)
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
	case **bool:
		if *value != nil {
			w.Name(f.name)
			w.Bool(**value)
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
