//go:build js && wasm

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"time"

	"acschat/emulator"
)

// resource is the emulator, once the control open has made it.
var resource *emulator.Emulator

// controls are what a page can do with the emulator besides requests. A nil result is undefined in JavaScript.
var controls = map[string]func(argument []byte) (any, error){
	"open":        open,
	"createUser":  createUser,
	"issueToken":  issueToken,
	"fail":        fail,
	"clearFaults": func([]byte) (any, error) { resource.ClearFaults(); return nil, nil },
	"advance":     advance,
	"reset":       reset,
	"exportState": func([]byte) (any, error) { return nil, nil }, // the host has the records, and only waits for earlier controls
}

// latestControl is closed when the latest control has ended.
var latestControl = func() chan struct{} {
	done := make(chan struct{})
	close(done)
	return done
}()

// startControl does a control after those before it. Its outcome goes to the host.
func startControl(id int, name, argument string) {
	ready, done := latestControl, make(chan struct{})
	latestControl = done
	go func() {
		defer close(done)
		<-ready
		problem, text := "", ""
		result, err := control(name, argument)
		if err != nil {
			problem = err.Error()
		} else if result != nil {
			encoded, _ := json.Marshal(result) // never fails: strings
			text = string(encoded)
		}
		host.Call("settled", id, problem, text)
	}()
}

// control returns the panic of the emulator as an error: its methods panic if the store fails.
func control(name, argument string) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	return controls[name]([]byte(argument))
}

// openOptions are the options of createEmulator that the program needs, and the records of the store.
type openOptions struct {
	RateLimits, ObservedErrors, EditsDropMetadata bool
	Events                                        bool // passes events to the host
	Records                                       map[string]json.RawMessage
}

func open(argument []byte) (any, error) {
	var o openOptions
	if err := json.Unmarshal(argument, &o); err != nil {
		return nil, err
	}
	initial, err := takeNames(o.Records)
	if err != nil {
		return nil, err
	}
	options := emulator.Options{
		Clock:             wallClock,
		RateLimits:        o.RateLimits,
		ObservedErrors:    o.ObservedErrors,
		EditsDropMetadata: o.EditsDropMetadata,
		Store:             store{initial},
	}
	if o.Events {
		options.Events = passEvent
	}
	em, err := emulator.Open(options)
	resource = em
	return nil, err
}

func passEvent(event emulator.Event) {
	text, _ := json.Marshal(event) // never fails: strings, times and JSON
	host.Call("event", string(text))
}

// wallClock returns the time without a monotonic reading: in some browsers that stands still while the computer sleeps.
func wallClock() time.Time { return time.Now().Round(0) }

// credentials are a user of the page.
type credentials struct {
	ID    string `json:"id"`
	Token string `json:"token"`
}

// createUser returns the user with a name, and creates the user first if there is none.
func createUser(argument []byte) (any, error) {
	var name string
	if err := json.Unmarshal(argument, &name); err != nil || name == "" {
		return nil, errors.New("the name must be a string that is not empty")
	}
	if token, ok := resource.NewToken(userIDs[name]); ok {
		return credentials{userIDs[name], token}, nil
	}
	user := resource.NewUser()
	userIDs[name] = user.ID
	return credentials{user.ID, user.Token}, saveNames()
}

func issueToken(argument []byte) (any, error) {
	var id string
	if err := json.Unmarshal(argument, &id); err != nil {
		return nil, errors.New("the id must be a string, such as emulator.users.jane.id")
	}
	token, ok := resource.NewToken(id)
	if !ok {
		return nil, fmt.Errorf("the emulator has no user %q", id)
	}
	return token, nil
}

func fail(argument []byte) (any, error) {
	rule, err := emulator.ParseRule(string(argument))
	if err != nil {
		return nil, fmt.Errorf("the rule is invalid: %w", err)
	}
	resource.Fail(rule)
	return nil, nil
}

func advance(argument []byte) (any, error) {
	var ms float64
	if err := json.Unmarshal(argument, &ms); err != nil || ms < 0 || ms > float64(math.MaxInt64/int64(time.Millisecond)) {
		return nil, errors.New("the time must be a number of milliseconds that is not negative")
	}
	resource.Advance(time.Duration(ms * float64(time.Millisecond)))
	return nil, nil
}

// reset keeps the users that have names. It collects garbage at once, so that the memory that the module takes does not depend
// on when it would be collected.
func reset([]byte) (any, error) {
	if err := resource.ResetExcept(slices.Collect(maps.Values(userIDs))...); err != nil {
		return nil, err
	}
	err := saveNames()
	runtime.GC()
	return nil, err
}
