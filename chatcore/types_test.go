//go:build !js

package chatcore

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// types are the interfaces and classes of chat.d.ts with their members, and the text of its type aliases.
type types struct {
	members map[string][]typeMember
	extends map[string]string
	aliases map[string]string
}

type typeMember struct {
	name, doc, parameters, is string // parameters: of a method; is: the type
	optional                  bool
}

var (
	typeOpening = regexp.MustCompile(`^export (?:interface|class) (\w+)(?:<.*>)?(?: extends (\w+))?.* \{$`)
	typeLine    = regexp.MustCompile(`^  (?:readonly )?(\w+)(\?)?(?:\((.*)\))?: (.*);$`)
	typeAlias   = regexp.MustCompile(`(?ms)^export type (\w+) =(.*?);$`)
	typeComment = regexp.MustCompile(`(?s)/\*\*.*?\*/`)
	quoted      = regexp.MustCompile(`"([\w.-]+)"`)
)

func readTypes(t *testing.T) types {
	source, err := os.ReadFile("../web/chat.d.ts")
	require.NoError(t, err)
	all := types{map[string][]typeMember{}, map[string]string{}, map[string]string{}}
	within, doc := "", ""
	for line := range strings.Lines(string(source)) {
		line = strings.TrimSuffix(line, "\n")
		comment := strings.TrimLeft(line, " ")
		opening, member := typeOpening.FindStringSubmatch(line), typeLine.FindStringSubmatch(line)
		switch {
		case strings.HasPrefix(comment, "/**"):
			doc = comment
		case strings.HasPrefix(comment, "*"):
			doc += strings.TrimPrefix(comment, "*")
		case opening != nil:
			within = opening[1]
			all.members[within], all.extends[within] = nil, opening[2]
		case line == "}":
			within = ""
		case within != "" && member != nil:
			all.members[within] = append(all.members[within], typeMember{member[1], doc, member[3], member[4], member[2] != ""})
			doc = ""
		case within != "":
			require.Empty(t, line, "unreadable line in %s", within)
		}
	}
	for _, alias := range typeAlias.FindAllStringSubmatch(string(source), -1) {
		all.aliases[alias[1]] = strings.TrimSpace(typeComment.ReplaceAllString(alias[2], ""))
	}
	return all
}

// of returns the members of an interface, including inherited ones.
func (all types) of(name string) (members []typeMember) {
	for ; name != ""; name = all.extends[name] {
		members = append(members, all.members[name]...)
	}
	return members
}

func (all types) member(t *testing.T, of, name string) typeMember {
	i := slices.IndexFunc(all.members[of], func(m typeMember) bool { return m.name == name })
	require.True(t, i >= 0, "web/chat.d.ts: the interface %s has no member %s: declare it there, with a comment like those around it", of, name)
	return all.members[of][i]
}

// typeMapping is an interface and the model it describes.
type typeMapping struct {
	name    string
	model   model
	request bool   // fields that the model does not require are optional
	but     string // members that are missing in one of the two: the page alone has them, or another interface of the same model
}

