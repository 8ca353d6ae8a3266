//go:build !js

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// siteFolder assembles the site of make site, once for all tests, in the folder that the pages are served from.
var siteFolder = sync.OnceValues(func() (string, error) {
	folder := filepath.Join(web, "site")
	command := exec.Command("go", "run", "./cmd/dist", "-site", "-goroot", runtime.GOROOT(), folder) //nolint:staticcheck // the toolchain that runs this test
	command.Dir = ".."
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}
	return folder, nil
})

// staticSite serves the site of make site as a server of files does, under a path. It returns the address.
func staticSite(t *testing.T) string {
	t.Helper()
	folder, err := siteFolder()
	require.NoError(t, err)
	server := httptest.NewServer(http.StripPrefix("/some/where", http.FileServer(http.Dir(folder))))
	t.Cleanup(server.Close)
	return server.URL + "/some/where/"
}

// openSite opens the page of a static site at a desktop's size.
func openSite(t *testing.T, url string) *tab {
	t.Helper()
	tab := openTab(t, url)
	tab.run(chromedp.EmulateViewport(1440, 900))
	tab.waitText(alexs+" .messages", "shall we meet for lunch?")
	return tab
}

// TestSiteOfFiles checks the site without a server behind it: two tabs share one emulator, whose state survives, and all requests stay below the
// path of the page.
func TestSiteOfFiles(t *testing.T) {
	url := staticSite(t)
	first := openSite(t, url)
	assert.Equal(t, "Emulator in this page", first.text("#service"))
	first.requireSilent()
	second := openSite(t, url)
	first.say(janes, "Shall we meet at noon?")
	second.waitLast(alexs, "JaneShall we meet at noon?")
	second.say(alexs, "Rather at one.")
	first.waitLast(janes, "AlexRather at one.")

	second.run(chromedp.Reload())
	second.waitText(janes+" .messages", "Rather at one.")
	for _, tab := range []*tab{first, second} {
		for _, request := range tab.requests() {
			assert.True(t, strings.HasPrefix(request.URL, url) || strings.HasPrefix(request.URL, "data:"), request.URL)
		}
		tab.requireQuiet()
	}
}

// TestSiteOfFilesLosesAnAnswer checks the guided run with the emulator in the page, and its reset.
func TestSiteOfFilesLosesAnAnswer(t *testing.T) {
	tab := openSite(t, staticSite(t))
	tab.clickIn("#tools", "Faults and time")
	tab.clickIn(".guide", "Lose the answer of the next message")
	tab.waitText(".guide", "in the thread once")
	tab.clickIn(".guide", "The same with a plain retry")
	tab.waitText(".guide", "in the thread twice")

	tab.clickIn(".time", "Advance by 25 hours")
	tab.waitText(".time", "25 h ahead")
	tab.say(janes, "Still here?")
	tab.waitLast(alexs, "JaneStill here?")

	tab.clickIn(".time", "Reset the emulator")
	tab.clickIn("dialog", "Reset")
	tab.run(chromedp.WaitNotPresent("dialog", chromedp.ByQuery))
	tab.waitText(alexs+lastItem, "shall we meet for lunch?")
	assert.NotContains(t, tab.text(alexs+" .messages"), "Still here?")
	tab.requireQuiet()
}

// TestStateAsAFile exports the state of the emulator in the page, and imports it in another browser's page, where a reload keeps it. A file that is
// no state is refused.
func TestStateAsAFile(t *testing.T) {
	tab := openSite(t, staticSite(t))
	tab.say(janes, "Keep this")
	tab.waitLast(alexs, "Keep this")
	tab.clickIn("#tools", "Faults and time")
	tab.run(chromedp.Evaluate(`URL.createObjectURL = (blob) => (globalThis.saved = blob.text(), "#saved")`, nil))
	tab.clickIn("#tools", "Export the state")
	var state string
	tab.run(chromedp.Poll(`globalThis.saved`, nil))
	tab.evaluate(`saved`, &state)

	other := openSite(t, staticSite(t))
	other.clickIn("#tools", "Faults and time")
	choose := func(content string) {
		other.run(chromedp.Evaluate(fmt.Sprintf(`{
			const files = new DataTransfer();
			files.items.add(new File([%s], "chosen.json"));
			const input = document.querySelector("#tools [type=file]");
			input.files = files.files;
			input.dispatchEvent(new Event("change"));
		}`, strconv.Quote(content)), nil))
	}
	choose("Hello")
	other.waitText("#panel-faults", "chosen.json is not JSON")
	choose(`{"format":-1,"records":{}}`)
	other.waitText("#panel-faults > .problem", "state")
	choose(state)
	other.waitText(alexs+" .messages", "Keep this")
	other.run(chromedp.Reload())
	other.waitText(alexs+" .messages", "Keep this")
	other.requireQuiet()
}
