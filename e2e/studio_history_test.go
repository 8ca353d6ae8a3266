//go:build !js

package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// TestCallsMadeBefore checks that the page lists the calls that were made before in this browser, fills in one of them without running it, and
// keeps no token.
func TestCallsMadeBefore(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	tab.operation("updateThread")
	tab.set("topic", "Brunch")
	tab.clickIn("#panel-operations", "Run")
	tab.waitText("#panel-operations", "updateThread succeeded")
	tab.set("topic", site.emulator.NewUser().Token)
	tab.clickIn("#panel-operations", "Run")
	tab.waitText(janes+" .topic", "eyJ")
	tab.set("topic", "Dinner")
	tab.clickIn("#panel-operations", "Run")
	tab.waitText(janes+" .topic", "Dinner")

	tab.run(chromedp.Reload())
	tab.waitText(janes+" .topic", "Dinner")
	tab.run(chromedp.Click(".earlier summary", chromedp.ByQuery))
	tab.waitText(".earlier ul", "updateThreadDinnerupdateThreadBrunch")
	tab.run(chromedp.Click(".earlier li:last-child button", chromedp.ByQuery))
	tab.run(chromedp.Poll(`document.querySelector('[data-path="topic"] input').value === "Brunch"`, nil))
	assert.Equal(t, "Dinner", site.emulator.Threads()[0].Topic, "it is not run")
	var kept string
	tab.run(chromedp.Evaluate(`JSON.stringify([{ ...localStorage }, location.href])`, &kept))
	assert.Contains(t, kept, "Brunch")
	assert.NotContains(t, kept, "eyJ")
	tab.requireQuiet()
}
