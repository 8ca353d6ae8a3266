package chathttp_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
)

func TestTime(t *testing.T) {
	for text, want := range map[chatcore.DateTime]time.Time{
		"":                               {},
		"2020-06-06T05:55:41Z":           time.Date(2020, 6, 6, 5, 55, 41, 0, time.UTC),
		"2020-06-06t05:55:41z":           time.Date(2020, 6, 6, 5, 55, 41, 0, time.UTC),
		"2020-06-06T05:55:41.6460000Z":   time.Date(2020, 6, 6, 5, 55, 41, 646_000_000, time.UTC),
		"2020-06-06T05:55:41.123456789Z": time.Date(2020, 6, 6, 5, 55, 41, 123_456_789, time.UTC),
		"2020-06-06T05:55:41+02:00":      time.Date(2020, 6, 6, 3, 55, 41, 0, time.UTC),
		"2016-12-31T23:59:60Z":           time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC),
		"2016-12-31T23:59:60.5Z":         time.Date(2017, 1, 1, 0, 0, 0, 500_000_000, time.UTC),
	} {
		got, err := chathttp.Time(text)
		require.NoError(t, err, text)
		assert.True(t, want.Equal(got), "%s: %v", text, got)
	}
	for _, text := range []chatcore.DateTime{"yesterday", "2020-06-06", "2020-13-06T05:55:41Z", "2020-06-06T05:55:61Z"} {
		_, err := chathttp.Time(text)
		assert.ErrorContains(t, err, string(text))
	}
}

func TestNewDateTime(t *testing.T) {
	assert.Empty(t, chathttp.NewDateTime(time.Time{}))
	east := time.FixedZone("", 2*60*60)
	assert.Equal(t, chatcore.DateTime("2020-06-06T03:55:41Z"), chathttp.NewDateTime(time.Date(2020, 6, 6, 5, 55, 41, 0, east)))
	now := time.Now()
	back, err := chathttp.Time(chathttp.NewDateTime(now))
	require.NoError(t, err)
	assert.True(t, now.Equal(back))
}

// TestDateTimesOfTheService: Time reads what the service writes, and the service accepts what NewDateTime returns.
func TestDateTimesOfTheService(t *testing.T) {
	r := newResource(t)
	client := r.client(t, r.NewUser().Token)
	before := time.Now().Add(-time.Minute)
	created, err := client.CreateThread(t.Context(), lunch, nil)
	require.NoError(t, err)
	createdOn, err := chathttp.Time(created.ChatThread.CreatedOn)
	require.NoError(t, err)
	assert.WithinRange(t, createdOn, before, time.Now().Add(time.Minute))

	threads, err := collect(client.ListThreads(t.Context(), chatcore.ListChatThreadsOptions{StartTime: chathttp.NewDateTime(before)}, nil))
	require.NoError(t, err)
	assert.Len(t, threads, 1)
}
