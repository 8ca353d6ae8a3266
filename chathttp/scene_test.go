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

// now returns the thread as the service has it.
func (s *scene) now() emulator.Thread { return s.Threads()[0] }

// sent returns Jane's message as the service has it.
func (s *scene) sent() emulator.Message {
	messages := s.now().Messages
	return messages[len(messages)-1]
}

// stranger is a user of another resource.
var stranger = emulator.New(emulator.Options{AccessKey: "b3RoZXI="}).NewUser().ID

func members(thread emulator.Thread) (ids []string) {
	for _, p := range thread.Participants {
		ids = append(ids, p.ID)
	}
	return ids
}
