//go:build !js

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const version = "?api-version=2025-03-15"

// startWithFile starts chatdev without a page and with the emulator's state in a file.
func startWithFile(t *testing.T, file string) (*process, announcement) {
	t.Helper()
	p := start(t, "", "-page", "", "-acs", "localhost:0", "-db", file, "-users", "jane", "-json")
	return p, p.ready(t)
}

func createThread(t *testing.T, endpoint, token string) (path string) {
	t.Helper()
	status, body := request(t, http.MethodPost, endpoint+"/chat/threads"+version, token, `{"topic":"Lunch"}`)
	require.Equal(t, http.StatusCreated, status, body)
	var created struct{ ChatThread struct{ ID string } }
	require.NoError(t, json.Unmarshal([]byte(body), &created))
	return "/chat/threads/" + url.PathEscape(created.ChatThread.ID)
}

// post sends a message. It returns the message's id, and whether the call succeeded.
func post(endpoint, thread, token, content string) (id string, ok bool) {
	r, err := http.NewRequest(http.MethodPost, endpoint+thread+"/messages"+version, strings.NewReader(`{"content":"`+content+`"}`))
	if err != nil {
		return "", false
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", false
	}
	defer response.Body.Close()
	var sent struct{ ID string }
	err = json.NewDecoder(response.Body).Decode(&sent)
	return sent.ID, err == nil && response.StatusCode == http.StatusCreated
}

// listMessages returns the ids of a thread's messages by content.
func listMessages(t *testing.T, endpoint, thread, token string) map[string][]string {
	t.Helper()
	ids := map[string][]string{}
	for next := endpoint + thread + "/messages" + version + "&maxPageSize=200"; next != ""; {
		status, body := request(t, http.MethodGet, next, token, "")
		require.Equal(t, http.StatusOK, status, body)
		var page struct {
			Value []struct {
				ID, Type string
				Content  struct{ Message string }
			}
			NextLink string
		}
		require.NoError(t, json.Unmarshal([]byte(body), &page))
		for _, message := range page.Value {
			if message.Type == "text" {
				ids[message.Content.Message] = append(ids[message.Content.Message], message.ID)
			}
		}
		next = page.NextLink
	}
	return ids
}

var kills = flag.Int("kills", 1, "how often TestKilled kills chatdev")

// TestKilled kills chatdev while clients send messages, and restarts it. Every
// message whose send was answered must then exist exactly once, and every other
// message at most once.
func TestKilled(t *testing.T) {
	for i := range *kills {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) { testKilled(t, 300+37*i) })
	}
}

func testKilled(t *testing.T, answersBeforeKill int) {
	const clients = 16
	file := filepath.Join(t.TempDir(), "chat.db")
	p, ready := startWithFile(t, file)
	token := ready.Users["jane"].Token
	thread := createThread(t, ready.Endpoint, token)

	var mu sync.Mutex
	answered, sent := map[string]string{}, map[string]bool{} // the keys are contents, the values of answered are ids
	kill := make(chan struct{})
	var writing sync.WaitGroup
	for c := range clients {
		writing.Go(func() {
			for i := 0; ; i++ {
				content := fmt.Sprintf("message %d of client %d", i, c)
				mu.Lock()
				sent[content] = true
				mu.Unlock()
				id, ok := post(ready.Endpoint, thread, token, content)
				if !ok {
					return
				}
				mu.Lock()
				if answered[content] = id; len(answered) == answersBeforeKill {
					close(kill)
				}
				mu.Unlock()
			}
		})
	}
	stopped := make(chan struct{})
	go func() {
		writing.Wait()
		close(stopped)
	}()
	select {
	case <-kill:
	case <-stopped:
		t.Fatalf("all clients failed after %d messages: %s", len(answered), &p.stderr)
	}
	require.NoError(t, p.Process.Kill())
	_ = p.Wait() // returns an error, because the process was killed
	<-stopped

	p, ready = startWithFile(t, file)
	ids := listMessages(t, ready.Endpoint, thread, token) // the token from before the kill
	for content, id := range answered {
		assert.Equal(t, []string{id}, ids[content], content)
	}
	for content := range ids {
		assert.True(t, sent[content], content)
		assert.Len(t, ids[content], 1, content)
	}
	t.Logf("%d messages sent, %d answered, %d stored", len(sent), len(answered), len(ids))

	id, ok := post(ready.Endpoint, thread, token, "after")
	assert.True(t, ok, "chatdev works after the restart")
	assert.Equal(t, []string{id}, listMessages(t, ready.Endpoint, thread, token)["after"])
	p.interrupt(t)
}

func TestStateSurvivesARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "chat.db")
	p, ready := startWithFile(t, file)
	token := ready.Users["jane"].Token
	thread := createThread(t, ready.Endpoint, token)
	id, ok := post(ready.Endpoint, thread, token, "Pizza?")
	require.True(t, ok)

	other := start(t, "", "-page", "", "-acs", "localhost:0", "-db", file)
	_ = other.Wait() // the exit code is checked below
	assert.Equal(t, 1, other.ProcessState.ExitCode())
	assert.Contains(t, other.stderr.String(), "-db: filestore: "+file+" is in use")
	p.interrupt(t)

	p, again := startWithFile(t, file)
	assert.Equal(t, map[string][]string{"Pizza?": {id}}, listMessages(t, again.Endpoint, thread, token))
	assert.NotEqual(t, ready.Users["jane"].ID, again.Users["jane"].ID, "names are new users in every run")
	p.interrupt(t)
}
