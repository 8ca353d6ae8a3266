//go:build !js

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/format"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

// hostile has what shells, Go, JavaScript and HTML treat as special.
const hostile = "It's \"a\" \\ $(touch copied) `touch copied` ${HOME} $HOME !! %s %d \n\r\t\b\f\x00\x7f */ // # <!-- </script> ' \u2028\u2029\u202e\ufeff\U000e0001 😀 👨‍👩‍👧 é e\u0301 سلام"

// request is one that the service has answered.
type request struct {
	method, target, body string
	status               int
}

// recordingService is an emulator that keeps the requests.
type recordingService struct {
	*httptest.Server
	emulator *emulator.Emulator
	mu       sync.Mutex
	requests []request
}

func newRecordingService(t *testing.T) *recordingService {
	s := &recordingService{emulator: emulator.New(emulator.Options{})}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := &statusWriter{ResponseWriter: w}
		s.emulator.ServeHTTP(answer, r)
		if r.Method != http.MethodOptions {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.requests = append(s.requests, request{r.Method, r.RequestURI, string(body), answer.status})
		}
	}))
	t.Cleanup(s.Close)
	return s
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// take returns the requests since the last call.
func (s *recordingService) take() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.requests
	s.requests = nil
	return taken
}

// scene is what the sixteen calls need: a thread of Jane with Alex, and messages of Jane.
type scene struct {
	jane, alex, bob emulator.User
	thread          string
	messages        []string
}

func (s *recordingService) newScene(t *testing.T) scene {
	scene := scene{jane: s.emulator.NewUser(), alex: s.emulator.NewUser(), bob: s.emulator.NewUser()}
	client, err := chathttp.New(chathttp.Options{Endpoint: s.URL, Token: scene.jane.Token})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	created, err := client.CreateThread(t.Context(), chatcore.CreateChatThreadRequest{
		Topic: "Lunch", Participants: []chatcore.ChatParticipant{{CommunicationIdentifier: chatcore.RawIdentifier(scene.alex.ID)}},
	}, nil)
	require.NoError(t, err)
	scene.thread = created.ChatThread.ID
	for range 3 {
		sent, err := client.SendMessage(t.Context(), scene.thread, chatcore.SendChatMessageRequest{Content: "Hi"}, nil)
		require.NoError(t, err)
		scene.messages = append(scene.messages, sent.ID)
	}
	return scene
}

// copied is the code for one call.
type copied struct{ Operation, Method, Target, Body, JavaScript, Curl, Go string }

