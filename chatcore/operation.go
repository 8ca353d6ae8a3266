package chatcore

// operation is what distinguishes one operation of the service from the others. Code outside the flows asks this table instead of
// comparing operations. The requests of a watch and createClient are no operations of the service, but have a row, too.
type operation struct {
	name       string // of the client method
	httpMethod string // HTTP
	apiVersion string // default
	idCount    int    // ids in the path: 1 for a thread, 2 for a thread and a message
	path       string // after the thread id, or after /chat/threads if there is none; a message id comes last
	success    int    // the only status that the service sends for success

	// requestName is the name of the request in the client method: request, identifier, or options for a list, whose fields are among
	// the options. A GET sends it as the query, other methods as the body.
	requestName     string
	requestOptional bool
	newRequest      func() model
	newResult       func() Result // nil: success has no content

	// prepare completes a new call and returns the request to send. It may be nil.
	prepare func(call *Call, r requestRules, request model) (model, error)
	live    bool // the call ends when something happens, and not after TotalTimeoutMs

	// What holds for repeated requests.
	takesRepeatabilityID bool // the service answers a repeated request with the first one's result
	mayDuplicate         bool // the service carries out a repeated request again
	notFoundIsDone       bool // the service answers 404 to a repeated request whose first one succeeded
	neverRetried         bool // a late one is of no use
	// confirm begins a confirmation of what the call wrote, see confirmation. It may be nil.
	confirm func(*confirmation) bool

	writeTarget      writeTarget // writes to one target go one after another
	throttleGroup    string      // operations that share one limit of the service, in each thread
	throttledPerUser bool        // the limit counts the user's calls in all threads

	smallThreads bool // the service supports it only in threads of up to 20 participants
}

// isList tells whether the result is a page of a list.
func (op *operation) isList() bool { return op.requestName == "options" }

// Result is the result of an operation: a pointer to what its Parse function returns.
type Result interface {
	model
	JSON() string // in the REST documentation's shape
}

// The default api-version is that of the operation's page in the REST documentation. stableVersion is the default of operations
// that have no page of their own among those this client was made from.
const stableVersion = "2025-03-15"

