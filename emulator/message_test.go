package emulator_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

func TestSendChatMessage(t *testing.T) {
	em, clock := newEmulator()
	jane := em.NewUser()
	path := newThread(t, em, jane)
	clock.advance(5 * time.Second)
	w := post(em, path+"/messages?api-version=2024-03-15-preview", jane.Token, `{"content":"<b>Hi</b>","type":"html","senderDisplayName":"Jane",
		"metadata":{"k":"v"},"attachments":[{"id":"a","attachmentType":"image","name":"n","url":"u","previewUrl":"p"}]}`)
	assert.JSONEq(t, `{"id":"1795342835456"}`, w.Body.String())
	assert.Equal(t, http.StatusCreated, w.Code)
	assert.Equal(t, "http://localhost:8081"+strings.Replace(path, ":", "%3A", 1)+"/messages/1795342835456", w.Header().Get("Location"))

	require.Len(t, em.Threads()[0].Messages, 3)
	assert.Equal(t, emulator.Message{
		ID: "1795342835456", Version: "1795342835456", SequenceID: "3", Type: "html",
		Content: emulator.MessageContent{Message: "<b>Hi</b>",
			Attachments: []emulator.Attachment{{ID: "a", AttachmentType: "image", Name: "n", URL: "u", PreviewURL: "p"}}},
		SenderDisplayName: "Jane", Sender: jane.ID, CreatedOn: clock.Now().Truncate(time.Second), Metadata: map[string]string{"k": "v"},
	}, em.Threads()[0].Messages[2])

	require.Equal(t, http.StatusCreated, post(em, path+"/messages"+chatVersion, jane.Token, `{"content":"Hi"}`).Code)
	assert.Equal(t, "text", em.Threads()[0].Messages[3].Type, "text is the default type")
}

func TestMessageIDsIncreaseWhenTheClockDoesNot(t *testing.T) {
	em, clock := newEmulator()
	jane := em.NewUser()
	path := newThread(t, em, jane)
	newThread(t, em, jane)
	clock.advance(-time.Hour)
	const messages = 50
	var wg sync.WaitGroup
	for range messages {
		wg.Go(func() { post(em, path+"/messages"+chatVersion, jane.Token, `{"content":"Hi"}`) })
	}
	wg.Wait()
	previousID := em.Threads()[1].Messages[1].ID
	sent := em.Threads()[0].Messages[2:]
	require.Len(t, sent, messages)
	for _, m := range sent {
		assert.Regexp(t, `^\d{13}$`, m.ID)
		assert.Greater(t, m.ID, previousID, "ids also increase across threads")
		previousID = m.ID
	}
}

func TestSendRefusesBadFields(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	path := newThread(t, em, jane)
	const stable, preview, latest = "2024-03-07", "2024-03-15-preview", "2025-03-15"
	for name, c := range map[string]struct{ version, body, target string }{ // an empty target means success
		"no content":                  {latest, `{}`, "content"},
		"null content":                {latest, `{"content":null}`, "content"},
		"content not a string":        {latest, `{"content":{"message":"Hi"}}`, "content"},
		"empty content":               {latest, `{"content":""}`, ""},
		"largest content":             {latest, `{"content":"` + strings.Repeat("é", 14*1024) + `"}`, ""},
		"larger content":              {latest, `{"content":"` + strings.Repeat("é", 14*1024) + `e"}`, "content"},
		"system type":                 {latest, `{"content":"x","type":"topicUpdated"}`, "type"},
		"type in capitals":            {latest, `{"content":"x","type":"Text"}`, "type"},
		"type not a string":           {latest, `{"content":"x","type":1}`, "type"},
		"name not a string":           {latest, `{"content":"x","senderDisplayName":false}`, "senderDisplayName"},
		"metadata":                    {stable, `{"content":"x","metadata":{"k":"v"}}`, ""},
		"large metadata":              {latest, `{"content":"x","metadata":{"k":"` + strings.Repeat("v", 2000) + `"}}`, ""},
		"metadata value not a string": {latest, `{"content":"x","metadata":{"k":["v"]}}`, "metadata.k"},
		"attachments 2024":            {stable, `{"content":"x","attachments":[]}`, "attachments"},
		"attachments 2025":            {latest, `{"content":"x","attachments":[]}`, "attachments"},
		"attachment without id":       {preview, `{"content":"x","attachments":[{"attachmentType":"file"}]}`, "attachments[0].id"},
		"attachment without type":     {preview, `{"content":"x","attachments":[{"id":"a","attachmentType":"file"},{"id":"b"}]}`, "attachments[1].attachmentType"},
		"unknown attachment type":     {preview, `{"content":"x","attachments":[{"id":"a","attachmentType":"inlineImage"}]}`, "attachments[0].attachmentType"},
	} {
		t.Run(name, func(t *testing.T) {
			w := post(em, path+"/messages?api-version="+c.version, jane.Token, c.body)
			if c.target == "" {
				require.Equal(t, http.StatusCreated, w.Code, w.Body)
				return
			}
			requireBadField(t, w, c.target)
		})
	}
}

func TestOnlyParticipantsMaySend(t *testing.T) {
	em, _ := newEmulator()
	jane, alex := em.NewUser(), em.NewUser()
	path := newThread(t, em, jane)
	requireError(t, post(em, path+"/messages"+chatVersion, alex.Token, `{"content":"Hi"}`), http.StatusForbidden, "Forbidden")
	requireError(t, post(em, "/chat/threads/unknown/messages"+chatVersion, jane.Token, `{"content":"Hi"}`), http.StatusNotFound, "NotFound")
	assert.Len(t, em.Threads()[0].Messages, 2)
}
