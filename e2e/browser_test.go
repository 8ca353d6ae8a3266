//go:build !js

// Package e2e tests the demo page and chat.js in headless Chromium. The emulator has another origin than the page.
package e2e

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"acschat/cmd/chatdev/page"
	"acschat/emulator"
	"acschat/identity"
)

var browser context.Context // one Chromium for all tests: each test opens a tab

var wasm = flag.String("wasm", "../web/chat.wasm", "the build of the client that the pages load")

// web is the directory that the pages are served from.
var web string

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Println("e2e needs Chromium: skipped with -short")
		os.Exit(0)
	}
	for _, file := range []string{*wasm, "../web/wasm_exec.js"} {
		if _, err := os.Stat(file); err != nil {
			fmt.Fprintf(os.Stderr, "%s is missing: run make build first\n", file)
			os.Exit(1)
		}
	}
	removeWeb, err := copyWeb()
	if err != nil {
		fmt.Fprintf(os.Stderr, "a copy of web/ with %s as chat.wasm: %v\n", *wasm, err)
		os.Exit(1)
	}
	var stop context.CancelFunc
	browser, stop = chromedp.NewContext(context.Background())
	if err := chromedp.Run(browser); err != nil {
		fmt.Fprintf(os.Stderr, "Chromium does not start: %v\n", err)
		os.Exit(1)
	}
	code := m.Run()
	stop()
	removeWeb()
	os.Exit(code)
}

// copyWeb copies web/ to a temporary directory, with the module of the flag -wasm as chat.wasm, and its part beside it.
func copyWeb() (remove func() error, err error) {
	if web, err = os.MkdirTemp("", "e2e"); err != nil {
		return nil, err
	}
	remove = func() error { return os.RemoveAll(web) }
	if err := os.CopyFS(web, os.DirFS("../web")); err != nil {
		return remove, err
	}
	for name, of := range map[string]string{"chat.wasm": *wasm, "chat.conversation.wasm": strings.TrimSuffix(*wasm, "wasm") + "conversation.wasm"} {
		module, err := os.ReadFile(of)
		if err == nil {
			err = os.WriteFile(filepath.Join(web, name), module, 0o644)
		}
		if err != nil {
			return remove, err
		}
	}
	return remove, nil
}

// site is a page server and an emulator on another port.
type site struct {
	emulator   *emulator.Emulator
	endpoint   string // of the emulator
	users      *page.Users
	url        string       // of the page
	preflights atomic.Int64 // CORS preflights that the emulator received
}

func newSite(t *testing.T) *site {
	s := &site{emulator: emulator.New(emulator.Options{})}
	acs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			s.preflights.Add(1)
		}
		s.emulator.ServeHTTP(w, r)
	}))
	t.Cleanup(acs.Close)
	client, err := identity.New(s.emulator.ConnectionString(acs.URL), nil)
	require.NoError(t, err)
	s.endpoint, s.users = acs.URL, page.NewUsers(client)
	site := page.New(web, s.users)
	site.Emulator = s.emulator
	pages := httptest.NewServer(site)
	t.Cleanup(pages.Close)
	s.url = pages.URL
	return s
}

// tab is a browser tab.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string // uncaught exceptions and console output
	logged   []string // what the browser itself wrote to the console, such as that a request failed
	sent     []*network.EventRequestWillBeSent
}

// open opens the demo page at a desktop's size, and waits until both people see the first message.
func (s *site) open(t *testing.T) *tab {
	tab := openTab(t, s.url)
	tab.run(chromedp.EmulateViewport(1440, 900))
	for _, column := range []string{janes, alexs} {
		tab.waitText(column+" .messages", "shall we meet for lunch?")
	}
	return tab
}

func openTab(t *testing.T, url string) *tab { return openTabFor(t, url, 30*time.Second) }

