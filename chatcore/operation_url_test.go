package chatcore_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hostileIDs would change a URL if they were not escaped.
var hostileIDs = []string{
	threadID, "34adfa4f-cedf-4dc0-ba29-b6d1a69ab345", "a/b", "a/../b", "../../evil", "...", ".a", "a.", "%2e%2e", "%2E", "%", "a%2Fb", "x?y#z", "a&b=c", ";a", "a+b", "a b", " ",
	"a\\b", "\x00", "\r\nHost: evil", "é", "日本", "😀", "-_.!~*'()", `$&+,/:;=?@"<>#%{}|\^[]` + "`", "\x7f", "a:b", ":add", strings.Repeat("x", 1000),
}

// TestIDsInURLs: every id becomes one segment of the path, and no id changes the rest of the URL.
func TestIDsInURLs(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		for i, name := range methodNamed(t, op.name).IDs {
			above, below, _ := strings.Cut(op.path, targetIDs[i])
			for _, id := range hostileIDs {
				ids := targetIDs
				ids[i] = id
				req, err := op.build(testEndpoint(t), "", ids, op.request)
				require.NoError(t, err, "%q", id)
				wire := strings.Replace(above, threadID, encodeURIComponent(threadID), 1)
				assert.Equal(t, origin+wire+encodeURIComponent(id)+below+"?api-version="+op.apiVersion, req.URL)

				u, err := url.Parse(req.URL)
				require.NoError(t, err)
				assert.Equal(t, origin, u.Scheme+"://"+u.Host)
				assert.Equal(t, above+id+below, u.Path)
				segments := strings.Split(u.EscapedPath(), "/")
				decoded, err := url.PathUnescape(segments[3+2*i])
				require.NoError(t, err)
				assert.Equal(t, id, decoded, "one segment")
				assert.Empty(t, u.Fragment)
			}
			for _, id := range []string{"", ".", ".."} {
				ids := targetIDs
				ids[i] = id
				_, err := op.build(testEndpoint(t), "", ids, op.request)
				requireInvalidArgument(t, err, op.name, name)
			}
		}
	})
}

// TestEveryByteIsEscaped compares the escaping of every byte with encodeURIComponent.
func TestEveryByteIsEscaped(t *testing.T) {
	for c := range 256 {
		id := "a" + string([]byte{byte(c)})
		req, err := sendMessage.build(testEndpoint(t), "", [2]string{id}, sendMessage.request)
		require.NoError(t, err)
		assert.Contains(t, req.URL, "/threads/"+encodeURIComponent(id)+"/messages?")
	}
}

func TestAPIVersionInURL(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		for _, version := range append(hostileIDs, "2025-03-15", "2024-03-07", "2031-01-01") {
			req, err := op.build(testEndpoint(t), version, targetIDs, op.request)
			require.NoError(t, err, "%q", version)
			u, err := url.Parse(req.URL)
			require.NoError(t, err)
			assert.Equal(t, "api-version="+encodeURIComponent(version), u.RawQuery)
			assert.Equal(t, op.path, u.Path)
			assert.Empty(t, u.Fragment)
		}
	})
}