// typeMappings are all interfaces with a model. mappingsOf uses the model's name.
var typeMappings = slices.Concat(
	[]typeMapping{
		{"CallDefaults", new(CallOptions), true, "fetch onExchange"},
		{"CallOptions", new(CallOptions), true, "fetch onExchange signal"},
		{"ClientOptions", new(Options), false, "fetch onExchange"},
		{"CreateThreadOptions", &methodOptions{op: createThread}, true, "fetch onExchange signal"},
		{"SendMessageOptions", &methodOptions{op: sendMessage}, true, "fetch onExchange signal"},
		{"ListChatThreadsOptions", &methodOptions{op: listThreads, request: new(ListChatThreadsOptions)}, true, "fetch onExchange signal"},
		{"ListChatMessagesOptions", &methodOptions{op: listMessages, request: new(ListChatMessagesOptions)}, true, "fetch onExchange signal"},
		{"ListChatParticipantsOptions", &methodOptions{op: listParticipants, request: new(ListChatParticipantsOptions)}, true, "fetch onExchange signal"},
		{"ListChatReadReceiptsOptions", &methodOptions{op: listReadReceipts, request: new(ListChatReadReceiptsOptions)}, true, "fetch onExchange signal"},
		{"WatchMessagesOptions", &methodOptions{op: watchMessages, request: new(WatchMessagesOptions)}, true, "fetch onExchange signal"},
		{"RetryOptions", new(RetryOptions), true, ""},
		{"ConversationOptions", new(ConversationOptions), true, ""},
		{"InboxOptions", &ConversationOptions{isInbox: true}, true, ""},
		{"ChatParticipantRequest", new(ChatParticipant), true, ""},
		{"ThreadCreationDateRetentionPolicy", new(ChatRetentionPolicy), false, ""},
		{"NoneRetentionPolicy", new(ChatRetentionPolicy), false, "deleteThreadAfterDays"},
		{"ChatMessageContent", &ChatMessageContent{InitiatorCommunicationIdentifier: new(CommunicationIdentifierModel), Participants: []ChatParticipant{}}, false, ""},
		{"ChatError", new(Error), false, "name message cause"},
	},
	mappingsOf(true,
		new(CreateChatThreadRequest), new(UpdateChatThreadRequest), new(SendChatMessageRequest), new(UpdateChatMessageRequest), new(ChatAttachment),
		new(AddChatParticipantsRequest), new(SendTypingNotificationRequest), new(SendReadReceiptRequest),
		new(CommunicationUserIdentifierModel), new(PhoneNumberIdentifierModel), new(MicrosoftTeamsUserIdentifierModel),
		new(MicrosoftTeamsAppIdentifierModel), new(TeamsExtensionUserIdentifierModel),
	),
	mappingsOf(false,
		new(CreateChatThreadResult), new(ChatThreadProperties), new(ChatThreadItem), new(ChatThreadsItemCollection),
		new(SendChatMessageResult), new(ChatMessage), new(ChatMessagesCollection),
		new(AddChatParticipantsResult), new(ChatParticipant), new(ChatParticipantsCollection), new(CommunicationIdentifierModel),
		new(ChatMessageReadReceipt), new(ChatMessageReadReceiptsCollection), new(CommunicationError), new(Exchange),
	),
)

func mappingsOf(request bool, models ...model) (all []typeMapping) {
	for _, m := range models {
		all = append(all, typeMapping{nameOf(m), m, request, ""})
	}
	return all
}

func nameOf(m any) string { return reflect.TypeOf(m).Elem().Name() }

// jsonType returns the TypeScript type of a field's JSON value. For an object that is its model's name.
func jsonType(f field) string {
	if f.nested != nil {
		m, kind, _ := f.nested.access(adding)
		if _, isToken := m.(*idempotencyToken); isToken {
			return "true | string"
		}
		if kind == list {
			return nameOf(m) + "[]"
		}
		return nameOf(m)
	}
	switch f.value.(type) {
	case *int, **int:
		return "number"
	case **bool:
		return "boolean"
	case *Metadata, []HeaderField:
		return "Record<string, string>"
	}
	return "string"
}

func isOnlyMember(f field) bool {
	if f.nested == nil {
		return false
	}
	_, kind, _ := f.nested.access(counting)
	return kind == only
}

// jsonType returns the same for a type in chat.d.ts.
func (all types) jsonType(is string) string {
	is = strings.TrimPrefix(strings.TrimPrefix(is, "readonly "), "false | ")
	if alias, ok := all.aliases[is]; ok {
		return all.jsonType(alias)
	}
	if element, ok := strings.CutSuffix(is, "[]"); ok {
		return all.jsonType(element) + "[]"
	}
	if identifier, ok := strings.CutPrefix(is, "string | Partial<"); ok {
		return all.jsonType(strings.TrimSuffix(identifier, ">"))
	}
	if is == "true | string" {
		return is
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(is, "| "), " | ")
	if i := slices.IndexFunc(typeMappings, func(s typeMapping) bool { return s.name == first }); i >= 0 {
		return nameOf(typeMappings[i].model)
	}
	if first == "string" || strings.HasPrefix(first, `"`) {
		return "string"
	}
	return is
}

// The comment of a field must contain its version notice if some api-versions lack the field, and its limit notice if it has a
// limit.
var (
	versionNotices = map[versionSet]string{
		v20240315preview | v20250315: "Not in api-version 2024-03-07",
		v20240315preview:             "only in api-version 2024-03-15-preview",
		v20250315:                    "api-version 2025-03-15 only",
	}
	limitNotices = map[int32]string{200: "200", maxMetadata: "At most 1 KB", maxContent: "At most 28 KB"}
)

