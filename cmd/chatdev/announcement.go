//go:build !js

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// announcement is what chatdev prints when its servers are ready.
type announcement struct {
	Page             string                 `json:"page"`             // the page's URL; empty if chatdev serves no page
	Tokens           string                 `json:"tokens,omitempty"` // the URL of the token route
	Endpoint         string                 `json:"endpoint"`
	ConnectionString string                 `json:"connectionString,omitempty"`
	Certificate      string                 `json:"certificate,omitempty"` // with -tls: the file with the CA certificate to trust
	Users            map[string]credentials `json:"users"`
}

type credentials struct {
	ID    string `json:"id"`
	Token string `json:"token"`
}

func (a announcement) writeJSON(w io.Writer) error {
	return json.NewEncoder(w).Encode(a)
}

func (a announcement) writeText(w io.Writer) error {
	var text strings.Builder
	switch {
	case a.Page != "":
		fmt.Fprintf(&text, "Page      %s/\n", a.Page)
	case a.Tokens != "":
		fmt.Fprintf(&text, "There is no web/index.html here, so chatdev serves no page. It serves tokens for a page on another server.\n\n")
		fmt.Fprintf(&text, "Tokens    %s\n", a.Tokens)
	}
	fmt.Fprintf(&text, "Endpoint  %s\n\n", a.Endpoint)
	if a.ConnectionString != "" {
		fmt.Fprintf(&text, "Connection string of the emulator:\n%s\n", a.ConnectionString)
	} else {
		fmt.Fprintln(&text, "This is the real resource of ACS_CONNECTION_STRING; its key is not shown.")
	}
	if a.Certificate != "" {
		fmt.Fprintf(&text, "\nCA certificate that clients must trust, for example with curl --cacert or NODE_EXTRA_CA_CERTS:\n%s\n", a.Certificate)
	}
	for _, name := range slices.Sorted(maps.Keys(a.Users)) {
		fmt.Fprintf(&text, "\nUser %s\nid     %s\ntoken  %s\n", name, a.Users[name].ID, a.Users[name].Token)
	}
	fmt.Fprintln(&text, "\nCtrl-C stops.")
	_, err := io.WriteString(w, text.String())
	return err
}
