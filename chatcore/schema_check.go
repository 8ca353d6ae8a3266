package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/ascii"
)

// fault is what is wrong with a request. The problem is the end of a sentence that starts with the path.
type fault struct {
	path, problem, hint string
	reason              Reason
}

// requestRules are the rules that depend on the request's api-version, options and endpoint.
type requestRules struct {
	apiVersion  string
	checkLimits bool   // check the documented size limits, which the service may have changed
	origin      string // of the endpoint
}

// check returns the first fault of a model, or nil.
func (r requestRules) check(m model) *fault {
	_, found := r.checkAndEncode(m)
	return found
}

// checkWhole checks a model that is a checker.
func checkWhole(m model) *fault {
	if m, ok := m.(checker); ok {
		if problem := m.check(); problem != "" {
			return &fault{problem: problem}
		}
	}
	return nil
}

// prefixPath puts a name in front of the path of a fault. Paths are built on the way up, because few models have a fault.
func (found *fault) prefixPath(name string) *fault {
	if found.path != "" && found.path[0] != '[' {
		name += "."
	}
	found.path = name + found.path
	return found
}

// checkField returns the fault of a field, without the models nested in it.
func (r *requestRules) checkField(f *field) *fault {
	var problem, unit string
	var empty bool
	var size int
	switch value := f.value.(type) {
	case *string:
		empty = *value == ""
		size, unit = len(*value), "bytes of UTF-8"
		switch f.rule {
		case userType:
			problem = checkUserType(*value)
		case attachmentType:
			if *value != "image" && *value != "file" {
				problem = `must be "image" or "file"`
			}
		case wholeNumber:
			if !empty && !ascii.ConsistsOf(*value, "0123456789") {
				problem = "must be a whole number as a string, like the ids and versions of messages"
			}
		case nextPage:
			if !empty && !isOnOrigin(*value, r.origin) {
				address, _, _ := ascii.Cut(*value, '?')
				problem = "must be an address of " + r.origin + ", because the token goes there. It is " + shorten(address)
			}
		}
	case *int:
		if empty = *value == 0; empty {
			break
		}
		least, most := f.least(), maxNumber
		if r.checkLimits && f.limit != 0 {
			most = int(f.limit)
			if f.rule == retentionDays {
				least = 30
			}
		}
		problem = checkNumber(int64(*value), least, most)
	case **int:
		if empty = *value == nil; !empty {
			problem = checkNumber(int64(**value), 0, maxNumber)
		}
	case **bool:
		empty = *value == nil
	case *DateTime:
		if empty = *value == ""; !empty {
			problem = value.check()
		}
	case *Metadata:
		empty = *value == nil
		size, unit = value.size(), "bytes of UTF-8, names and values together"
	default:
		if f.nested == nil {
			break // responses only
		}
		_, kind, count := f.nested.access(counting)
		empty = count == 0
		if kind == list {
			size, unit = count, "entries"
			if empty && f.rule == required {
				problem = "must have at least one entry"
			}
		}
	}
	switch {
	case !empty && f.versions != 0 && f.versions&versionOf(r.apiVersion) == 0:
		return f.versions.missingIn(r.apiVersion)
	case empty && (f.rule == required || f.rule == retentionDays) && problem == "":
		return &fault{problem: "is required"}
	case r.checkLimits && f.limit != 0 && size > int(f.limit):
		return &fault{
			problem: "is limited to " + strconv.Itoa(int(f.limit)) + " " + unit + ", and has " + strconv.Itoa(size),
			reason:  LimitExceeded,
		}
	case problem != "":
		return &fault{problem: problem}
	}
	return nil
}

// maxNumber is the largest number that the service accepts, an int32. It is also the longest time of a browser's timer, in milliseconds.
const maxNumber = 1<<31 - 1

// checkNumber returns what is wrong with a number, as the end of a sentence, or "".
func checkNumber(n int64, least, most int) string {
	if n < int64(least) || n > int64(most) {
		return "must be from " + strconv.Itoa(least) + " to " + strconv.Itoa(most)
	}
	return ""
}

func (f field) least() int {
	if f.rule == positive {
		return 1
	}
	return 0
}
