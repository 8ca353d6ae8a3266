package chatcore

import "sync/atomic"

// model is a JSON object of the REST API. Its fields say everything about its form: reading, writing and checking all
// go by them. They are appended to others, since models are gone through one in another, see fieldStack.
type model interface{ fields(to []field) []field }

// checker is a model that as a whole must keep to a rule. What is wrong is a phrase that continues a sentence, or "".
type checker interface{ check() string }

// field ties a member's name to the variable that holds its value, and says what the service demands of it.
//
// value is a *string, *int, **int, **bool, *DateTime or *Metadata; or nested has other models. An empty value is an absent
// member, unless the rule says otherwise.
type field struct {
	name     string
	value    any
	nested   nested
	rule     rule
	versions versionSet // the api-versions that have the field, where not all do
	limit    int32      // bytes of a string or of metadata in all, or entries of a list; 0 for none
}

// rule is what a request must keep to in a field.
type rule uint8

const (
	required       rule = iota + 1 // not empty
	alwaysWritten                  // written also when empty, as pages may rely on it
	userType                       // a message type that users may send
	positive                       // a number above 0
	attachmentType                 // required, and one of the known
	retentionDays                  // required, and a number of days of which there is a least
	notEmpty                       // may be absent, which leaves the value as it is, but is not empty
	wholeNumber                    // in text, as the service writes versions
	nextPage                       // the address of a list's next page, which the service made
	cursor                         // where a watch goes on, which the client made
)

// isNextLink tells whether the field says where a list goes on.
func (r rule) isNextLink() bool { return r == nextPage || r == cursor }

// appendFields appends fields to others: out of line, for the size of the download.
func appendFields(to []field, more ...field) []field { return append(to, more...) }

// fieldStack holds the fields of the models that are gone through, one in another. Fields of their own for each of them
// would be half of the memory that a call takes.
type fieldStack []field

// spareStack is one that nothing is gone through with at the moment, or nil.
var spareStack atomic.Pointer[fieldStack]

func takeFieldStack() *fieldStack {
	if s := spareStack.Swap(nil); s != nil {
		return s
	}
	return new(fieldStack)
}

// push returns the fields of a model, until they are popped.
func (s *fieldStack) push(m model) []field {
	below := len(*s)
	*s = m.fields(*s)
	return (*s)[below:]
}

func (s *fieldStack) pop(fields []field) { *s = (*s)[:len(*s)-len(fields)] }

// giveBack keeps the stack for later, but nothing of what its fields point at. Clearing it here is cheaper than in pop.
func (s *fieldStack) giveBack() {
	all := (*s)[:cap(*s)]
	used := 0
	for used < len(all) && all[used].name != "" { // which every field has
		used++
	}
	clear(all[:used])
	spareStack.Store(s)
}

// nested is the models in a field: just one, one that may be absent, or a list. It is one method that returns any of them or
// adds one, and tells how many there are, since each is in the download for every type of model.
type nested interface {
	access(which entry) (m model, kind nesting, count int)
}

// entry is the index of a model, or one of these.
type entry int

const (
	counting entry = -1 - iota
	emptying       // makes an empty list
	adding         // an empty one at the end of a list, or the one that there can be
)

type nesting uint8

const (
	only nesting = iota
	optional
	list
)

// modelOf is the pointer to a struct that is a model.
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
		*l.items = make([]T, 0, 4) // to grow by one would copy them often
	case adding:
		*l.items = append(*l.items, *new(T))
		which = entry(len(*l.items) - 1)
	}
	if which >= 0 {
		m = M(&(*l.items)[which])
	}
	return m, list, len(*l.items)
}
