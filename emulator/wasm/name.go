//go:build js && wasm

package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// userIDs has the raw ids of the users that the page has named. They are records, too, so that a page that is loaded again has
// the same users. The emulator knows no names.
var userIDs = map[string]string{}

// namePrefix is the prefix of the keys of these records. The emulator has none that begin like this.
const namePrefix = "name/"

// takeNames sets userIDs from records, and returns the other records.
func takeNames(records map[string]json.RawMessage) (others map[string]json.RawMessage, err error) {
	others = map[string]json.RawMessage{}
	for key, value := range records {
		name, isName := strings.CutPrefix(key, namePrefix)
		if !isName {
			others[key] = value
			continue
		}
		var id string
		if err := json.Unmarshal(value, &id); err != nil {
			return nil, fmt.Errorf("record %q: %w", key, err)
		}
		userIDs[name] = id
	}
	return others, nil
}

func saveNames() error {
	records := map[string]json.RawMessage{}
	for name, id := range userIDs {
		records[namePrefix+name], _ = json.Marshal(id) // never fails
	}
	return save(records)
}