func TestModelTypes(t *testing.T) {
	all := readTypes(t)
	known := []string{"ChatClient", "WakeOptions", "PagedAsyncIterable", "Conversation", "ConversationSnapshot", "ConversationMessage", "ConversationParticipant", "QueuedMessage", "Inbox", "InboxSnapshot", "InboxThread"}
	for _, s := range typeMappings {
		known = append(known, s.name)
		but := strings.Fields(s.but)
		fields := map[string]field{}
		names := slices.Clone(but)
		for _, f := range s.model.fields(nil) {
			fields[f.name] = f
			if i := slices.Index(names, f.name); i >= 0 {
				names = slices.Delete(names, i, i+1)
			} else {
				names = append(names, f.name)
			}
		}
		declared := []string{}
		for _, m := range all.of(s.name) {
			declared = append(declared, m.name)
			f, ok := fields[m.name]
			if !ok || s.name == "ClientOptions" && m.name == "token" { // which may be a callback, too
				continue
			}
			at := s.name + "." + m.name
			assert.Equal(t, jsonType(f), all.jsonType(m.is), at)
			isModel := isOnlyMember(f)
			must := f.rule == required || f.rule == attachmentType || f.rule == alwaysWritten || isModel && m.name != "retry" && m.name != "idempotencyToken"
			assert.False(t, m.optional && must, "%s is required, so it must not be optional", at)
			assert.False(t, !m.optional && !must && s.request, "%s is optional, so it must be marked with ?", at)
			if s.request {
				assert.Contains(t, m.doc, versionNotices[f.versions], at)
				assert.Contains(t, m.doc, limitNotices[f.limit], at)
			}
		}
		assert.ElementsMatch(t, names, declared, s.name)
	}
	for _, name := range known {
		assert.Contains(t, slices.Collect(maps.Keys(all.members)), name, "web/chat.d.ts has no interface %s: declare it there", name)
	}
	for name := range all.members {
		assert.True(t, slices.Contains(known, name), "types_test.go: typeMappings has no model for the interface %s of web/chat.d.ts: add it, as new(%[1]s)", name)
	}
	for _, m := range Methods {
		for _, name := range modelsOf(m) {
			isKnown := func(s typeMapping) bool { return s.name == name || nameOf(s.model) == name }
			assert.True(t, slices.ContainsFunc(typeMappings, isKnown), "types_test.go: typeMappings has no %s, a model of %s: add new(%[1]s), and declare the interface in web/chat.d.ts", name, m.Name)
		}
	}
}

// modelsOf returns the names of the models that a method takes and gives.
func modelsOf(m Method) (names []string) {
	if m.op.newRequest != nil {
		names = append(names, nameOf(m.op.newRequest()))
	}
	if m.op.newResult != nil {
		names = append(names, nameOf(m.op.newResult()))
	}
	return names
}

// TestMethodTypes: the methods in chat.d.ts have the same names, arguments and results as in Go.
func TestMethodTypes(t *testing.T) {
	var want, got []string
	for _, m := range Methods {
		var parameters []string
		for _, id := range m.IDs {
			parameters = append(parameters, id+": string")
		}
		options, result := "CallOptions", "void"
		switch {
		case m.List:
			options = nameOf(m.op.newRequest())
		case m.op.takesRepeatabilityID:
			options = "CreateThreadOptions"
		case m.op.mayDuplicate:
			options = "SendMessageOptions"
		}
		if m.Argument != "" {
			name := m.Argument + map[bool]string{true: "?"}[m.Optional]
			parameters = append(parameters, name+": "+strings.Replace(nameOf(m.op.newRequest()), "IdentifierModel", "Identifier", 1))
		}
		if m.op.newResult != nil {
			result = nameOf(m.op.newResult())
		}
		switch page := m.op.newResult; {
		case m.Live:
			result = "AsyncIterable<" + strings.TrimSuffix(jsonType(page().fields(nil)[0]), "[]") + ">"
		case m.List:
			result = "PagedAsyncIterable<" + strings.TrimSuffix(jsonType(page().fields(nil)[0]), "[]") + ", " + result + ">"
		default:
			result = "Promise<" + result + ">"
		}
		want = append(want, m.Name+"("+strings.Join(append(parameters, "options?: "+options), ", ")+"): "+result)
	}
	for _, m := range readTypes(t).members["ChatClient"] {
		got = append(got, m.name+"("+m.parameters+"): "+m.is)
	}
	want = append(want, "openConversation(threadId: string, options?: ConversationOptions): Conversation", "openInbox(options?: InboxOptions): Inbox", "forget(): Promise<void>", "userId(): string | undefined", "wake(threadId: string, options?: WakeOptions): void", "close(): void")
	for _, method := range want {
		assert.True(t, slices.Contains(got, method), "web/chat.d.ts: the interface ChatClient has no method\n%s;", method)
	}
	for _, method := range got {
		assert.True(t, slices.Contains(want, method), "chatcore/jsonapi.go: Methods has no method like this one of the interface ChatClient in web/chat.d.ts:\n%s;", method)
	}
	if !t.Failed() {
		assert.Equal(t, want, got, "web/chat.d.ts: the interface ChatClient has its methods in another order than Methods in chatcore/jsonapi.go")
	}
}

