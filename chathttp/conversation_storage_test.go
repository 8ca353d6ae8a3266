package chathttp_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/chathttp/filequeue"
	"acschat/chatstate"
	"acschat/emulator"
)

// filesOf returns what the files of a folder contain.
func filesOf(t *testing.T, folder string) string {
	t.Helper()
	var all strings.Builder
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		all.WriteString(path + "\n" + string(content) + "\n")
		return err
	}))
	return all.String()
}

// TestQueueOverARestart: a program ends while it is offline, and the next one sends what it has queued.
func TestQueueOverARestart(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		thread := lunchOf(t, em, jane)
		path := t.TempDir()
		way := &offline{service: handled(em)}
		run := func() *chathttp.Client {
			return newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(way.RoundTrip), Storage: openFolder(t, path)})
		}

		first := run()
		c := openConversation(t, first, thread)
		pass(time.Second)
		assert.Equal(t, chatstate.Disk, c.Snapshot().Durability)
		way.isOff.Store(true)
		var queued []*chathttp.PendingMessage
		for i := range 5 {
			queued = append(queued, c.send(fmt.Sprint(i)))
		}
		pass(time.Minute)
		done, err := c.Edit(t.Context(), queued[3].Key, chatcore.SendChatMessageRequest{Content: "edited"})
		require.NoError(t, err)
		require.True(t, done)
		last := c.send("at the last moment")
		first.Close()
		_, err = last.Wait(t.Context())
		requireCode(t, err, chatcore.Closed)
		assert.Contains(t, filesOf(t, path), "at the last moment", "stored when Close returns")
		assert.Empty(t, stored(em))

		way.isOff.Store(false)
		c = openConversation(t, run(), thread)
		pass(2 * time.Minute)
		want := []string{"0", "1", "2", "edited", "4", "at the last moment"}
		assert.Equal(t, want, stored(em))
		assert.Equal(t, want, texts(c.Snapshot()))
		for i, m := range c.Snapshot().Messages[len(c.Snapshot().Messages)-6:] {
			if i < 5 {
				assert.Equal(t, queued[i].Key, m.Key, "it has the key that it was queued with")
			}
		}
		left := filesOf(t, path)
		assert.NotContains(t, left, "edited")
		assert.NotContains(t, left, "last moment")
	})
}

// TestRestartAfterALostAnswer: the message was stored, but its program has never learnt it.
func TestRestartAfterALostAnswer(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		thread := lunchOf(t, em, jane)
		path := t.TempDir()
		hangs := transport(func(r *http.Request) (*http.Response, error) {
			response, err := handled(em)(r)
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/messages") {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return response, err
		})
		first := newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(hangs), Storage: openFolder(t, path)})
		second := newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(handled(em)), Storage: openFolder(t, path)})
		c := openConversation(t, first, thread)
		pass(time.Second)
		c.send("once")
		c.send("next")
		pass(200 * time.Millisecond) // the next poll would show it
		require.Equal(t, []string{"once"}, stored(em))
		first.Close()
		c = openConversation(t, second, thread)
		pass(2 * time.Minute)
		assert.Equal(t, []string{"once", "next"}, stored(em))
		assert.Equal(t, []string{"once", "next"}, texts(c.Snapshot()))
	})
}

// TestTwoClientsShareAQueue: both show what either has queued, and each message is sent once.
func TestTwoClientsShareAQueue(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		thread := lunchOf(t, em, jane)
		path := t.TempDir()
		way := &offline{service: handled(em)}
		var clients []*chathttp.Client
		for range 2 {
			clients = append(clients, newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(way.RoundTrip), Storage: openFolder(t, path)}))
		}
		first, second := openConversation(t, clients[0], thread), openConversation(t, clients[1], thread)
		pass(time.Second)
		way.isOff.Store(true)
		var sent []*chathttp.PendingMessage
		for i := range 6 {
			c := first
			if i%2 == 1 {
				c = second
			}
			sent = append(sent, c.send(fmt.Sprint(i)))
			pass(time.Second)
		}
		assert.Equal(t, keysOf(first.Snapshot()), keysOf(second.Snapshot()))
		done, err := second.Cancel(t.Context(), sent[5].Key)
		require.NoError(t, err)
		require.True(t, done)
		pass(time.Second)
		assert.NotContains(t, keysOf(first.Snapshot()), sent[5].Key)

		way.isOff.Store(false)
		for _, m := range sent[:5] {
			requireSent(t, first, m)
		}
		pass(2 * time.Minute)
		want := []string{"0", "1", "2", "3", "4"}
		assert.Equal(t, want, stored(em))
		assert.Equal(t, want, texts(first.Snapshot()))
		assert.Equal(t, want, texts(second.Snapshot()))
	})
}

