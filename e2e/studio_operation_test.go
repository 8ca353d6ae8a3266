//go:build !js

package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// openStudio opens the studio in a window of a laptop, and waits for a request in its log. What it copies comes into copied, what it saves into
// saved.
func openStudio(t *testing.T, url string) *tab {
	tab := openTab(t, "about:blank")
	tab.run(page.BringToFront(), chromedp.EmulateViewport(1440, 900), chromedp.Navigate(url), chromedp.Evaluate(`
		navigator.clipboard.writeText = async (text) => { globalThis.copied = text; };
		URL.createObjectURL = (blob) => { globalThis.saved = blob.text(); return "#"; }`, nil),
		chromedp.WaitVisible(`//button[normalize-space()="Copy as cURL"]`, chromedp.BySearch), chromedp.WaitVisible("#person-1", chromedp.ByQuery))
	return tab
}

// operation opens the form of an operation.
func (tab *tab) operation(name string) {
	tab.t.Helper()
	tab.click("Operations")
	tab.run(chromedp.Click(fmt.Sprintf(`//ul[@class="operation-list"]//button[normalize-space()=%q]`, name), chromedp.BySearch))
	tab.waitText(".operation-place h2", name)
}

// set types into the field with this path, and replaces what is there.
func (tab *tab) set(path, text string) {
	tab.t.Helper()
	tab.setInput(fmt.Sprintf(`[data-path="%s"] :is(input, textarea, select)`, path), text)
}

func (tab *tab) setInput(selector, text string) {
	tab.t.Helper()
	tab.run(chromedp.Evaluate(fmt.Sprintf(`{ const field = document.querySelector(%q); field.value = %s; field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true })) }`, selector, jsonOf(tab.t, text)), nil))
}

// copy clicks the button, and returns what is in the clipboard then.
func (tab *tab) copy(button string) (text string) {
	tab.t.Helper()
	tab.run(chromedp.Evaluate(`globalThis.copied = undefined`, nil))
	tab.click(button)
	tab.run(chromedp.Poll("globalThis.copied", &text))
	return text
}

// TestStudioJourneyToCode runs an operation from its form, and then the code that the log copies.
func TestStudioJourneyToCode(t *testing.T) {
	site := newSite(t)
	tab := openStudio(t, site.url)
	jane, err := site.users.Grant(t.Context(), "jane")
	require.NoError(t, err)
	const text = "It's \"a\"\n$(touch copied) `id` ${HOME} </script> \u2028 😀"
	requireMessages := func(count int) {
		t.Helper()
		var found int
		for _, message := range site.emulator.Threads()[0].Messages {
			if message.Content.Message == text && message.Sender == jane.ID {
				found++
			}
		}
		require.Equal(t, count, found)
	}

	tab.operation("sendMessage")
	tab.set("content", text)
	var request struct{ Content string }
	require.NoError(t, json.Unmarshal([]byte(tab.value(".operations textarea.json")), &request))
	require.Equal(t, text, request.Content, "the JSON has what the form has")
	tab.click("Run")
	tab.waitText(".result", "sendMessage succeeded")
	requireMessages(1)
	tab.click("Show the request")
	tab.waitText(".attempt", "Jane’s sendMessage")

	javaScript := tab.copy("Copy as JavaScript")
	tab.waitText(".copied", "It asks for an access token of Jane. This prints one in a terminal:")
	assert.Equal(t, "", runModule(t, javaScript, jane.Token))
	requireMessages(2)

	program := tab.copy("Copy as Go")
	run := exec.CommandContext(t.Context(), buildInModule(t, map[string]string{"main.go": program}))
	run.Env = append(os.Environ(), "ACS_TOKEN="+jane.Token)
	out, err := run.CombinedOutput()
	require.NoError(t, err, "%s", out)
	requireMessages(3)

	tab.click("Run again")
	tab.waitText(".log-list", "answered")
	tab.run(chromedp.Poll(`document.querySelectorAll(".log-row").length > 3`, nil))
	requireMessages(4)

	tab.click("Edit and run")
	tab.waitText(".operation-place h2", "sendMessage")
	require.Equal(t, text, tab.value(`[data-path="content"] textarea`))
	tab.click("Requests")

	curl := tab.copy("Copy as cURL")
	tab.requireQuiet()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("the command needs curl")
	}
	// The page says how a shell gets the token.
	var export string
	tab.run(chromedp.Text(".copied pre", &export, chromedp.ByQuery))
	shellOut, err := inShell(t, export+"\n"+curl, "ACS_TOKEN=")
	require.NoError(t, err, shellOut)
	requireMessages(5)
}

