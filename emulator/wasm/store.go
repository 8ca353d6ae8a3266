//go:build js && wasm

package main

import (
	"encoding/json"
	"errors"
	"syscall/js"

	"acschat/emulator"
)

var _ emulator.Clearer = store{}

// store is the emulator's Store. The records are the host's.
type store struct{ initial map[string]json.RawMessage }

// Load gives the records that the program was opened with. The emulator calls it only then.
func (s store) Load(f func(key string, value []byte) error) error {
	for key, value := range s.initial {
		if err := f(key, value); err != nil {
			return err
		}
	}
	return nil
}

func (s store) Save(changes map[string][]byte) error {
	records := make(map[string]json.RawMessage, len(changes))
	for key, value := range changes {
		records[key] = value // nil becomes null
	}
	return save(records)
}

func save(records map[string]json.RawMessage) error {
	text, _ := json.Marshal(records) // never fails: the values are JSON
	return await(host.Call("save", string(text)))
}

func (s store) Clear() error { return await(host.Call("clear")) }

// await waits for a promise, and returns what it rejects with. Anything else than a promise is no failure.
func await(promise js.Value) error {
	if promise.Type() != js.TypeObject {
		return nil
	}
	settled := make(chan error, 1)
	fulfilled := js.FuncOf(func(js.Value, []js.Value) any {
		settled <- nil
		return nil
	})
	rejected := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- errors.New(args[0].Get("message").String())
		return nil
	})
	defer fulfilled.Release()
	defer rejected.Release()
	promise.Call("then", fulfilled, rejected)
	return <-settled
}
