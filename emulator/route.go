package emulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// api is what the operations of one REST API have in common.
type api struct {
	versions         []apiVersion
	authenticate     func(*Emulator, *call) *communicationError
	echoesRequestIDs bool
}

var (
	chatAPI     = &api{chatVersions, (*Emulator).authenticateUser, false}
	identityAPI = &api{identityVersions, (*Emulator).authenticateSignature, true}
)

// echoRequestID answers with the id that a client has given its request, where the service does.
func (a *api) echoRequestID(header http.Header, r *http.Request) {
	const name = "x-ms-client-request-id"
	if id := r.Header.Get(name); id != "" && a.echoesRequestIDs {
		header.Set(name, id)
	}
}

// route is one operation of the service.
type route struct {
	name       string // as the client's method that calls it
	method     string
	path       string // segments in braces are parameters; the others are literal, the colon of ":add" included
	api        *api
	scopes     []string // a user's token needs one of these; none: the operation takes no user tokens
	limits     []*limit
	mediaTypes []string // of the body; none: the operation reads no body
	operation  func(*Emulator, *call) (response, *communicationError)
}

// The media types of bodies. It is the service's own oddity that removeParticipant takes both.
var (
	plain      = []string{"application/json"}
	mergePatch = []string{"application/merge-patch+json"}
	either     = []string{"application/json", "application/merge-patch+json"}
)

// The paths of the resources that have several operations.
const (
	threadsPath      = "/chat/threads"
	threadPath       = threadsPath + "/{chatThreadId}"
	messagesPath     = threadPath + "/messages"
	messagePath      = messagesPath + "/{chatMessageId}"
	participantsPath = threadPath + "/participants"
	receiptsPath     = threadPath + "/readReceipts"
	identitiesPath   = "/identities"
	identityPath     = identitiesPath + "/{id}"
)

// routes is all the emulator can do.
var routes = []route{
	{"createThread", http.MethodPost, threadsPath, chatAPI, mayManageThreads, createLimits, plain, (*Emulator).createChatThread},
	{"listThreads", http.MethodGet, threadsPath, chatAPI, mayTakePart, readThreadLimits, nil, (*Emulator).listChatThreads},
	{"getThread", http.MethodGet, threadPath, chatAPI, mayTakePart, readThreadLimits, nil, (*Emulator).getChatThreadProperties},
	{"updateThread", http.MethodPatch, threadPath, chatAPI, mayManageThreads, updateThreadLimits, mergePatch, (*Emulator).updateChatThreadProperties},
	{"deleteThread", http.MethodDelete, threadPath, chatAPI, mayManageThreads, deleteThreadLimits, nil, (*Emulator).deleteChatThread},
	{"sendMessage", http.MethodPost, messagesPath, chatAPI, mayTakePart, messageLimits, plain, (*Emulator).sendChatMessage},
	{"listMessages", http.MethodGet, messagesPath, chatAPI, mayTakePart, listMessageLimits, nil, (*Emulator).listChatMessages},
	{"getMessage", http.MethodGet, messagePath, chatAPI, mayTakePart, getMessageLimits, nil, (*Emulator).getChatMessage},
	{"updateMessage", http.MethodPatch, messagePath, chatAPI, mayTakePart, messageLimits, mergePatch, (*Emulator).updateChatMessage},
	{"deleteMessage", http.MethodDelete, messagePath, chatAPI, mayTakePart, messageLimits, nil, (*Emulator).deleteChatMessage},
	{"addParticipants", http.MethodPost, participantsPath + "/:add", chatAPI, mayManageParticipants, participantLimits, plain, (*Emulator).addChatParticipants},
	{"listParticipants", http.MethodGet, participantsPath, chatAPI, mayTakePart, listParticipantLimits, nil, (*Emulator).listChatParticipants},
	{"removeParticipant", http.MethodPost, participantsPath + "/:remove", chatAPI, mayManageParticipants, participantLimits, either, (*Emulator).removeChatParticipant},
	{"sendTypingNotification", http.MethodPost, threadPath + "/typing", chatAPI, mayTakePart, typingLimits, plain, (*Emulator).sendTypingNotification},
	{"sendReadReceipt", http.MethodPost, receiptsPath, chatAPI, mayTakePart, receiptLimits, plain, (*Emulator).sendChatReadReceipt},
	{"listReadReceipts", http.MethodGet, receiptsPath, chatAPI, mayTakePart, listReceiptLimits, nil, (*Emulator).listChatReadReceipts},
	{"createIdentity", http.MethodPost, identitiesPath, identityAPI, nil, nil, plain, (*Emulator).createIdentity},
	{"issueAccessToken", http.MethodPost, identityPath + "/:issueAccessToken", identityAPI, nil, nil, plain, (*Emulator).issueAccessToken},
	{"revokeAccessTokens", http.MethodPost, identityPath + "/:revokeAccessTokens", identityAPI, nil, nil, nil, (*Emulator).revokeAccessTokens},
	{"deleteIdentity", http.MethodDelete, identityPath, identityAPI, nil, nil, nil, (*Emulator).deleteIdentity},
}

func operationNames() []string {
	var names []string
	for i := range routes {
		names = append(names, routes[i].name)
	}
	return names
}

func isIdentityOperation(name string) bool {
	return slices.ContainsFunc(routes, func(r route) bool { return r.name == name && r.api == identityAPI })
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
