package chatcore

import "sync/atomic"

// model is a JSON object of the REST API. Its fields are its schema: reading, writing and checking use them. fields appends to a
// slice, so that nested models share one, see fieldStack.
type model interface{ fields(to []field) []field }

// checker is a model with a rule that concerns several of its fields. check returns what is wrong as the end of a sentence, or "".
type checker interface{ check() string }

// field ties the name of a JSON member to the variable that holds its value, and gives the rules of the service for it.
//
// value is a *string, *int, *int64, **int, **bool, *DateTime or *Metadata. If it is nil, nested gives the models in the field. An empty value is
// written as an absent member, unless the rule is alwaysWritten.
type field struct {
	name     string
	value    any
	nested   nested
	rule     rule
	versions versionSet // the api-versions that have the field; 0: all
	limit    int32      // bytes of a string, or of all metadata, or entries of a list; 0: none
}

// rule is a rule for the value of a field.
type rule uint8

const (
	required       rule = iota + 1 // not empty
	alwaysWritten                  // written even if empty: pages rely on it
	userType                       // a message type that users may send
	positive                       // a number above 0
	attachmentType                 // required, and a known one
	retentionDays                  // required, a number of days with a lower limit
	notEmpty                       // an update's field: absent means unchanged, empty is an error
	wholeNumber                    // a string of digits, like the service's versions
	nextPage                       // the URL of a list's next page, from the service
	watchPosition                  // the watchState, as JSON, with which a watch continues
)

// isNextLink tells whether the field says where a list goes on.
func (r rule) isNextLink() bool { return r == nextPage || r == watchPosition }

// appendFields is append, as a function call: that makes the download smaller.
func appendFields(to []field, more ...field) []field { return append(to, more...) }

// fieldStack holds the fields of a model, and on top of them those of the models nested in it while they are visited. A slice for each
// model would take half of the memory of a call.
type fieldStack []field

// spareStack is a stack that is not in use, or nil.
var spareStack atomic.Pointer[fieldStack]

func takeFieldStack() *fieldStack {
	if s := spareStack.Swap(nil); s != nil {
		return s
	}
	return new(fieldStack)
}

// push returns the fields of a model. They are valid until they are popped.
func (s *fieldStack) push(m model) []field {
	below := len(*s)
	*s = m.fields(*s)
	return (*s)[below:]
}

func (s *fieldStack) pop(fields []field) { *s = (*s)[:len(*s)-len(fields)] }

// giveBack keeps the stack for later use, without pointers to values. Clearing it here is cheaper than in pop.
func (s *fieldStack) giveBack() {
	all := (*s)[:cap(*s)]
	used := 0
	for used < len(all) && all[used].name != "" { // every field has a name
		used++
	}
	clear(all[:used])
	spareStack.Store(s)
}

// nested is the models in a field: exactly one, an optional one, or a list. It has a single method for reading, adding and counting them,
// because the download contains each method once for every type of model.
type nested interface {
	access(which entry) (m model, kind nesting, count int)
}

// entry is the index of a model, or one of the constants.
type entry int

const (
	counting entry = -1 - iota
	emptying       // makes the list empty
	adding         // adds an empty model to a list, or makes the optional one
)

type nesting uint8

const (
	only nesting = iota
	optional
	list
)

// modelOf is a pointer to a struct T that is a model.
type modelOf[T any] interface {
	*T
	model
}

type onlyOf[T any, M modelOf[T]] struct{ value *T }

func (o onlyOf[T, M]) access(entry) (model, nesting, int) { return M(o.value), only, 1 }

type optionalOf[T any, M modelOf[T]] struct{ value **T }

func (o optionalOf[T, M]) access(which entry) (model, nesting, int) {
	if which == adding {
		*o.value = new(T)
	}
	if *o.value == nil {
		return nil, optional, 0
	}
	return M(*o.value), optional, 1
}

type listOf[T any, M modelOf[T]] struct{ items *[]T }

func (l listOf[T, M]) access(which entry) (m model, kind nesting, count int) {
	switch which {
	case emptying:
		*l.items = make([]T, 0, 4) // growing from one element would copy them often
	case adding:
		*l.items = append(*l.items, *new(T))
		which = entry(len(*l.items) - 1)
	}
	if which >= 0 {
		m = M(&(*l.items)[which])
	}
	return m, list, len(*l.items)
}