// copyCalls makes all calls with a client whose requests nobody answers, and returns the code that the log would copy.
func copyCalls(t *testing.T, s *recordingService, scene scene, kind string) (all []copied) {
	tab := openTab(t, blank(t, "").URL+"/blank")
	people := fmt.Sprintf(`[{ name: "jane", displayName: "Jane", id: %q }, { name: "alex", displayName: "Alex", id: %q }]`, scene.jane.ID, scene.alex.ID)
	text, _ := json.Marshal(hostile)
	tab.run(chromedp.Evaluate(fmt.Sprintf(`(async () => {
		const load = (name) => import("/studio/" + name + ".js");
		const [{ initialize, createClient }, { callOf }, { javaScriptOf }, { curlOf }, { goOf }, { operations }] =
			await Promise.all([import("/chat.js"), ...["operation_call", "copy_javascript", "copy_curl", "copy_go", "operation_table"].map(load)]);
		await initialize();
		const kind = %q, thread = %q, [edited, deleted, read] = %s, people = %s, bob = %q, text = %s;
		const endpoint = kind === "emulator" ? "https://emulator.invalid" : %q;
		const exchanges = [];
		const client = createClient({ endpoint, token: "0123456789abcdef", apiVersion: "2025-03-15", fetch: async () => new Response("{}", { status: 400 }), onExchange: (exchange) => exchanges.push(exchange) });
		const page = async (list) => { for await (const each of list.byPage()) return each; };
		const [jane, alex] = people;
		const metadata = { [text.slice(0, 30)]: text, ["__proto__"]: "x" };
		const participants = [{ communicationIdentifier: { rawId: bob, communicationUser: { id: bob } }, displayName: text, shareHistoryTime: "2026-01-31T12:00:00Z" }, { communicationIdentifier: { phoneNumber: { value: "+14255550123", isAnonymous: false } } }];
		const calls = {
			createThread: () => client.createThread({ topic: text, participants, metadata, retentionPolicy: { kind: "threadCreationDate", deleteThreadAfterDays: 60 } }),
			listThreads: () => page(client.listThreads({ maxPageSize: 2, startTime: "2020-01-31T12:00:00Z" })),
			getThread: () => client.getThread(thread),
			updateThread: () => client.updateThread(thread, { topic: text, metadata: { a: text } }),
			sendMessage: () => client.sendMessage(thread, { content: text, senderDisplayName: text, type: "html", metadata }),
			listMessages: () => page(client.listMessages(thread)),
			getMessage: () => client.getMessage(thread, read),
			updateMessage: () => client.updateMessage(thread, edited, { content: text, metadata }),
			deleteMessage: () => client.deleteMessage(thread, deleted),
			addParticipants: () => client.addParticipants(thread, { participants: [{ communicationIdentifier: bob, displayName: text }] }),
			listParticipants: () => page(client.listParticipants(thread, { maxPageSize: 1, skip: 1 })),
			sendTypingNotification: () => client.sendTypingNotification(thread),
			sendReadReceipt: () => client.sendReadReceipt(thread, { chatMessageId: read }),
			listReadReceipts: () => page(client.listReadReceipts(thread, { maxPageSize: 5 })),
			removeParticipant: () => client.removeParticipant(thread, alex.id),
			deleteThread: () => client.deleteThread(thread),
		};
		if (Object.keys(calls).sort().join() !== operations.map(({ name }) => name).sort().join()) throw new Error("not all operations");
		for (const call of Object.values(calls)) await call().catch(() => {});
		const context = { service: { kind, endpoint }, person: jane, people };
		return exchanges.map((exchange) => {
			const call = callOf(exchange), { pathname, search } = new URL(exchange.url);
			const code = { JavaScript: javaScriptOf(call, context), Curl: curlOf(exchange, context), Go: goOf(call, context) };
			return { Operation: call.operation, Method: exchange.method, Target: pathname + search, Body: exchange.requestBody ?? "", ...code };
		});
	})()`, kind, scene.thread, jsonOf(t, scene.messages), people, scene.bob.ID, text, s.URL), &all, awaitPromise))
	require.Len(t, all, 16)
	return all
}

func jsonOf(t *testing.T, value any) string {
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

// requireSame checks that the service has got exactly the copied request, and has carried it out.
func (c copied) requireSame(t *testing.T, s *recordingService) {
	t.Helper()
	got := s.take()
	require.Len(t, got, 1)
	assert.Equal(t, c.Method+" "+c.Target, got[0].method+" "+got[0].target)
	assert.Less(t, got[0].status, 300, "the status")
	if c.Body == "" {
		assert.Empty(t, got[0].body)
	} else {
		assert.JSONEq(t, c.Body, got[0].body)
	}
}

// TestCopiedJavaScript runs the code of all operations in pages.
func TestCopiedJavaScript(t *testing.T) {
	s := newRecordingService(t)
	scene := s.newScene(t)
	all := copyCalls(t, s, scene, "server emulator")
	s.take()
	for _, c := range all {
		t.Run(c.Operation, func(t *testing.T) {
			assert.NotContains(t, c.JavaScript, scene.jane.Token)
			assert.Equal(t, "", runModule(t, c.JavaScript, scene.jane.Token))
			c.requireSame(t, s)
		})
	}
}

// withEmulator are operations that need nothing, a thread, a message or a user.
var withEmulator = []string{"createThread", "listMessages", "updateMessage", "sendReadReceipt", "removeParticipant"}

// TestCopiedJavaScriptWithEmulator runs code that brings an emulator of its own: it needs no thread of another one.
func TestCopiedJavaScriptWithEmulator(t *testing.T) {
	s := newRecordingService(t)
	for _, c := range copyCalls(t, s, s.newScene(t), "emulator") {
		t.Run(c.Operation, func(t *testing.T) {
			assert.Contains(t, c.JavaScript, "createEmulator(")
			assert.NotContains(t, c.JavaScript, "prompt(")
			if slices.Contains(withEmulator, c.Operation) {
				assert.Equal(t, "", runModule(t, c.JavaScript, ""))
			}
			for _, code := range []string{c.Curl, c.Go} {
				assert.Contains(t, code, "npx acschat")
				assert.Contains(t, code, "http://localhost:8081")
				assert.NotContains(t, code, "emulator.invalid")
			}
		})
	}
}

// runModule runs a module inside a page of HTML, and returns what it throws. prompt answers with the token.
func runModule(t *testing.T, code, token string) string {
	t.Helper()
	page := fmt.Sprintf(`<!doctype html><script>globalThis.prompt = () => %q; onerror = (message) => { globalThis.outcome = { Failure: message } };
		onunhandledrejection = ({ reason }) => { globalThis.outcome = { Failure: String(reason) + " " + reason.hint }; };
		console.log = (...what) => { globalThis.outcome = { Failure: "" }; };</script>
		<script type="module">%s</script>`, token, code)
	server := blankBeside(t, "", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page" {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, page)
			return
		}
		http.FileServer(http.Dir(web)).ServeHTTP(w, r)
	}))
	tab := openTab(t, server.URL+"/page")
	var outcome struct{ Failure string }
	tab.run(chromedp.Poll("globalThis.outcome", &outcome))
	return outcome.Failure
}

