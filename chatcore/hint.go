package chatcore

// hints are the likely causes of a failure and the next step, by code.
var hints = []struct {
	code Code
	hint string
}{
	{BadRequest, "Compare the request with the documentation of the operation; the service's message may name the field."},
	{HTTPError, "This status is none that the operation's documentation has. Check that the endpoint is that of a Communication Services resource; if it is, try again later."},
	{InvalidArgument, "Nothing was sent. The fields and options of each method, and their forms, are in chat.d.ts."},
	{Unauthorized, "The token has expired, was revoked, or is no Communication Services user access token. Have your server issue a fresh one; with a token callback the next call asks for it."},
	{Forbidden, "Either the caller is not a participant of this thread, or the token was issued by another resource than the endpoint's, or its scope does not allow this operation. Only its sender may edit or delete a message, and threads of more than 20 have no read receipts and typing notifications."},
	{NotFound, "What the ids name does not exist on this resource, was deleted, or is not for the caller to see. Compare them, and the endpoint, with those of its creation."},
	{TooManyRequests, "The service limits requests per user and per thread, and counts refused ones, too. Wait before trying again."},
	{ServiceUnavailable, "The service is busy or down for the moment. Try again later."},
	{ParseError, "The service reports success, so the operation has most likely taken effect. Check that the endpoint is that of a Communication Services resource, and that nothing on the way rewrites its answers."},
	{NetworkError, "No answer could be read. A server that is down, a wrong endpoint, a blocked request and a refusal by CORS all look alike to a page: the browser's developer tools show which."},
	{Timeout, "Check the connection, or set a longer timeoutMs or totalTimeoutMs."},
	{TokenError, "The token option must be a string, or a callback that gives one: the bare token, without \"Bearer\", and not the JSON that a server answers with."},
	{DeliveryUnknown, "The message may have arrived. Look at the thread before you send it again."},
	{InternalError, "This is a bug of the client, or of something it called. The client goes on working; please report the message."},
	{Closed, "Make another client with createClient."},
}

// localHint is one more likely cause, of a NetworkError.
const localHint = " Browsers ask before a page may reach this machine: allow Local Network Access in the prompt, or in the site's settings."

func hintOf(code Code) string {
	for _, h := range hints {
		if h.code == code {
			return h.hint
		}
	}
	return ""
}
