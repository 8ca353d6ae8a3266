package chatcore_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// checkDateTime reports whether a text is accepted as a date and time in a request.
func checkDateTime(t *testing.T, e chatcore.Endpoint, text string) bool {
	t.Helper()
	_, err := chatcore.BuildAddChatParticipants(e, "", threadID, chatcore.AddChatParticipantsRequest{Participants: []chatcore.ChatParticipant{
		{CommunicationIdentifier: chatcore.RawIdentifier(jane), ShareHistoryTime: chatcore.DateTime(text)},
	}})
	if err != nil {
		e := requireInvalidArgument(t, err, "addParticipants", "participants[0].shareHistoryTime")
		require.Contains(t, e.Message, "RFC 3339")
	}
	return err == nil
}

func TestDateTimes(t *testing.T) {
	e := testEndpoint(t)
	for _, text := range []string{
		"2020-06-06T05:55:41Z", "2020-06-06T05:55:41.6460000Z", "1970-01-01T00:00:00.000Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z",
		"2020-06-06T05:55:41.6Z", "2020-06-06T05:55:41.123456789Z", "2020-06-06T00:00:00Z", "2020-06-06T23:59:59Z",
		"2020-06-06T05:55:41+00:00", "2020-06-06T05:55:41-00:00", "2020-06-06T05:55:41+09:30", "2020-06-06T05:55:41.5-23:59", "2020-06-06T05:55:41+23:59",
		"2020-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "2400-02-29T00:00:00Z", "2021-02-28T00:00:00Z", "2020-01-31T00:00:00Z", "2020-04-30T00:00:00Z", "2020-12-31T00:00:00Z",

		"2020", "2020-06-06", "2020-06-06T05:55Z", "2020-06-06T05:55:41", "2020-06-06 05:55:41Z", "2020-06-06T05:55:41 Z", " 2020-06-06T05:55:41Z",
		"2020-06-06T05:55:41Z ", "2020-06-06T05:55:41ZZ", "2020-06-06T05:55:41.Z", "2020-06-06T05:55:41.6", "2020-06-06T05:55:41.+00:00", "2020-06-06T05:55:41.6.6Z",
		"2020-00-06T05:55:41Z", "2020-13-06T05:55:41Z", "2020-06-00T05:55:41Z", "2020-06-31T05:55:41Z", "2020-01-32T00:00:00Z", "2020-04-31T00:00:00Z",
		"2020-09-31T00:00:00Z", "2020-11-31T00:00:00Z", "2021-02-29T00:00:00Z", "2020-02-30T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
		"2020-06-06T24:00:00Z", "2020-06-06T05:60:41Z", "2020-06-06T05:55:61Z", "2020-06-06T05:55:99Z",
		"2020-06-06T05:55:41+0930", "2020-06-06T05:55:41+09", "2020-06-06T05:55:41+09:3", "2020-06-06T05:55:41+9:30", "2020-06-06T05:55:41+09:300", "2020-06-06T05:55:41+09:99",
		"2020-06-06T05:55:41+99:00", "2020-06-06T05:55:41+", "2020-06-06T05:55:41+:", "2020-06-06T05:55:41*09:30", "2020-06-06T05:55:41Z+09:30",
		"20-06-06T05:55:41Z", "02020-06-06T05:55:41Z", "+2020-06-06T05:55:41Z", "-020-06-06T05:55:41Z", "2020-6-06T05:55:41Z", "2020/06/06T05:55:41Z", "2020-06-06T05:5a:41Z",
		"2020-06-06T+5:55:41Z", "2020-06-06T05-55-41Z", "２020-06-06T05:55:41Z", "today", "1591422941", "Z", "-", "T",
	} {
		_, err := time.Parse(time.RFC3339Nano, text)
		assert.Equal(t, err == nil, checkDateTime(t, e, text), "%q", text)
	}
	assert.True(t, checkDateTime(t, e, ""), "no date")
}

// TestDateTimesThatDifferFromPackageTime lists the differences from time.Parse and the reasons.
func TestDateTimesThatDifferFromPackageTime(t *testing.T) {
	e := testEndpoint(t)
	for _, test := range []struct {
		text         string
		ours, theirs bool
	}{
		{"2016-12-31T23:59:60Z", true, false}, // RFC 3339 has leap seconds
		{"2020-06-06t05:55:41Z", true, false}, // and allows lower-case letters
		{"2020-06-06T05:55:41z", true, false},
		{"2020-06-06T05:55:41.1234567890Z", false, true}, // more digits than Go's clock has
		{"2020-06-06T05:55:41,5Z", false, true},          // RFC 3339 does not allow these, but package time does
		{"2020-06-06T5:55:41Z", false, true},
		{"2020-06-06T05:55:41+24:00", false, true},
		{"2020-06-06T05:55:41+09:60", false, true},
	} {
		_, err := time.Parse(time.RFC3339Nano, test.text)
		assert.Equal(t, test.theirs, err == nil, "package time: %q", test.text)
		assert.Equal(t, test.ours, checkDateTime(t, e, test.text), "%q", test.text)
	}
}

// TestDateTimeByteByByte changes every byte of two times, and compares the result with package time's.
func TestDateTimeByteByByte(t *testing.T) {
	e := testEndpoint(t)
	unlike := regexp.MustCompile(`[tz]|T\d:|:60`) // the differences above
	for _, text := range []string{"2020-12-29T15:55:41.64Z", "2020-02-19T05:50:01-09:30"} {
		for i := range len(text) {
			for _, c := range []string{"", "0", "1", "2", "3", "4", "6", "9", "-", ":", "T", "Z", ".", " ", "+", "/", "a"} {
				changed := text[:i] + c + text[i+1:]
				if unlike.MatchString(changed) {
					continue
				}
				_, err := time.Parse(time.RFC3339Nano, changed)
				assert.Equal(t, err == nil, checkDateTime(t, e, changed), "%q", changed)
			}
		}
	}
}