// TestCopiedCurl runs the commands of all operations in a shell.
func TestCopiedCurl(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("this needs curl")
	}
	s := newRecordingService(t)
	scene := s.newScene(t)
	all := copyCalls(t, s, scene, "server emulator")
	s.take()
	for _, c := range all {
		t.Run(c.Operation, func(t *testing.T) {
			assert.NotContains(t, c.Curl, scene.jane.Token)
			out, err := inShell(t, c.Curl, "ACS_TOKEN="+scene.jane.Token)
			require.NoError(t, err, "%s", out)
			c.requireSame(t, s)
		})
	}
	out, err := inShell(t, all[0].Curl, "ACS_TOKEN=")
	require.Error(t, err)
	assert.Contains(t, out, "ACS_TOKEN: set it to an access token of jane")
	assert.Empty(t, s.take(), "nothing is sent without a token")
}

// inShell runs a command in an empty folder, and requires that it leaves nothing there.
func inShell(t *testing.T, command, variable string) (string, error) {
	dir := t.TempDir()
	shell := exec.CommandContext(t.Context(), "sh", "-c", command)
	shell.Dir, shell.Env = dir, append(os.Environ(), variable, "no_proxy=*")
	out, err := shell.CombinedOutput()
	left, readErr := os.ReadDir(dir)
	require.NoError(t, readErr)
	assert.Empty(t, left, "the text was run as a command")
	return string(out), err
}

// TestCopiedGo compiles the programs of all operations in this module, and runs them. To link only once, it makes them packages of one program.
func TestCopiedGo(t *testing.T) {
	s := newRecordingService(t)
	scene := s.newScene(t)
	all := copyCalls(t, s, scene, "server emulator")
	s.take()
	files := map[string]string{}
	imports, cases := "", ""
	for _, c := range all {
		formatted, err := format.Source([]byte(c.Go))
		require.NoError(t, err, c.Operation)
		assert.Equal(t, string(formatted), c.Go, "gofmt")
		assert.NotContains(t, c.Go, scene.jane.Token)
		source := strings.Replace(c.Go, "\npackage main\n", "\npackage "+c.Operation+"\n", 1)
		files[c.Operation+"/main.go"] = strings.Replace(source, "\nfunc main() {\n", "\nfunc Main() {\n", 1)
		imports += fmt.Sprintf("\t%q\n", "acschat/try/"+c.Operation)
		cases += fmt.Sprintf("\tcase %q:\n\t\t%s.Main()\n", c.Operation, c.Operation)
	}
	files["main.go"] = "package main\n\nimport (\n\t\"os\"\n\n" + imports + ")\n\nfunc main() {\n\tswitch os.Args[1] {\n" + cases + "\t}\n}\n"
	program := buildInModule(t, files)
	for _, c := range all {
		t.Run(c.Operation, func(t *testing.T) {
			run := exec.CommandContext(t.Context(), program, c.Operation)
			run.Env = append(os.Environ(), "ACS_TOKEN="+scene.jane.Token)
			out, err := run.CombinedOutput()
			require.NoError(t, err, "%s", out)
			c.requireSame(t, s)
		})
	}
	run := exec.Command(program, "getThread")
	run.Env = append(os.Environ(), "ACS_TOKEN=")
	out, err := run.CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(out), "ACS_TOKEN is empty: set it to an access token of jane")
}

