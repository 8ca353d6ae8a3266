package chathttp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

// scene is a resource with a thread of Jane's, with Joe as a participant and a message of Jane's.
type scene struct {
	*resource
	jane, joe emulator.User
	client    *chathttp.Client // Jane's
	thread    string
	message   string
}

func newScene(t *testing.T) *scene {
	t.Helper()
	r := newResource(t)
	s := &scene{resource: r, jane: r.NewUser(), joe: r.NewUser()}
	s.client = r.client(t, s.jane.Token)
	created, err := s.client.CreateThread(t.Context(), chatcore.CreateChatThreadRequest{Topic: "Lunch", Participants: participants(s.joe.ID)}, nil)
	require.NoError(t, err)
	s.thread = created.ChatThread.ID
	sent, err := s.client.SendMessage(t.Context(), s.thread, hi, nil)
	require.NoError(t, err)
	s.message = sent.ID
	return s
}

// currentThread returns the emulator's state of the thread.
func (s *scene) currentThread() emulator.Thread { return s.Threads()[0] }

// currentMessage returns the newest message in the emulator's state of the thread.
func (s *scene) currentMessage() emulator.Message {
	messages := s.currentThread().Messages
	return messages[len(messages)-1]
}

// foreignUserID is the id of a user of another resource.
var foreignUserID = emulator.New(emulator.Options{AccessKey: "b3RoZXI="}).NewUser().ID

func participantIDs(thread emulator.Thread) (ids []string) {
	for _, p := range thread.Participants {
		ids = append(ids, p.ID)
	}
	return ids
}