// openTabFor opens a tab that may be used for so long.
func openTabFor(t *testing.T, url string, limit time.Duration) *tab {
	ctx, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, limit)
	t.Cleanup(cancel)
	tab := &tab{t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, func(event any) {
		tab.mu.Lock()
		defer tab.mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			tab.sent = append(tab.sent, e)
		case *runtime.EventExceptionThrown:
			tab.problems = append(tab.problems, e.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			tab.problems = append(tab.problems, fmt.Sprintf("console.%s: %s", e.Type, e.Args[0].Value))
		case *log.EventEntryAdded:
			tab.logged = append(tab.logged, fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	})
	// Chromium throttles hidden pages, so every tab counts as focused.
	tab.run(network.Enable(), emulation.SetFocusEmulationEnabled(true), chromedp.Navigate(url))
	return tab
}

func (tab *tab) run(actions ...chromedp.Action) {
	tab.t.Helper()
	require.NoError(tab.t, chromedp.Run(tab.ctx, actions...), "the page reported: %s", tab.reported())
}

// click clicks the button with this text.
func (tab *tab) click(name string) {
	tab.t.Helper()
	tab.run(chromedp.Click(fmt.Sprintf(`//button[normalize-space()=%q]`, name), chromedp.BySearch))
}

// clickIn clicks the button with this name in the element of a CSS selector.
func (tab *tab) clickIn(selector, name string) {
	tab.t.Helper()
	tab.run(chromedp.Poll(fmt.Sprintf(`(() => {
		const found = [...document.querySelectorAll(%q)].find((e) => (e.ariaLabel ?? e.textContent).trim() === %q && e.checkVisibility());
		if (!found) return false;
		found.scrollIntoView({ block: "nearest", behavior: "instant" });
		const { x, y, width, height } = found.getBoundingClientRect();
		if (!found.contains(document.elementFromPoint(x + width / 2, y + height / 2))) return false; // something covers it
		found.focus();
		found.click(); // here, because the page may replace an item with its buttons at any time
		return true;
	})()`, selector+" button", name), nil))
}

// waitText waits until the text of an element contains want.
func (tab *tab) waitText(selector, want string) {
	tab.t.Helper()
	var done bool
	tab.run(chromedp.Evaluate(fmt.Sprintf(`new Promise((resolve) => {
		const check = () => document.querySelector(%q)?.textContent.includes(%q) && resolve(true);
		new MutationObserver(check).observe(document, { subtree: true, childList: true, characterData: true });
		check();
	})`, selector, want), &done, awaitPromise))
}

func awaitPromise(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

func (tab *tab) text(selector string) (text string) {
	tab.t.Helper()
	tab.run(chromedp.Text(selector, &text, chromedp.ByQuery))
	return text
}

func (tab *tab) value(selector string) (value string) {
	tab.t.Helper()
	tab.run(chromedp.Value(selector, &value, chromedp.ByQuery))
	return value
}

// requireQuiet fails the test if the page has an uncaught exception or has written to the console.
func (tab *tab) requireQuiet() {
	tab.t.Helper()
	require.Empty(tab.t, tab.reported())
}

// requireSilent is requireQuiet, also for what the browser itself has written to the console.
func (tab *tab) requireSilent() {
	tab.t.Helper()
	tab.requireQuiet()
	tab.mu.Lock()
	defer tab.mu.Unlock()
	require.Empty(tab.t, tab.logged)
}

// requests returns the requests that the page has sent so far.
func (tab *tab) requests() (requests []*network.Request) {
	for _, e := range tab.events() {
		requests = append(requests, e.Request)
	}
	return requests
}

// serviceRequests returns those of the requests that went to the service, without CORS preflights. Chromium asks for the page's icon at any
// time.
func (tab *tab) serviceRequests() (requests []*network.Request) {
	for _, r := range tab.requests() {
		if strings.Contains(r.URL, "/chat/threads") && r.Method != http.MethodOptions {
			requests = append(requests, r)
		}
	}
	return requests
}

// events returns the events of those requests.
func (tab *tab) events() []*network.EventRequestWillBeSent {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return slices.Clone(tab.sent)
}

func (tab *tab) reported() string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return strings.Join(tab.problems, "\n")
}