func keysOf(s *chathttp.Snapshot) (keys []string) {
	for _, m := range s.Messages {
		keys = append(keys, m.Key)
	}
	return keys
}

// TestForget: what is stored of a user goes, also in another program, and what is stored of others stays.
func TestForget(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane, joe := em.NewUser(), em.NewUser()
		thread := lunchOf(t, em, jane, joe)
		path := t.TempDir()
		way := &offline{service: handled(em)}
		var clients []*chathttp.Client
		for _, token := range []string{jane.Token, jane.Token, joe.Token} {
			clients = append(clients, newClient(t, chathttp.Options{Token: token, HTTPClient: over(way.RoundTrip), Storage: openFolder(t, path)}))
		}
		first, second, joes := openConversation(t, clients[0], thread), openConversation(t, clients[1], thread), openConversation(t, clients[2], thread)
		pass(time.Second)
		require.NoError(t, first.MarkRead(t.Context(), ""))
		way.isOff.Store(true)
		secret := first.send("Jane's")
		joes.send("Joe's")
		pass(20 * time.Second)
		assert.Contains(t, texts(second.Snapshot())[0], "Jane's")
		files := filesOf(t, path)
		assert.Contains(t, files, "Jane's")
		for _, token := range []string{jane.Token, joe.Token} {
			assert.NotContains(t, files, token)
		}

		require.NoError(t, clients[0].Forget(t.Context()))
		_, err := secret.Wait(t.Context())
		requireCode(t, err, chatstate.Cancelled)
		pass(10 * time.Second)
		files = filesOf(t, path)
		assert.NotContains(t, files, "Jane's")
		assert.NotContains(t, files, jane.ID)
		assert.Contains(t, files, "Joe's")
		assert.Empty(t, texts(first.Snapshot()))
		assert.Empty(t, texts(second.Snapshot()))
		way.isOff.Store(false)
		pass(2 * time.Minute)
		assert.Equal(t, []string{"Joe's"}, stored(em))
	})
}

// TestForgetBeforeATokenIsKnown: Forget gets one.
func TestForgetBeforeATokenIsKnown(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		thread := lunchOf(t, em, jane)
		path := t.TempDir()
		tokenFunc := func(context.Context, bool) (string, error) { return jane.Token, nil }
		run := func() *chathttp.Client {
			return newClient(t, chathttp.Options{TokenFunc: tokenFunc, HTTPClient: over(handled(em)), Storage: openFolder(t, path)})
		}
		first, second := run(), run()
		c := openConversation(t, first, thread)
		pass(time.Second)
		em.Fail(emulator.Rule{Operation: "sendMessage", Status: 503})
		c.send("secret")
		pass(time.Second)
		first.Close()
		assert.Contains(t, filesOf(t, path), "secret")
		assert.Empty(t, second.UserID())
		require.NoError(t, second.Forget(t.Context()))
		assert.Equal(t, jane.ID, second.UserID())
		assert.NotContains(t, filesOf(t, path), "secret")

		nobody := newClient(t, chathttp.Options{
			TokenFunc:  func(context.Context, bool) (string, error) { return "", errors.New("no session") },
			HTTPClient: over(unreachable(t)), Storage: openFolder(t, path),
		})
		requireCode(t, nobody.Forget(t.Context()), chatcore.TokenError)
	})
}

// TestAnotherUsersToken: what Jane has queued is never sent as Joe.
func TestAnotherUsersToken(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane, joe := em.NewUser(), em.NewUser()
		thread := lunchOf(t, em, jane, joe)
		path := t.TempDir()
		var token atomic.Pointer[string]
		token.Store(&jane.Token)
		client := newClient(t, chathttp.Options{
			TokenFunc:  func(context.Context, bool) (string, error) { return *token.Load(), nil },
			HTTPClient: over(handled(em)), Storage: openFolder(t, path),
		})
		c := openConversation(t, client, thread)
		pass(time.Second)
		em.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, Status: 401})
		token.Store(&joe.Token)
		c.send("Jane's")
		pass(time.Minute)
		assert.Empty(t, stored(em))
		assert.Equal(t, chatstate.TokenPause, c.Snapshot().Paused)
	})
}

// brokenStorage is a Storage whose methods fail once they are told to.
type brokenStorage struct {
	*filequeue.Folder
	isBroken atomic.Bool
}

var errDisk = errors.New("the disk is full")

func (b *brokenStorage) Put(ctx context.Context, queue string, record chatstate.Record, expected string) (int64, bool, error) {
	if b.isBroken.Load() {
		return 0, false, errDisk
	}
	return b.Folder.Put(ctx, queue, record, expected)
}

func (b *brokenStorage) Forget(ctx context.Context, prefix string) error {
	if b.isBroken.Load() {
		return errDisk
	}
	return b.Folder.Forget(ctx, prefix)
}