func TestUnionTypesAndDocumentedNumbers(t *testing.T) {
	all := readTypes(t)
	identifierKinds := []string{"unknown"}
	for _, f := range new(CommunicationIdentifierModel).fields(nil) {
		if f.nested != nil {
			identifierKinds = append(identifierKinds, f.name)
		}
	}
	messageTypes := constantsOf(t, "message.go", "ChatMessageType")
	sent := slices.DeleteFunc(slices.Clone(messageTypes), func(name string) bool { return checkUserType(name) != "" })
	for _, test := range []struct {
		name, is string
		want     []string
	}{
		{"ChatErrorCode", all.aliases["ChatErrorCode"], slices.Concat(constantsOf(t, "error.go", "Code"), constantsOf(t, "../chatstate/error.go", "Code"))},
		{"ChatMessageType", all.aliases["ChatMessageType"], messageTypes},
		{"type", all.member(t, "SendChatMessageRequest", "type").is, sent},
		{"attachmentType", all.member(t, "ChatAttachment", "attachmentType").is, constantsOf(t, "message.go", "ChatAttachmentType")},
		{"retention", all.member(t, "ThreadCreationDateRetentionPolicy", "kind").is + all.member(t, "NoneRetentionPolicy", "kind").is, constantsOf(t, "retention.go", "ChatRetentionPolicyKind")},
		{"kind", all.member(t, "CommunicationIdentifierModel", "kind").is, identifierKinds},
		{"apiVersion", all.member(t, "CallDefaults", "apiVersion").is, knownVersions},
		{"next", all.member(t, "Exchange", "next").is, slices.DeleteFunc(slices.Clone(nextNames[:]), func(next string) bool { return next == "" })},
	} {
		got := []string{}
		for _, text := range quoted.FindAllStringSubmatch(test.is, -1) {
			got = append(got, text[1])
		}
		assert.ElementsMatch(t, test.want, got, test.name)
	}
	for _, test := range []struct {
		of, name string
		number   int
	}{
		{"CallDefaults", "timeoutMs", defaultTimeoutMs}, {"CallDefaults", "totalTimeoutMs", defaultTotalTimeoutMs},
		{"CallDefaults", "settleMs", defaultSettleMs}, {"SendMessageOptions", "idempotencyToken", minTokenLength},
		{"RetryOptions", "maxRetries", defaultRetry.MaxRetries}, {"RetryOptions", "baseDelayMs", defaultRetry.BaseDelayMs}, {"RetryOptions", "maxDelayMs", defaultRetry.MaxDelayMs},
		{"WatchMessagesOptions", "intervalMs", defaultIntervalMs}, {"WatchMessagesOptions", "intervalMs", minIntervalMs},
		{"ChatClient", "watchMessages", msPerParticipant}, {"ChatClient", "watchMessages", idleIntervalMs / 1000}, {"ChatClient", "watchMessages", maxFailedIntervalMs / 1000},
	} {
		assert.Contains(t, all.member(t, test.of, test.name).doc, " "+strconv.Itoa(test.number), "%s.%s", test.of, test.name)
	}
}

