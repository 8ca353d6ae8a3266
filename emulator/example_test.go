//go:build !js

package emulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"acschat/emulator"
)

// An emulator is an http.Handler. It makes users, and shows what is in it.
func Example() {
	em := emulator.New(emulator.Options{})
	server := httptest.NewServer(em)
	defer server.Close()

	jane := em.NewUser()
	fmt.Println(createThread(server.URL, jane.Token))
	fmt.Println(createThread(server.URL, "a token of somebody else"))
	for _, thread := range em.Threads() {
		fmt.Println(thread.Topic, len(thread.Participants))
	}
	// Output:
	// 201 Created
	// 401 Unauthorized
	// Lunch 1
}

// A test plants a fault to see what its client makes of it. Here the first thread is created, but its answer is lost.
func ExampleEmulator_Fail() {
	em := emulator.New(emulator.Options{})
	server := httptest.NewServer(em)
	defer server.Close()

	jane := em.NewUser()
	em.Fail(emulator.Rule{Operation: "createThread", Call: 1, Status: 503, After: true})
	fmt.Println(createThread(server.URL, jane.Token))
	fmt.Println(createThread(server.URL, jane.Token))
	fmt.Println(len(em.Threads()), "threads")
	// Output:
	// 503 Service Unavailable
	// 201 Created
	// 2 threads
}

// createThread returns the status of the answer, or why there is none.
func createThread(endpoint, token string) string {
	request, err := http.NewRequest(http.MethodPost, endpoint+"/chat/threads?api-version=2025-03-15", strings.NewReader(`{"topic":"Lunch"}`))
	if err != nil {
		return err.Error()
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	return response.Status
}
