package emulator

import (
	"net/url"
	"slices"
	"strings"
)

// api describes one of the service's REST APIs.
type api struct {
	versions         []apiVersion
	authenticate     func(*Emulator, *call) *communicationError
	echoesRequestIDs bool
}

var (
	chatAPI     = &api{chatVersions, (*Emulator).authenticateUser, false}
	identityAPI = &api{identityVersions, (*Emulator).authenticateSignature, true}
)

// echoRequestID copies the header x-ms-client-request-id to the response, if the service does so in this API.
func (a *api) echoRequestID(header Header, r *Request) {
	const name = "x-ms-client-request-id"
	if id := r.Header.Get(name); id != "" && a.echoesRequestIDs {
		header.Set(name, id)
	}
}

// route is one operation of the service.
type route struct {
	name       string // the name of the client's method for it
	method     string
	path       string // segments in braces are parameters; all others are literal, including the colon of ":add"
	api        *api
	scopes     []string // the user access token must have one of these; nil: the operation does not use such tokens
	limits     []*limit
	mediaTypes []string // allowed media types of the body; nil: the operation reads no body
	operation  func(*Emulator, *call) (response, *communicationError)
}

// Allowed media types of bodies. Only removeParticipant allows both, as at the service.
var (
	jsonOnly         = []string{"application/json"}
	mergePatchOnly   = []string{"application/merge-patch+json"}
	jsonOrMergePatch = []string{"application/json", "application/merge-patch+json"}
)

// Paths that several operations share.
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

// routes lists all operations.
var routes = []route{
	{"createThread", methodPost, threadsPath, chatAPI, scopesToManageThreads, createLimits, jsonOnly, (*Emulator).createChatThread},
	{"listThreads", methodGet, threadsPath, chatAPI, scopesToParticipate, readThreadLimits, nil, (*Emulator).listChatThreads},
	{"getThread", methodGet, threadPath, chatAPI, scopesToParticipate, readThreadLimits, nil, (*Emulator).getChatThreadProperties},
	{"updateThread", methodPatch, threadPath, chatAPI, scopesToManageThreads, updateThreadLimits, mergePatchOnly, (*Emulator).updateChatThreadProperties},
	{"deleteThread", methodDelete, threadPath, chatAPI, scopesToManageThreads, deleteThreadLimits, nil, (*Emulator).deleteChatThread},
	{"sendMessage", methodPost, messagesPath, chatAPI, scopesToParticipate, messageLimits, jsonOnly, (*Emulator).sendChatMessage},
	{"listMessages", methodGet, messagesPath, chatAPI, scopesToParticipate, listMessageLimits, nil, (*Emulator).listChatMessages},
	{"getMessage", methodGet, messagePath, chatAPI, scopesToParticipate, getMessageLimits, nil, (*Emulator).getChatMessage},
	{"updateMessage", methodPatch, messagePath, chatAPI, scopesToParticipate, messageLimits, mergePatchOnly, (*Emulator).updateChatMessage},
	{"deleteMessage", methodDelete, messagePath, chatAPI, scopesToParticipate, messageLimits, nil, (*Emulator).deleteChatMessage},
	{"addParticipants", methodPost, participantsPath + "/:add", chatAPI, scopesToManageParticipants, participantLimits, jsonOnly, (*Emulator).addChatParticipants},
	{"listParticipants", methodGet, participantsPath, chatAPI, scopesToParticipate, listParticipantLimits, nil, (*Emulator).listChatParticipants},
	{"removeParticipant", methodPost, participantsPath + "/:remove", chatAPI, scopesToManageParticipants, participantLimits, jsonOrMergePatch, (*Emulator).removeChatParticipant},
	{"sendTypingNotification", methodPost, threadPath + "/typing", chatAPI, scopesToParticipate, typingLimits, jsonOnly, (*Emulator).sendTypingNotification},
	{"sendReadReceipt", methodPost, receiptsPath, chatAPI, scopesToParticipate, receiptLimits, jsonOnly, (*Emulator).sendChatReadReceipt},
	{"listReadReceipts", methodGet, receiptsPath, chatAPI, scopesToParticipate, listReceiptLimits, nil, (*Emulator).listChatReadReceipts},
	{"createIdentity", methodPost, identitiesPath, identityAPI, nil, nil, jsonOnly, (*Emulator).createIdentity},
	{"issueAccessToken", methodPost, identityPath + "/:issueAccessToken", identityAPI, nil, nil, jsonOnly, (*Emulator).issueAccessToken},
	{"revokeAccessTokens", methodPost, identityPath + "/:revokeAccessTokens", identityAPI, nil, nil, nil, (*Emulator).revokeAccessTokens},
	{"deleteIdentity", methodDelete, identityPath, identityAPI, nil, nil, nil, (*Emulator).deleteIdentity},
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

// findRoute returns the operation for a method and a path, and the path parameters. If the path has only other methods, the
// error is a 405, and findRoute sets Allow in header.
func findRoute(method, escapedPath string, header Header) (*route, map[string]string, *communicationError) {
	var allowed []string
	for i := range routes {
		parameters, ok := matchPath(routes[i].path, escapedPath)
		if !ok {
			continue
		}
		if routes[i].method == method {
			return &routes[i], parameters, nil
		}
		allowed = append(allowed, routes[i].method)
	}
	if allowed == nil {
		return nil, nil, notFound("There is nothing at this path.")
	}
	slices.Sort(allowed)
	return nil, nil, methodNotAllowed(header, allowed)
}

// matchPath compares a path with a route's path and returns the path parameters. It compares the encoded segments and decodes
// only the parameters. So an encoded slash stays in its parameter, and "%3Aadd" does not match ":add".
func matchPath(pattern, escaped string) (map[string]string, bool) {
	patternSegments, segments := strings.Split(pattern, "/"), strings.Split(escaped, "/")
	if len(patternSegments) != len(segments) {
		return nil, false
	}
	parameters := map[string]string{}
	for i, patternSegment := range patternSegments {
		name, isParameter := strings.CutPrefix(patternSegment, "{")
		if !isParameter {
			if patternSegment != segments[i] {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil || value == "" {
			return nil, false
		}
		parameters[strings.TrimSuffix(name, "}")] = value
	}
	return parameters, true
}
