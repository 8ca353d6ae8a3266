package emulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// api is what the operations of one REST API have in common.
type api struct {
	versions     []apiVersion
	authenticate func(*Emulator, *call) *communicationError
}

var (
	chatAPI     = &api{chatVersions, (*Emulator).authenticateUser}
	identityAPI = &api{identityVersions, (*Emulator).authenticateSignature}
)

// route is one operation of the service.
type route struct {
	method    string
	path      string // segments in braces are parameters; the others are literal, the colon of ":add" included
	api       *api
	scopes    []string // a user's token needs one of these; none: the operation takes no user tokens
	operation func(*Emulator, *call) (response, *communicationError)
}

// routes is all the emulator can do.
var routes = []route{
	{http.MethodPost, "/chat/threads", chatAPI, mayManageThreads, (*Emulator).createChatThread},
	{http.MethodPost, "/chat/threads/{chatThreadId}/participants/:add", chatAPI, mayManageParticipants, (*Emulator).addChatParticipants},
	{http.MethodPost, "/chat/threads/{chatThreadId}/messages", chatAPI, mayTakePart, (*Emulator).sendChatMessage},
	{http.MethodPost, "/identities", identityAPI, nil, (*Emulator).createIdentity},
	{http.MethodPost, "/identities/{id}/:issueAccessToken", identityAPI, nil, (*Emulator).issueAccessToken},
}

// findRoute finds the operation a request is for and its path parameters. For a known path with another method it sets
// Allow in header.
func findRoute(r *http.Request, header http.Header) (*route, map[string]string, *communicationError) {
	var allow []string
	for i := range routes {
		parameters, ok := matchPath(routes[i].path, r.URL.EscapedPath())
		if !ok {
			continue
		}
		if routes[i].method == r.Method {
			return &routes[i], parameters, nil
		}
		allow = append(allow, routes[i].method)
	}
	if allow == nil {
		return nil, nil, notFound("There is nothing at this path.")
	}
	slices.Sort(allow)
	header.Set("Allow", strings.Join(allow, ", "))
	return nil, nil, methodNotAllowed(allow)
}

// matchPath compares segment by segment, still encoded, and decodes the parameters alone: an encoded slash stays within
// its parameter, and "%3Aadd" is not ":add".
func matchPath(pattern, escaped string) (map[string]string, bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(escaped, "/")
	if len(want) != len(have) {
		return nil, false
	}
	parameters := map[string]string{}
	for i, segment := range want {
		name, isParameter := strings.CutPrefix(segment, "{")
		if !isParameter {
			if segment != have[i] {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(have[i])
		if err != nil || value == "" {
			return nil, false
		}
		parameters[strings.TrimSuffix(name, "}")] = value
	}
	return parameters, true
}