// buildInModule builds the program in the folder try of this module. Only the compiler sees that folder.
func buildInModule(t *testing.T, files map[string]string) (program string) {
	dir, top := t.TempDir(), absolute(t, "..")
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for name, source := range files {
		file := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		require.NoError(t, os.WriteFile(file, []byte(source), 0o644))
		overlay.Replace[filepath.Join(top, "try", filepath.FromSlash(name))] = file
	}
	list := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(list, []byte(jsonOf(t, overlay)), 0o644))
	program = filepath.Join(dir, "program")
	build := exec.CommandContext(t.Context(), "go", "build", "-overlay", list, "-o", program, "./try")
	build.Dir = top
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return program
}

func absolute(t *testing.T, path string) string {
	abs, err := filepath.Abs(path)
	require.NoError(t, err)
	return abs
}

// TestLiterals writes random texts as literals of JavaScript, of Go and as words of a shell, and reads them back.
func TestLiterals(t *testing.T) {
	tab := openTab(t, blank(t, "").URL+"/blank")
	var all []struct{ Text, JavaScript, JSON, Go, Shell string }
	tab.run(chromedp.Evaluate(fmt.Sprintf(`(async () => {
		const { jsString, goString, shellWord, safeJSON } = await import("/studio/copy_literal.js");
		const seed = %d;
		let state = seed;
		const random = (n) => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32 * n) | 0;
		const pieces = ["'", '"', "\\", "$(", ")", "${", "}", String.fromCharCode(96), "!", "\n", "\r", "\t", "<", "/", "script>", "!--", "]]>", "%%", "*/", "\u2028", "\u2029", "\u202e", "\ufeff", "\u200d", "\u{1f600}", "\u{e0001}", "\x01", "\x7f", "\x9f", "é", "a", " ", "\\u", "\\x", "#", "&&", ";", "\uffff", "\u{10ffff}"];
		return Array.from({ length: 2000 }, () => {
			const text = Array.from({ length: random(12) }, () => random(4) ? pieces[random(pieces.length)] : String.fromCodePoint(random(0x3000) + 1)).join("");
			const literal = jsString(text);
			if (new Function("return " + literal)() !== text) throw new Error(seed + ": " + literal);
			if (/<[!/]|<script/i.test(literal)) throw new Error(seed + ": " + literal + " ends a script element");
			return { Text: text, JavaScript: literal, JSON: safeJSON(JSON.stringify(text)), Go: goString(text), Shell: shellWord(text) };
		});
	})()`, time.Now().UnixNano()%1e9), &all, awaitPromise))
	script := &strings.Builder{}
	for _, c := range all {
		unquoted, err := strconv.Unquote(c.Go)
		require.NoError(t, err, c.Go)
		require.Equal(t, c.Text, unquoted)
		var parsed string
		require.NoError(t, json.Unmarshal([]byte(c.JSON), &parsed))
		require.Equal(t, c.Text, parsed)
		for _, r := range c.JavaScript + c.JSON + c.Go {
			require.NotContains(t, "\u2028\u2029\u202e\ufeff\n\r\x7f", string(r), "an invisible character")
		}
		fmt.Fprintf(script, "printf '%%s\\0' %s\n", c.Shell)
	}
	out, err := inShell(t, script.String(), "X=")
	require.NoError(t, err)
	words := strings.Split(out, "\x00")
	for i, c := range all {
		require.Equal(t, c.Text, words[i])
	}
}
