//go:build !js

package e2e

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readTypes(t *testing.T) string {
	source, err := os.ReadFile("../web/chat.d.ts")
	require.NoError(t, err)
	return string(source)
}

// namesIn returns the matches of an expression's first group in a text.
func namesIn(text, expression string) (names []string) {
	for _, found := range regexp.MustCompile(expression).FindAllStringSubmatch(text, -1) {
		names = append(names, found[1])
	}
	return names
}

var (
	typeSample  = regexp.MustCompile("(?m)^ *\\* ```js\n((?: *\\*.*\n)+?) *\\* ```\n(?: *\\*.*\n)* *(?:export (?:class|function) )?(\\w+)")
	commentEdge = regexp.MustCompile(`(?m)^ *\* ?`)
)

// aroundSample is the script around a sample of chat.d.ts. It declares what the samples use: a thread with another user and two messages, of which
// messageId is the first. show aborts signal, to end samples that would not end by themselves.
const aroundSample = `import("/chat.js").then(async ({ initialize, createClient, newIdempotencyToken, ChatError }) => {
	await initialize();
	const endpoint = ENDPOINT, token = TOKEN, userId = USER;
	const shown = [], succeeded = [];
	const client = createClient({ endpoint, token, onExchange: ({ operation, outcome }) => outcome === "success" && succeeded.push(operation) });
	const { chatThread: { id: threadId } } = await client.createThread({ topic: "Sample", participants: [{ communicationIdentifier: userId }] });
	const { id: messageId } = await client.sendMessage(threadId, { content: "Hi" });
	await client.sendMessage(threadId, { content: "Ho" });
	await client.sendReadReceipt(threadId, { chatMessageId: messageId });
	succeeded.length = 0;
	const controller = new AbortController(), { signal } = controller;
	const show = (...what) => { shown.push(what); controller.abort(); };
	let failure = "";
	BEFORE
	try {
		SAMPLE
	} catch (e) {
		if (e !== signal.reason) failure = String(e);
	}
	client.close();
	return { failure, shown: JSON.stringify(shown), succeeded };
})`

// TestTypesSamples runs every sample of the reference, and checks that it calls the method that it documents.
func TestTypesSamples(t *testing.T) {
	site := newSite(t)
	source := readTypes(t)
	tab := openTab(t, blank(t, "").URL+"/blank")
	all := typeSample.FindAllStringSubmatch(source, -1)
	require.Len(t, all, strings.Count(source, "```js"))
	methods := methodsInTypes(source)
	sampled := []string{}
	for _, found := range all {
		sample, of := commentEdge.ReplaceAllString(found[1], ""), found[2]
		sampled = append(sampled, of)
		t.Run(of, func(t *testing.T) {
			before := ""
			if of == "ChatError" {
				before = "client.close();" // causes the error that the sample shows
			}
			var got struct {
				Failure, Shown string
				Succeeded      []string
			}
			tab.run(chromedp.Evaluate(strings.NewReplacer(
				"ENDPOINT", strconv.Quote(site.endpoint), "TOKEN", strconv.Quote(site.emulator.NewUser().Token), "USER", strconv.Quote(site.emulator.NewUser().ID),
				"BEFORE", before, "SAMPLE", sample,
			).Replace(aroundSample), &got, awaitPromise))
			assert.Empty(t, got.Failure)
			assert.Equal(t, strings.Contains(sample, "show("), got.Shown != "[]", got.Shown)
			assert.NotContains(t, got.Shown, "null", "no value is undefined")
			if of == "ChatError" {
				assert.Contains(t, got.Shown, "Closed")
			}
			for _, method := range methods {
				if method == of && !slices.Contains(localMethods, of) {
					assert.Contains(t, got.Succeeded, of)
				}
			}
		})
	}
	assert.Subset(t, sampled, methods, "each method has a sample")
	tab.requireQuiet()
}

// localMethods are no operations of the service, and send nothing themselves.
var localMethods = []string{"openConversation", "openInbox", "forget", "wake", "close"}

// methodsInTypes returns the methods of ChatClient.
func methodsInTypes(source string) []string {
	_, client, _ := strings.Cut(source, "export interface ChatClient {\n")
	client, _, _ = strings.Cut(client, "\n}\n")
	return namesIn(client, `(?m)^  (\w+)\(`)
}

// TestTypesAtRunTime compares the exports and methods at run time with the types.
func TestTypesAtRunTime(t *testing.T) {
	source := readTypes(t)
	tab := openTab(t, blank(t, "").URL+"/blank")
	var got struct{ Module, Client, Lists, Watches []string }
	tab.run(chromedp.Evaluate(`import("/chat.js").then(async (module) => {
		await module.initialize();
		const client = module.createClient({ endpoint: "https://x.example", token: "x" });
		const keys = (object) => Reflect.ownKeys(object).map(String);
		const lists = { 2: [], 1: [] }; // by their number of properties
		const { userId, openConversation, openInbox, ...methods } = client; // the open functions throw for bad arguments
		for (const [name, method] of Object.entries(methods)) {
			const result = method("x", "x");
			if (result instanceof Promise) result.catch(() => {});
			else if (result) lists[keys(result).length].push(name);
		}
		return { module: keys(module).filter((key) => !key.startsWith("Symbol(")), client: keys(client).filter((key) => key !== "userId"), lists: lists[2], watches: lists[1] };
	})`, &got, awaitPromise))
	assert.ElementsMatch(t, namesIn(source, `(?m)^export (?:const|function|class) (\w+)`), got.Module)
	assert.Equal(t, methodsInTypes(source), got.Client)
	assert.Equal(t, namesIn(source, `(?m)^  (\w+)\(.*\): PagedAsyncIterable<`), got.Lists)
	assert.Equal(t, namesIn(source, `(?m)^  (\w+)\(.*threadId.*\): AsyncIterable<`), got.Watches)
	tab.requireQuiet()
}