var (
	createThread = &operation{
		name: "createThread", httpMethod: "POST", apiVersion: "2024-03-07", success: 201,
		requestName: "request",
		newRequest:  func() model { return new(CreateChatThreadRequest) },
		newResult:   func() Result { return new(CreateChatThreadResult) },
		prepare:     prepareCreateThread, takesRepeatabilityID: true,
		throttleGroup: "createThread", throttledPerUser: true,
	}
	listThreads = &operation{
		name: "listThreads", httpMethod: "GET", apiVersion: stableVersion, success: 200,
		requestName:   "options",
		newRequest:    func() model { return new(ListChatThreadsOptions) },
		newResult:     func() Result { return new(ChatThreadsItemCollection) },
		throttleGroup: "threads", throttledPerUser: true,
	}
	getThread = &operation{
		name: "getThread", httpMethod: "GET", apiVersion: stableVersion, idCount: 1, success: 200,
		newResult:     func() Result { return new(ChatThreadProperties) },
		throttleGroup: "threads", throttledPerUser: true,
	}
	updateThread = &operation{
		name: "updateThread", httpMethod: "PATCH", apiVersion: stableVersion, idCount: 1, success: 204,
		requestName:   "request",
		newRequest:    func() model { return new(UpdateChatThreadRequest) },
		writeTarget:   threadTarget,
		throttleGroup: "updateThread",
	}
	deleteThread = &operation{
		name: "deleteThread", httpMethod: "DELETE", apiVersion: stableVersion, idCount: 1, success: 204,
		notFoundIsDone: true, confirm: confirmDeleteThread,
		writeTarget:   threadTarget,
		throttleGroup: "deleteThread", throttledPerUser: true,
	}

	sendMessage = &operation{
		name: "sendMessage", httpMethod: "POST", apiVersion: "2024-03-15-preview", idCount: 1, path: "/messages", success: 201,
		requestName: "request",
		newRequest:  func() model { return new(SendChatMessageRequest) },
		newResult:   func() Result { return new(SendChatMessageResult) },
		prepare:     prepareSendMessage, mayDuplicate: true,
		throttleGroup: "messages",
	}
	listMessages = &operation{
		name: "listMessages", httpMethod: "GET", apiVersion: stableVersion, idCount: 1, path: "/messages", success: 200,
		requestName:   "options",
		newRequest:    func() model { return new(ListChatMessagesOptions) },
		newResult:     func() Result { return new(ChatMessagesCollection) },
		throttleGroup: "listMessages",
	}
	getMessage = &operation{
		name: "getMessage", httpMethod: "GET", apiVersion: stableVersion, idCount: 2, path: "/messages", success: 200,
		newResult:     func() Result { return new(ChatMessage) },
		throttleGroup: "getMessage",
	}
	updateMessage = &operation{
		name: "updateMessage", httpMethod: "PATCH", apiVersion: stableVersion, idCount: 2, path: "/messages", success: 204,
		requestName:   "request",
		newRequest:    func() model { return new(UpdateChatMessageRequest) },
		prepare:       prepareUpdateMessage,
		writeTarget:   messageTarget,
		throttleGroup: "messages",
	}
	deleteMessage = &operation{
		name: "deleteMessage", httpMethod: "DELETE", apiVersion: stableVersion, idCount: 2, path: "/messages", success: 204,
		notFoundIsDone: true,
		writeTarget:    messageTarget,
		throttleGroup:  "messages",
	}

	addParticipants = &operation{
		name: "addParticipants", httpMethod: "POST", apiVersion: "2024-03-15-preview", idCount: 1, path: "/participants/:add", success: 201,
		requestName:   "request",
		newRequest:    func() model { return new(AddChatParticipantsRequest) },
		newResult:     func() Result { return new(AddChatParticipantsResult) },
		writeTarget:   participantsTarget,
		throttleGroup: "participants",
	}
	listParticipants = &operation{
		name: "listParticipants", httpMethod: "GET", apiVersion: stableVersion, idCount: 1, path: "/participants", success: 200,
		requestName:   "options",
		newRequest:    func() model { return new(ListChatParticipantsOptions) },
		newResult:     func() Result { return new(ChatParticipantsCollection) },
		throttleGroup: "listParticipants",
	}
	removeParticipant = &operation{
		name: "removeParticipant", httpMethod: "POST", apiVersion: stableVersion, idCount: 1, path: "/participants/:remove", success: 204,
		requestName: "identifier",
		newRequest:  func() model { return new(CommunicationIdentifierModel) },
		prepare:     prepareRemoveParticipant, notFoundIsDone: true, confirm: confirmRemoveParticipant,
		writeTarget:   participantsTarget,
		throttleGroup: "participants",
	}

	sendTypingNotification = &operation{
		name: "sendTypingNotification", httpMethod: "POST", apiVersion: stableVersion, idCount: 1, path: "/typing", success: 200,
		requestName: "request", requestOptional: true,
		newRequest:    func() model { return new(SendTypingNotificationRequest) },
		neverRetried:  true,
		throttleGroup: "typing", smallThreads: true,
	}
	sendReadReceipt = &operation{
		name: "sendReadReceipt", httpMethod: "POST", apiVersion: stableVersion, idCount: 1, path: "/readReceipts", success: 200,
		requestName:   "request",
		newRequest:    func() model { return new(SendReadReceiptRequest) },
		writeTarget:   receiptTarget,
		throttleGroup: "receipts", smallThreads: true,
	}
	listReadReceipts = &operation{
		name: "listReadReceipts", httpMethod: "GET", apiVersion: stableVersion, idCount: 1, path: "/readReceipts", success: 200,
		requestName:   "options",
		newRequest:    func() model { return new(ListChatReadReceiptsOptions) },
		newResult:     func() Result { return new(ChatMessageReadReceiptsCollection) },
		throttleGroup: "listReceipts", smallThreads: true,
	}

	// createClient is no operation of the service. Its arguments are checked like those of one.
	createClient = &operation{name: "createClient"}
)

// pathIDs are the ids in the path of a request: the thread's and the message's.
type pathIDs [2]string

// pathIDNames are the names of the ids in client methods.
var pathIDNames = [2]string{"threadId", "messageId"}

func prepareCreateThread(call *Call, _ requestRules, request model) (model, error) {
	call.repeatabilityID = call.options.IdempotencyToken
	if newUUID := call.client.options.NewUUID; call.repeatabilityID == "" && newUUID != nil {
		call.repeatabilityID = newUUID()
	}
	return request, nil
}

func prepareRemoveParticipant(call *Call, _ requestRules, request model) (model, error) {
	call.removedID = request.(*CommunicationIdentifierModel).rawID()
	return request, nil
}
