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
	name      string // as the client's method that calls it
	method    string
	path      string // segments in braces are parameters; the others are literal, the colon of ":add" included
	api       *api
	scopes    []string // a user's token needs one of these; none: the operation takes no user tokens
	limits    []*limit
	operation func(*Emulator, *call) (response, *communicationError)
}

// routes is all the emulator can do.
var routes = []route{
	{"createThread", http.MethodPost, "/chat/threads", chatAPI, mayManageThreads, createLimits, (*Emulator).createChatThread},
	{"addParticipants", http.MethodPost, "/chat/threads/{chatThreadId}/participants/:add", chatAPI, mayManageParticipants, participantLimits, (*Emulator).addChatParticipants},
	{"sendMessage", http.MethodPost, "/chat/threads/{chatThreadId}/messages", chatAPI, mayTakePart, messageLimits, (*Emulator).sendChatMessage},
	{"createIdentity", http.MethodPost, "/identities", identityAPI, nil, nil, (*Emulator).createIdentity},
	{"issueAccessToken", http.MethodPost, "/identities/{id}/:issueAccessToken", identityAPI, nil, nil, (*Emulator).issueAccessToken},
}

func operationNames() []string {
	var names []string
	for i := range routes {
		names = append(names, routes[i].name)
	}
	return names
}

// findRoute finds the operation that a method and a path are for, and its path parameters. For a known path with another
// method it sets Allow in header.
func findRoute(method, escapedPath string, header http.Header) (*route, map[string]string, *communicationError) {
	var allow []string
	for i := range routes {
		parameters, ok := matchPath(routes[i].path, escapedPath)
		if !ok {
			continue
		}
		if routes[i].method == method {
			return &routes[i], parameters, nil
		}
		allow = append(allow, routes[i].method)
	}
	if allow == nil {
		return nil, nil, notFound("There is nothing at this path.")
	}
	slices.Sort(allow)
	return nil, nil, methodNotAllowed(header, allow)
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
