package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPreflight(t *testing.T) {
	em, _ := newEmulator()
	for _, path := range []string{"/chat/threads", "/chat/threads/x/participants/:add", "/identities", "/nothing"} {
		r := httptest.NewRequest(http.MethodOptions, path, nil)
		r.Header.Set("Origin", "https://example.com")
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", "authorization,content-type,repeatability-request-id,x-ms-client-request-id")
		w := serve(em, r)
		assert.Equal(t, http.StatusNoContent, w.Code)
		assert.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"))
		assert.Equal(t, "GET, POST, PATCH, DELETE", w.Header().Get("Access-Control-Allow-Methods"))
		assert.Equal(t, r.Header.Get("Access-Control-Request-Headers"), w.Header().Get("Access-Control-Allow-Headers"),
			"named one by one, since * does not cover Authorization")
		assert.NotEmpty(t, w.Header().Get("Access-Control-Max-Age"))
	}
}

func TestAnswersAreForAnyOriginAndExposeLocationOnly(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	for _, w := range []*httptest.ResponseRecorder{
		post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`),
		post(em, "/chat/threads"+chatVersion, jane.Token, `{}`),
		post(em, "/chat/threads"+chatVersion, "", `{"topic":"Lunch"}`),
		post(em, "/nothing", "", ``),
	} {
		assert.Equal(t, []string{"*"}, w.Header().Values("Access-Control-Allow-Origin"), w.Code)
		assert.Equal(t, []string{"Location"}, w.Header().Values("Access-Control-Expose-Headers"), w.Code)
		assert.Regexp(t, `^[A-Za-z0-9+/]{22}\.0$`, w.Header().Get("MS-CV"), w.Code)
	}
}