func TestStorageFails(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		thread := lunchOf(t, em, jane)
		storage := &brokenStorage{Folder: openFolder(t, t.TempDir())}
		client := newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(handled(em)), Storage: storage})
		c := openConversation(t, client, thread)
		pass(time.Second)
		em.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, Status: 400})
		blocked, queued := c.send("blocked"), c.send("queued")
		pass(time.Second)
		storage.isBroken.Store(true)
		done, err := c.Edit(t.Context(), queued.Key, hi)
		assert.NoError(t, err)
		assert.False(t, done)
		assert.Equal(t, chatstate.Memory, c.Snapshot().Durability)
		assert.True(t, c.Retry(blocked.Key))
		requireSent(t, c, blocked)
		requireSent(t, c, queued)
		assert.Equal(t, []string{"blocked", "queued"}, stored(em))
		err = client.Forget(t.Context())
		assert.Contains(t, requireCode(t, err, chatstate.StorageError).Hint, "Options.Storage")
		assert.ErrorIs(t, err, errDisk)
	})
}

// TestTwoPrograms: this program and another one share a queue, over a socket and in real time. The other one ends without closing.
func TestTwoPrograms(t *testing.T) {
	const messages = 10
	if os.Getenv("CHATHTTP_ENDPOINT") != "" {
		otherProgram(t, messages)
		return
	}
	if testing.Short() {
		t.Skip("starts a program, and waits for its messages to settle")
	}
	r := newResource(t)
	jane := r.NewUser()
	path := t.TempDir()
	client := newClient(t, chathttp.Options{Endpoint: r.URL, Token: jane.Token, HTTPClient: r.Client(), Storage: openFolder(t, path)})
	created, err := client.CreateThread(t.Context(), lunch, nil)
	require.NoError(t, err)
	thread := created.ChatThread.ID
	c := openConversation(t, client, thread)

	program := exec.Command(os.Args[0], "-test.run=^TestTwoPrograms$", "-test.v")
	program.Env = append(os.Environ(), "CHATHTTP_ENDPOINT="+r.URL, "CHATHTTP_TOKEN="+jane.Token, "CHATHTTP_THREAD="+thread, "CHATHTTP_FOLDER="+path)
	output, err := program.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, program.Start())
	ready := bufio.NewScanner(output)
	for ready.Scan() && ready.Text() != "queued" {
	}
	var want []string
	for i := range messages {
		c.send(fmt.Sprint("first ", i))
		want = append(want, fmt.Sprint("first ", i), fmt.Sprint("second ", i))
		if i == messages/2 {
			require.NoError(t, program.Process.Kill())
			_ = program.Wait()
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	defer cancel()
	for change, err := range c.Changes(ctx) {
		require.NoError(t, err, "%v %+v", texts(c.Snapshot()), c.Snapshot())
		if len(texts(change.Snapshot)) == 2*messages && !slices.ContainsFunc(change.Messages, func(m *chatstate.Message) bool { return m.State != chatstate.Sent }) {
			break
		}
	}
	have := stored(r.Emulator)
	assert.ElementsMatch(t, want, have)
	for _, sender := range []string{"first", "second"} {
		own := slices.DeleteFunc(slices.Clone(have), func(text string) bool { return !strings.HasPrefix(text, sender) })
		assert.True(t, slices.IsSorted(own), "%v", own)
	}
}

// otherProgram queues messages, says so, and goes on sending until it is killed.
func otherProgram(t *testing.T, messages int) {
	folder, err := filequeue.Open(os.Getenv("CHATHTTP_FOLDER"))
	require.NoError(t, err)
	client, err := chathttp.New(chathttp.Options{Endpoint: os.Getenv("CHATHTTP_ENDPOINT"), Token: os.Getenv("CHATHTTP_TOKEN"), Storage: folder})
	require.NoError(t, err)
	c, err := client.OpenConversation(os.Getenv("CHATHTTP_THREAD"), chathttp.ConversationOptions{})
	require.NoError(t, err)
	for change := range c.Changes(t.Context()) {
		if change.Durability == chatstate.Disk {
			break
		}
	}
	for i := range messages {
		_, err := c.Send(chatcore.SendChatMessageRequest{Content: fmt.Sprint("second ", i)})
		require.NoError(t, err)
	}
	for isStored := false; !isStored; time.Sleep(time.Millisecond) {
		files, _ := filepath.Glob(filepath.Join(os.Getenv("CHATHTTP_FOLDER"), "*", "*"))
		for _, file := range files {
			content, _ := os.ReadFile(file) // it may have gone
			isStored = isStored || filepath.Base(file) != "new" && strings.Contains(string(content), fmt.Sprint("second ", messages-1))
		}
	}
	fmt.Println("queued")
	time.Sleep(time.Minute)
}
