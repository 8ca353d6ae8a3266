//go:build !js

package main

import (
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLogTraffic(t *testing.T) {
	tests := []struct {
		name    string
		handler http.HandlerFunc
		want    string
	}{
		{"status", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) }, `^POST /a%0Ab 201 \S+s\n$`},
		{"body without status", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("secret")) }, `^POST /a%0Ab 200 \S+s\n$`},
		{"dropped", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, `^POST /a%0Ab 0 \S+s\n$`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			handler := logTraffic(log.New(&out, "", 0), test.handler)
			r := httptest.NewRequest(http.MethodPost, "/a%0Ab?token=secret", strings.NewReader("secret"))
			r.Header.Set("Authorization", "Bearer secret")

			func() {
				defer func() { _ = recover() }() // net/http recovers, too
				handler.ServeHTTP(httptest.NewRecorder(), r)
			}()

			assert.Regexp(t, test.want, out.String(), "one line, without query, headers and bodies")
		})
	}
}
