package chatcore

import "strconv"

// fault is what is wrong with a request; problem continues a sentence that starts with the path.
type fault struct{ path, problem, hint string }

// checkModel returns the first fault of a model at a path, nil where there is none.
func checkModel(m model, path string, apiVersion string) *fault {
	for _, f := range m.fields() {
		at := f.name
		if path != "" {
			at = path + "." + at
		}
		if found := checkField(f, at, apiVersion); found != nil {
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

func checkField(f field, path string, apiVersion string) *fault {
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
		if *value != 0 { // which is none
			problem = checkNumber(*value, f.least())
		}
	case *DateTime:
		if empty = *value == ""; !empty {
			problem = value.check()
		}
	case *Metadata:
		empty = *value == nil
	case model:
		return checkModel(value, path, apiVersion)
	case optional:
		m := value.model(false)
		if empty = m == nil; !empty {
			return checkModel(m, path, apiVersion)
		}
	case list:
		models := value.models()
		empty = len(models) == 0
		for i, m := range models {
			if found := checkModel(m, path+"["+strconv.Itoa(i)+"]", apiVersion); found != nil {
				return found
			}
		}
	}
	switch {
	case !empty && f.versions != 0 && f.versions&versionOf(apiVersion) == 0:
		return f.versions.lacking(path, apiVersion)
	case empty && f.rule == required:
		problem = "is required"
	case problem == "":
		return nil
	}
	return &fault{path: path, problem: problem}
}

// checkNumber returns what is wrong with a number, as a phrase that continues a sentence, or "". The service's numbers are
// int32, and a browser's timer holds no more milliseconds either.
func checkNumber(n, least int) string {
	if n < least || n > 1<<31-1 {
		return "must be from " + strconv.Itoa(least) + " to 2147483647"
	}
	return ""
}

func (f field) least() int {
	if f.rule == positive {
		return 1
	}
	return 0
}
