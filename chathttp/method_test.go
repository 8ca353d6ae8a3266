package chathttp_test

import (
	"context"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

// operations call the methods of a client except WatchMessages, with valid arguments.
var operations = map[string]func(context.Context, *chathttp.Client) error{
	"createThread": createThread,
	"listThreads": func(ctx context.Context, c *chathttp.Client) error {
		return drain(c.ListThreads(ctx, chatcore.ListChatThreadsOptions{}, nil))
	},
	"getThread": func(ctx context.Context, c *chathttp.Client) error {
		_, err := c.GetThread(ctx, noThread, nil)
		return err
	},
	"updateThread": func(ctx context.Context, c *chathttp.Client) error {
		return c.UpdateThread(ctx, noThread, chatcore.UpdateChatThreadRequest{Topic: "Dinner"}, nil)
	},
	"deleteThread": func(ctx context.Context, c *chathttp.Client) error { return c.DeleteThread(ctx, noThread, nil) },

	"sendMessage":  sendMessage,
	"listMessages": listMessages,
	"getMessage": func(ctx context.Context, c *chathttp.Client) error {
		_, err := c.GetMessage(ctx, noThread, "1", nil)
		return err
	},
	"updateMessage": func(ctx context.Context, c *chathttp.Client) error {
		return c.UpdateMessage(ctx, noThread, "1", chatcore.UpdateChatMessageRequest{Content: "Hello"}, nil)
	},
	"deleteMessage": func(ctx context.Context, c *chathttp.Client) error { return c.DeleteMessage(ctx, noThread, "1", nil) },

	"addParticipants": func(ctx context.Context, c *chathttp.Client) error {
		_, err := c.AddParticipants(ctx, noThread, chatcore.AddChatParticipantsRequest{Participants: participants("8:acs:x")}, nil)
		return err
	},
	"listParticipants": func(ctx context.Context, c *chathttp.Client) error {
		return drain(c.ListParticipants(ctx, noThread, chatcore.ListChatParticipantsOptions{}, nil))
	},
	"removeParticipant": func(ctx context.Context, c *chathttp.Client) error {
		return c.RemoveParticipant(ctx, noThread, chatcore.RawIdentifier("8:acs:x"), nil)
	},

	"sendTypingNotification": func(ctx context.Context, c *chathttp.Client) error {
		return c.SendTypingNotification(ctx, noThread, chatcore.SendTypingNotificationRequest{}, nil)
	},
	"sendReadReceipt": func(ctx context.Context, c *chathttp.Client) error {
		return c.SendReadReceipt(ctx, noThread, chatcore.SendReadReceiptRequest{ChatMessageID: "1"}, nil)
	},
	"listReadReceipts": func(ctx context.Context, c *chathttp.Client) error {
		return drain(c.ListReadReceipts(ctx, noThread, chatcore.ListChatReadReceiptsOptions{}, nil))
	},
}

// methods are the operations and WatchMessages, which survives most errors that end the others.
var methods = func() map[string]func(context.Context, *chathttp.Client) error {
	all := maps.Clone(operations)
	all["watchMessages"] = func(ctx context.Context, c *chathttp.Client) error {
		return drain(c.WatchMessages(ctx, noThread, chatcore.WatchMessagesOptions{}, nil))
	}
	return all
}()

// noThread is the id of a thread that does not exist.
const noThread = "19:x@thread.v2"

func listMessages(ctx context.Context, c *chathttp.Client) error {
	return drain(c.ListMessages(ctx, noThread, chatcore.ListChatMessagesOptions{}, nil))
}

func createThread(ctx context.Context, c *chathttp.Client) error {
	_, err := c.CreateThread(ctx, lunch, nil)
	return err
}

func sendMessage(ctx context.Context, c *chathttp.Client) error {
	_, err := c.SendMessage(ctx, noThread, hi, nil)
	return err
}

// successes call each method and check its effect.
var successes = map[string]func(*testing.T, *scene){
	"createThread": func(t *testing.T, s *scene) {
		created, err := s.client.CreateThread(t.Context(), chatcore.CreateChatThreadRequest{Topic: "Dinner", Participants: participants(s.joe.ID, foreignUserID)}, nil)
		require.NoError(t, err, "a partial success is a success")
		assert.Equal(t, s.jane.ID, created.ChatThread.CreatedByCommunicationIdentifier.RawID)
		require.Len(t, created.InvalidParticipants, 1)
		assert.Equal(t, foreignUserID, created.InvalidParticipants[0].Target)
		thread := s.Threads()[1]
		assert.Equal(t, thread.ID, created.ChatThread.ID)
		assert.Equal(t, "Dinner", thread.Topic)
		assert.Equal(t, []string{s.jane.ID, s.joe.ID}, participantIDs(thread))
	},
	"listThreads": func(t *testing.T, s *scene) {
		threads, err := collect(s.client.ListThreads(t.Context(), chatcore.ListChatThreadsOptions{}, nil))
		require.NoError(t, err)
		require.Len(t, threads, 1)
		assert.Equal(t, s.thread, threads[0].ID)
		assert.Equal(t, "Lunch", threads[0].Topic)
	},
	"getThread": func(t *testing.T, s *scene) {
		thread, err := s.client.GetThread(t.Context(), s.thread, nil)
		require.NoError(t, err)
		assert.Equal(t, s.thread, thread.ID)
		assert.Equal(t, "Lunch", thread.Topic)
		assert.Equal(t, s.jane.ID, thread.CreatedByCommunicationIdentifier.RawID)
	},
	"updateThread": func(t *testing.T, s *scene) {
		require.NoError(t, s.client.UpdateThread(t.Context(), s.thread, chatcore.UpdateChatThreadRequest{Topic: "Dinner"}, nil))
		assert.Equal(t, "Dinner", s.currentThread().Topic)
	},
	"deleteThread": func(t *testing.T, s *scene) {
		require.NoError(t, s.client.DeleteThread(t.Context(), s.thread, nil))
		assert.False(t, s.currentThread().DeletedOn.IsZero())
	},

	"sendMessage": func(t *testing.T, s *scene) {
		sent, err := s.client.SendMessage(t.Context(), s.thread, chatcore.SendChatMessageRequest{Content: "Ho", SenderDisplayName: "Jane"}, nil)
		require.NoError(t, err)
		message := s.currentMessage()
		assert.Equal(t, message.ID, sent.ID)
		assert.Equal(t, "Ho", message.Content.Message)
		assert.Equal(t, "Jane", message.SenderDisplayName)
		assert.Equal(t, s.jane.ID, message.Sender)
	},
	"listMessages": func(t *testing.T, s *scene) {
		messages, err := collect(s.client.ListMessages(t.Context(), s.thread, chatcore.ListChatMessagesOptions{MaxPageSize: 1}, nil))
		require.NoError(t, err)
		require.Len(t, messages, len(s.currentThread().Messages))
		assert.Equal(t, s.message, messages[0].ID, "the newest first")
	},
	"getMessage": func(t *testing.T, s *scene) {
		message, err := s.client.GetMessage(t.Context(), s.thread, s.message, nil)
		require.NoError(t, err)
		assert.Equal(t, s.message, message.ID)
		assert.Equal(t, "Hi", message.Content.Message)
		assert.Equal(t, s.jane.ID, message.SenderCommunicationIdentifier.RawID)
	},
	"updateMessage": func(t *testing.T, s *scene) {
		require.NoError(t, s.client.UpdateMessage(t.Context(), s.thread, s.message, chatcore.UpdateChatMessageRequest{Content: "Hello"}, nil))
		assert.Equal(t, "Hello", s.currentMessage().Content.Message)
	},
	"deleteMessage": func(t *testing.T, s *scene) {
		require.NoError(t, s.client.DeleteMessage(t.Context(), s.thread, s.message, nil))
		assert.False(t, s.currentMessage().DeletedOn.IsZero())
	},

	"addParticipants": func(t *testing.T, s *scene) {
		june := s.NewUser()
		added, err := s.client.AddParticipants(t.Context(), s.thread, chatcore.AddChatParticipantsRequest{Participants: participants(june.ID, foreignUserID)}, nil)
		require.NoError(t, err, "a partial success is a success")
		require.Len(t, added.InvalidParticipants, 1)
		assert.Equal(t, foreignUserID, added.InvalidParticipants[0].Target)
		assert.Contains(t, participantIDs(s.currentThread()), june.ID)
	},
	"listParticipants": func(t *testing.T, s *scene) {
		list, err := collect(mapSequence(s.client.ListParticipants(t.Context(), s.thread, chatcore.ListChatParticipantsOptions{MaxPageSize: 1}, nil), participantID))
		require.NoError(t, err)
		assert.Equal(t, participantIDs(s.currentThread()), list)
	},
	"removeParticipant": func(t *testing.T, s *scene) {
		require.NoError(t, s.client.RemoveParticipant(t.Context(), s.thread, chatcore.RawIdentifier(s.joe.ID), nil))
		assert.Equal(t, []string{s.jane.ID}, participantIDs(s.currentThread()))
	},

	"sendTypingNotification": func(t *testing.T, s *scene) {
		require.NoError(t, s.client.SendTypingNotification(t.Context(), s.thread, chatcore.SendTypingNotificationRequest{SenderDisplayName: "Jane"}, nil))
		requests := s.received()
		assert.Equal(t, "/chat/threads/"+s.thread+"/typing", requests[len(requests)-1].URL.Path)
	},
	"sendReadReceipt": func(t *testing.T, s *scene) {
		require.NoError(t, s.client.SendReadReceipt(t.Context(), s.thread, chatcore.SendReadReceiptRequest{ChatMessageID: s.message}, nil))
		receipts := s.currentThread().ReadReceipts
		require.Len(t, receipts, 1)
		assert.Equal(t, s.message, receipts[0].MessageID)
	},
	"listReadReceipts": func(t *testing.T, s *scene) {
		for _, user := range []emulator.User{s.jane, s.joe} {
			client := s.resource.client(t, user.Token)
			require.NoError(t, client.SendReadReceipt(t.Context(), s.thread, chatcore.SendReadReceiptRequest{ChatMessageID: s.message}, nil))
		}
		receipts, err := collect(s.client.ListReadReceipts(t.Context(), s.thread, chatcore.ListChatReadReceiptsOptions{MaxPageSize: 1}, nil))
		require.NoError(t, err)
		require.Len(t, receipts, 2)
		for i, user := range []emulator.User{s.jane, s.joe} {
			assert.Equal(t, user.ID, receipts[i].SenderCommunicationIdentifier.RawID)
			assert.Equal(t, s.message, receipts[i].ChatMessageID)
			assert.NotEmpty(t, receipts[i].ReadOn)
		}
	},

	"watchMessages": func(t *testing.T, s *scene) {
		first := s.currentThread().Messages[0].ID
		for message, err := range s.client.WatchMessages(t.Context(), s.thread, chatcore.WatchMessagesOptions{SinceMessageID: first}, nil) {
			require.NoError(t, err)
			if message.ID == s.message {
				assert.Equal(t, "Hi", message.Content.Message)
				return
			}
		}
		t.Error("the watch has ended")
	},
}

func TestEveryMethodSucceeds(t *testing.T) {
	for _, method := range chatcore.Methods {
		t.Run(method.Name, func(t *testing.T) {
			succeed := successes[method.Name]
			require.True(t, succeed != nil, "method_test.go: successes has no %s, a method of chatcore: give Client the method, and call it here", method.Name)
			require.True(t, methods[method.Name] != nil, "method_test.go: operations has no %s, a method of chatcore: call it there", method.Name)
			succeed(t, newScene(t))
		})
	}
}

func TestEveryMethodIsRefused(t *testing.T) {
	r := newResource(t)
	client := r.client(t, "token")
	for name, call := range methods {
		t.Run(name, func(t *testing.T) {
			e := requireCode(t, call(t.Context(), client), chatcore.Unauthorized)
			assert.Equal(t, name, e.Operation)
			assert.Equal(t, 401, e.Status)
			assert.Equal(t, 1, e.Attempts)
		})
	}
}
