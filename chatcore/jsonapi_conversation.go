package chatcore

import "acschat/chatcore/internal/json"

// openConversation is no operation of the service. Its arguments are checked like those of one.
var openConversation = &operation{name: "openConversation", idCount: 1}

// ConversationOptions are the options of openConversation and openInbox as pages pass them. Zero means the default.
type ConversationOptions struct {
	isInbox           bool // then there are only Durable and IntervalMs
	SenderDisplayName string
	PageSize          int
	IntervalMs        int
	Durable           *bool
}

func (o *ConversationOptions) fields(to []field) []field {
	if !o.isInbox {
		to = appendFields(to, []field{
			{name: "senderDisplayName", value: &o.SenderDisplayName},
			{name: "pageSize", value: &o.PageSize, rule: positive, limit: 200},
		}...)
	}
	return appendFields(to, []field{
		{name: "durable", value: &o.Durable},
		{name: "intervalMs", value: &o.IntervalMs, rule: positive},
	}...)
}

// conversationArguments makes "options." the beginning of paths in errors.
type conversationArguments struct{ options ConversationOptions }

func (a *conversationArguments) fields(to []field) []field {
	return appendFields(to, field{name: "options", nested: onlyOf[ConversationOptions, *ConversationOptions]{&a.options}})
}

// DecodeConversation reads the arguments of openConversation: the thread's id and the options. The error is an [*Error] with code
// InvalidArgument.
func (c *Client) DecodeConversation(arguments Arguments) (threadID string, o ConversationOptions, err error) {
	a := argumentReader{Arguments: arguments, operation: openConversation.name, lines: json.Lines(arguments.Text)}
	threadID = a.string(pathIDNames[0])
	var decoded conversationArguments
	if err := openConversation.decodeOptions(&a, &decoded); err != nil {
		return "", o, err
	}
	_, err = openConversation.build(c.endpoint, requestRules{}, pathIDs{threadID}, "", nil)
	return threadID, decoded.options, err
}

// openInbox is no operation of the service, either.
var openInbox = &operation{name: "openInbox"}

// DecodeInbox reads the argument of openInbox: the options. The error is an [*Error] with code InvalidArgument.
func DecodeInbox(arguments Arguments) (ConversationOptions, error) {
	a := argumentReader{Arguments: arguments, operation: openInbox.name, lines: json.Lines(arguments.Text)}
	decoded := conversationArguments{ConversationOptions{isInbox: true}}
	err := openInbox.decodeOptions(&a, &decoded)
	return decoded.options, err
}

// decodeOptions reads the next argument, the options, into target.
func (op *operation) decodeOptions(a *argumentReader, target *conversationArguments) error {
	text := a.value("options", "an object", false)
	if a.err != nil || text == "" {
		return a.err
	}
	if err := op.decode("options", `{"options":`+text+`}`, target); err != nil {
		return err
	}
	if found := (requestRules{checkLimits: true}).check(target); found != nil {
		return op.invalidField(found)
	}
	return nil
}

// DecodeMessageArgument reads the message that a page passes to a conversation. The error is an [*Error] with code InvalidArgument.
func DecodeMessageArgument(arguments Arguments) (SendChatMessageRequest, error) {
	a := argumentReader{Arguments: arguments, operation: sendMessage.name, lines: json.Lines(arguments.Text)}
	text := a.value(sendMessage.requestName, "an object", true)
	if a.err != nil {
		return SendChatMessageRequest{}, a.err
	}
	return DecodeMessage(text)
}

// JSONString returns a text as a JSON string.
func JSONString(text string) string {
	w := json.NewWriter()
	w.String(text)
	return w.Text()
}