// constantsOf returns the values of all constants of a type in a file. The type may be of another package.
func constantsOf(t *testing.T, file, of string) (values []string) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	ast.Inspect(parsed, func(node ast.Node) bool {
		if spec, ok := node.(*ast.ValueSpec); ok {
			typeName := spec.Type
			if qualified, ok := typeName.(*ast.SelectorExpr); ok {
				typeName = qualified.Sel
			}
			if name, ok := typeName.(*ast.Ident); ok && name.Name == of && len(spec.Values) == 1 {
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				require.NoError(t, err)
				values = append(values, value)
			}
		}
		return true
	})
	require.NotEmpty(t, values)
	return values
}

// TestDocumentedErrorCodes runs every method through all kinds of failures. The comment in chat.d.ts must list exactly the
// codes it ends with.
func TestDocumentedErrorCodes(t *testing.T) {
	all := readTypes(t)
	for _, m := range Methods {
		doc := all.member(t, "ChatClient", m.Name).doc
		assert.True(t, strings.Contains(doc, "```js") && strings.Contains(doc, " client."+m.Name+"("),
			"web/chat.d.ts: the comment of %s has no example: a block of js that calls client.%[1]s", m.Name)
		_, line, _ := strings.Cut(doc, "Codes: ")
		line, _, _ = strings.Cut(line, ".")
		want := map[string]bool{string(InternalError): true} // only drivers make this error
		for _, status := range []int{0, 200, 201, 204, 302, 400, 401, 403, 404, 408, 409, 429, 500, 503} {
			for _, happens := range []string{"answers", "no answer", "no answer in time", "no token", "no token in time", "close", "bad argument", "offline"} {
				for _, fixed := range []bool{false, true} {
					want[string(finalCode(t, m, happens, status, fixed))] = true
				}
			}
		}
		delete(want, "")
		inOrder := slices.DeleteFunc(constantsOf(t, "error.go", "Code"), func(code string) bool { return !want[code] })
		got := strings.Split(line, ", ")
		assert.ElementsMatch(t, inOrder, got, "web/chat.d.ts: the comment of %s needs the line\nCodes: %s.", m.Name, strings.Join(inOrder, ", "))
	}
}

// finalCode calls a method and repeats one event until the call ends. It returns the error's code, or "" if the call succeeds
// or has not ended after fifty steps.
func finalCode(t *testing.T, m Method, happens string, status int, fixed bool) Code {
	o := Options{Endpoint: "https://contoso.example", TokenCallback: !fixed}
	if fixed {
		o.Token = "token"
	}
	client, err := NewClient(o)
	require.NoError(t, err)
	request := map[string]string{
		"createThread": `{"topic":"a"}`, "sendMessage": `{"content":"a"}`, "sendReadReceipt": `{"chatMessageId":"1"}`,
		"addParticipants": `{"participants":[{"communicationIdentifier":"a"}]}`, "removeParticipant": `"a"`,
	}[m.Name]
	options := `{}`
	if happens == "bad argument" {
		options = `{"a":1}`
	}
	if happens == "offline" {
		options = `{"totalTimeoutMs":1000}`
		client.SetOnline(1, false)
	}
	if request == "" && m.Argument != "" {
		request = `{}`
	}
	call := m.Call(client, [2]string{"19:a", "1"}, request, options, "")
	now := Instant(1)
	call.Start(now)
	for range 50 {
		step := *call.Step()
		now++
		switch {
		case call.ended():
			if step.Err == nil {
				return ""
			}
			return step.Err.(*Error).Code
		case happens == "close":
			client.Close(now)
		case step.Kind == NeedLock:
			call.Locked(now, step.Number, false)
		case step.Kind == NeedToken && happens == "no token":
			client.TokenFailed(now, step.Flight, errors.New("none"))
		case step.Kind == NeedToken && happens != "no token in time":
			client.Token(now, step.Flight, "token")
		case step.Kind == Send && happens == "answers":
			call.Response(now, step.Number, Response{Status: status, Body: "none"})
		case step.Kind == Send && happens == "no answer":
			call.NetworkFailed(now, step.Number, errors.New("none"))
		default:
			now = max(now, step.Deadline)
			call.Elapsed(now)
		}
	}
	return ""
}