// TestStudioRunsEveryOperation runs all operations as their forms propose them.
func TestStudioRunsEveryOperation(t *testing.T) {
	site := newSite(t)
	tab := openStudio(t, site.url)
	alex, err := site.users.Grant(t.Context(), "alex")
	require.NoError(t, err)
	bob := site.emulator.NewUser()
	for _, row := range []struct {
		name   string
		fields map[string]string
	}{
		{"createThread", nil},
		{"listThreads", nil},
		{"getThread", nil},
		{"updateThread", nil},
		{"sendMessage", map[string]string{"options.idempotencyToken": "true"}},
		{"listMessages", map[string]string{"maxPageSize": "1"}},
		{"getMessage", nil},
		{"updateMessage", nil},
		{"deleteMessage", nil},
		{"addParticipants", map[string]string{"participants[0].communicationIdentifier": bob.ID, "participants[0].displayName": "Bob"}},
		{"listParticipants", nil},
		{"sendTypingNotification", nil},
		{"sendReadReceipt", nil},
		{"listReadReceipts", nil},
		{"removeParticipant", map[string]string{"identifier": alex.ID}},
		{"deleteThread", nil},
	} {
		t.Log(row.name)
		tab.operation(row.name)
		for path, text := range row.fields {
			tab.set(path, text)
		}
		tab.click("Run")
		tab.waitText(".result", row.name+" succeeded")
		if row.name == "listMessages" {
			tab.click("Next page")
			tab.run(chromedp.Poll(`document.querySelector(".result pre").textContent.includes("topicUpdated") || document.querySelector(".result pre").textContent.includes("nextLink")`, nil))
		}
	}
	tab.requireQuiet()
}

// TestStudioShowsErrorsBesideFields checks that each error stands beside the field that it is about.
func TestStudioShowsErrorsBesideFields(t *testing.T) {
	site := newSite(t)
	tab := openStudio(t, site.url)
	for _, row := range []struct{ operation, path, text, want string }{
		{"createThread", "topic", "", "topic is required"},
		{"sendMessage", "threadId", "", "threadId is required"},
		{"sendMessage", "content", "", "content is required"},
		{"sendMessage", "options.idempotencyToken", "short", "Recommended: newIdempotencyToken()"},
		{"listMessages", "maxPageSize", "300", "must be from 1 to 200"},
		{"listMessages", "maxPageSize", "many", "maxPageSize"},
		{"addParticipants", "participants[0].communicationIdentifier", "", "is required"},
		{"addParticipants", "participants[0].shareHistoryTime", "yesterday", "must be a date and time in RFC 3339 form"},
		{"removeParticipant", "identifier", "", "identifier is required"},
		{"updateThread", "options.apiVersion", "2024-03-07", ""},
	} {
		t.Log(row.operation, row.path)
		tab.operation(row.operation)
		if row.path == "participants[0].shareHistoryTime" {
			tab.set("participants[0].communicationIdentifier", "8:acs:a_b")
		}
		tab.set(row.path, row.text)
		tab.click("Run")
		if row.want == "" {
			tab.waitText(".result", "succeeded")
			continue
		}
		tab.waitText(fmt.Sprintf(`[data-path="%s"]`, row.path), row.want)
		tab.waitText(".result", "See the marked field")
		var focused string
		tab.run(chromedp.Evaluate(`document.activeElement.closest("[data-path]").dataset.path + " " + document.activeElement.getAttribute("aria-invalid")`, &focused))
		assert.Equal(t, row.path+" true", focused)
	}
	tab.requireQuiet()
}

// TestStudioFormAndJSON checks that the form shows what the JSON says, also for what it has no controls for.
func TestStudioFormAndJSON(t *testing.T) {
	tab := openStudio(t, newSite(t).url)
	tab.operation("createThread")
	tab.setInput(".operations textarea.json", `{ "topic": "Dinner", "participants": [{ "communicationIdentifier": { "phoneNumber": { "value": "+1425" } }, "displayName": "Pho" }], "metadata": { "place": "canteen" } }`)
	assert.Equal(t, "Dinner", tab.value(`[data-path="topic"] input`))
	assert.Equal(t, "Pho", tab.value(`[data-path="participants[0].displayName"] input`))
	assert.Contains(t, tab.value(`[data-path="participants[0].communicationIdentifier"] input`), "+1425")
	assert.Equal(t, "canteen", tab.value(`[data-path="metadata.place"] input:last-of-type`))
	tab.set("topic", "Supper")
	assert.JSONEq(t, `{ "topic": "Supper", "participants": [{ "communicationIdentifier": { "phoneNumber": { "value": "+1425" } }, "displayName": "Pho" }], "metadata": { "place": "canteen" } }`,
		tab.value(".operations textarea.json"))

	for _, broken := range []string{`{ "topic": `, `[]`, `null`, `"x"`} {
		tab.setInput(".operations textarea.json", broken)
		tab.click("Run")
		tab.waitText(".result", "The JSON cannot be read")
	}
	for _, odd := range []string{`{ "participants": [null, 1, { "communicationIdentifier": null }], "metadata": null, "retentionPolicy": "x" }`,
		`{ "participants": { "a": 1 }, "metadata": "x", "retentionPolicy": null }`} {
		tab.setInput(".operations textarea.json", odd)
		tab.click("Run")
		tab.waitText(".operations", "InvalidArgument")
	}
	tab.setInput(".operations textarea.json", `{ "topic": 5, "participants": "x", "metadata": [1] }`)
	tab.click("Run")
	tab.waitText(".operations", "InvalidArgument")
	tab.requireQuiet()
}

