package emulator_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDateTimes uses each text as a date-time in a body and in a query. want is the time in UTC and whole seconds. If want is
// empty, the text is refused.
func TestDateTimes(t *testing.T) {
	for text, want := range map[string]string{
		"2020-06-06T05:55:41Z":          "2020-06-06T05:55:41Z",
		"2020-06-06t05:55:41z":          "2020-06-06T05:55:41Z",
		"2020-06-06t05:55:41.5+02:00":   "2020-06-06T03:55:41Z",
		"2016-12-31T23:59:60Z":          "2017-01-01T00:00:00Z",
		"2016-12-31t23:59:60.75z":       "2017-01-01T00:00:00Z",
		"2017-01-01T05:29:60+05:30":     "2017-01-01T00:00:00Z",
		"2020-06-06T05:55:41+23:59":     "2020-06-05T05:56:41Z",
		"2016-12-31T23:59:61Z":          "",
		"2016-12-31T23:60:60Z":          "",
		"2020-02-30T23:59:60Z":          "",
		"9999-12-31T23:59:60Z":          "", // the year 10000
		"2020-06-06T05:55:41+24:00":     "",
		"2020-06-06T05:55:41+02:60":     "",
		"2020-06-06T5:55:41Z":           "",
		"2020-06-06T05:55:41,5Z":        "",
		"2020-06-06 05:55:41Z":          "",
		"2020-06-06T05:55:41":           "",
		"1/1/1970 12:00:00 AM +00:00":   "", // only nextLinks have this form
		"2020-06-06T05:55:41Z and more": "",
	} {
		t.Run(text, func(t *testing.T) {
			s := newScene(t)
			bob := s.NewUser()
			added := serve(s.resource, s.request("addParticipants", s.jane, "",
				`{"participants":[{"communicationIdentifier":{"rawId":"`+bob.ID+`"},"shareHistoryTime":"`+text+`"}]}`))
			listed := serve(s.resource, s.request("listMessages", s.jane, "&startTime="+url.QueryEscape(text), ""))
			if want == "" {
				requireBadField(t, added, "participants[0].shareHistoryTime")
				requireBadField(t, listed, "startTime")
				return
			}
			require.Equal(t, 201, added.Code, added.Body)
			require.Equal(t, 200, listed.Code, listed.Body)
			assert.Contains(t, s.do(t, s.jane, "listParticipants", "", 200).Body.String(), `"shareHistoryTime":"`+want+`"`)
		})
	}
}