// TestStudioLinkFillsIn checks that a link opens an operation with its arguments, and runs nothing.
func TestStudioLinkFillsIn(t *testing.T) {
	site := newSite(t)
	tab := openStudio(t, site.url)
	tab.operation("updateThread")
	tab.setInput(".operation-actions select", "alex")
	tab.set("topic", "Brunch")
	var url string
	tab.run(chromedp.Location(&url))
	assert.NotContains(t, url, strings.TrimPrefix(site.endpoint, "http://"))

	second := openTab(t, "about:blank")
	second.run(page.BringToFront(), chromedp.EmulateViewport(1440, 900), chromedp.Navigate(url))
	second.waitText(".operation-place h2", "updateThread")
	assert.Equal(t, "Brunch", second.value(`[data-path="topic"] input`))
	second.run(chromedp.Poll(`document.querySelector(".operation-actions select").value === "alex"`, nil))
	assert.Equal(t, "Lunch", site.emulator.Threads()[0].Topic)
	second.click("Run")
	second.waitText(".result", "updateThread succeeded")
	assert.Equal(t, "Brunch", site.emulator.Threads()[0].Topic)
	second.requireQuiet()

	phone := openTab(t, "about:blank")
	phone.run(page.BringToFront(), chromedp.EmulateViewport(390, 844), chromedp.Navigate(url), chromedp.WaitVisible(`[data-path="topic"] input`, chromedp.ByQuery))
	phone.requireQuiet()
}

// TestStudioBrokenLink checks that the page starts whatever a link says.
func TestStudioBrokenLink(t *testing.T) {
	site := newSite(t)
	for _, hash := range []string{
		`operation=toString`, `operation=sendMessage&arguments={`, `operation=sendMessage&arguments=null`, `operation=sendMessage&arguments=[1]`,
		`operation=sendMessage&arguments={"request":null,"ids":null,"apiVersion":{},"idempotencyToken":[],"person":{}}`,
		`operation=addParticipants&arguments={"request":{"participants":[null]},"ids":{"threadId":{}}}`, `operation=getThread&arguments={"request":"x"}`,
	} {
		tab := openTab(t, "about:blank")
		tab.run(page.BringToFront(), chromedp.EmulateViewport(1440, 900), chromedp.Navigate(site.url+"/#panel=operations&"+hash))
		tab.waitText("#people", "Alex")
		tab.operation("getThread")
		tab.click("Run")
		tab.waitText(".result", "getThread succeeded")
		tab.requireQuiet()
	}
}

// TestStudioCodeForTheEmulatorInThePage copies code from a page that any server of files serves: the JavaScript brings an emulator, and acschat in
// Node has the threads of the file that the page saves.
func TestStudioCodeForTheEmulatorInThePage(t *testing.T) {
	tab := openStudio(t, blank(t, "").URL+"/")
	tab.click("Copy as cURL")
	tab.waitText(".copied", "npx acschat -db acschat.db -users jane,alex")
	javaScript := tab.copy("Copy as JavaScript")
	assert.Contains(t, javaScript, "createEmulator(")
	assert.Equal(t, "", runModule(t, javaScript, ""))

	program := tab.copy("Copy as Go")
	curl := tab.copy("Copy as cURL")
	tab.click("Save acschat.db")
	var state string
	tab.run(chromedp.Poll(`globalThis.saved`, nil), chromedp.Evaluate(`saved`, &state, awaitPromise))
	tab.requireQuiet()
	for _, needed := range []string{"node", "curl"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skipf("the rest needs %s", needed)
		}
	}
	file := filepath.Join(t.TempDir(), "acschat.db")
	require.NoError(t, os.WriteFile(file, []byte(state), 0o644))
	acschat := exec.CommandContext(t.Context(), "node", filepath.Join(web, "node", "acschat.js"), "-db", file, "-users", "jane,alex", "-page", "", "-acs", "localhost:0", "-json")
	acschat.Stderr = os.Stderr
	out, err := acschat.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, acschat.Start())
	t.Cleanup(func() { _, _ = acschat.Process.Kill(), acschat.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	var ready struct {
		Endpoint string
		Users    map[string]struct{ Token string }
	}
	require.NoError(t, json.Unmarshal([]byte(line), &ready))
	token := "ACS_TOKEN=" + ready.Users["alex"].Token // the newest attempt is Alex's message
	require.Contains(t, curl, "http://localhost:8081/")
	answer, err := inShell(t, strings.ReplaceAll(curl, "http://localhost:8081", ready.Endpoint), token)
	require.NoError(t, err, answer)
	assert.Contains(t, answer, `{"id":`)
	run := exec.CommandContext(t.Context(), buildInModule(t, map[string]string{"main.go": strings.ReplaceAll(program, "http://localhost:8081", ready.Endpoint)}))
	run.Env = append(os.Environ(), token)
	goOut, err := run.CombinedOutput()
	require.NoError(t, err, "%s", goOut)
	assert.Contains(t, string(goOut), `{"id":`)
}
