//go:build !js

package e2e

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// restlessTab is one of the tabs of TestRestlessTabs.
type restlessTab struct {
	*tab
	isFrozen, isOffline bool
}

// TestRestlessTabs sends messages from two tabs, while it reloads, freezes, closes and reopens them, cuts the network, and makes requests fail. With
// storage every message must be sent once, and all in order. Without, none may be sent twice, and the page must be told that they are in memory.
func TestRestlessTabs(t *testing.T) {
	for _, row := range []struct{ name, first, durability string }{
		{"with storage", "", "disk"},
		{"without storage", `Object.defineProperty(globalThis, "indexedDB", { value: undefined });`, "memory"},
	} {
		t.Run(row.name, func(t *testing.T) {
			count := 30
			if *long {
				count = 200
			}
			random := rand.New(rand.NewPCG(15, 15))
			p := programOf(t, newSite(t), row.first+conversing)
			tabs := []*restlessTab{p.openRestless(t, row.durability), p.openRestless(t, row.durability)}
			actions := map[string]int{}
			var sent []string
			for i := range count {
				name := p.disturb(t, random, tabs, row.durability)
				actions[name]++
				of := random.IntN(2)
				if tabs[of].isFrozen {
					of = 1 - of
				}
				content := fmt.Sprintf("m%d of %d", i, of)
				sent = append(sent, content)
				stored := "records()"
				if row.durability == "memory" {
					stored = "undefined"
				}
				var durability string
				tabs[of].evaluate(fmt.Sprintf(`conversation.send({ content: %q }); Promise.resolve(%s).then(() => conversation.getSnapshot().durability)`, content, stored), &durability)
				assert.Equal(t, row.durability, durability)
			}
			t.Logf("%d messages, disturbances: %v", count, actions)

			p.site.emulator.ClearFaults()
			for _, tab := range tabs {
				tab.calm()
			}
			if row.durability == "disk" {
				all := fmt.Sprintf(`until(({ messages, paused }) => messages.filter(({ type, state }) => type === "text" && state === "sent").length >= %d)`, min(count, 200))
				for _, tab := range tabs {
					tab.evaluate(all, nil)
				}
				assert.Equal(t, sent, p.contents())
				var records []any
				tabs[0].evaluate(`records()`, &records)
				assert.Empty(t, records)
			} else {
				for _, tab := range tabs {
					tab.evaluate(`until(({ messages }) => messages.every(({ state }) => state === "sent"))`, nil)
				}
				contents := p.contents()
				seen := map[string]bool{}
				for _, content := range contents {
					assert.False(t, seen[content], "%s is doubled", content)
					seen[content] = true
				}
				for of := range tabs {
					assert.Equal(t, ofTab(sent, of, seen), ofTab(contents, of, seen), "the order of tab %d", of)
				}
				t.Logf("%d of %d were sent", len(contents), count)
				assert.NotEmpty(t, contents)
			}
			for _, tab := range tabs {
				tab.requireQuiet()
			}
		})
	}
}

// ofTab returns the contents that a tab has sent, of those that are in seen.
func ofTab(contents []string, tab int, seen map[string]bool) (own []string) {
	for _, content := range contents {
		if seen[content] && strings.HasSuffix(content, fmt.Sprintf(" of %d", tab)) {
			own = append(own, content)
		}
	}
	return own
}

func (p *program) openRestless(t *testing.T, durability string) *restlessTab {
	tab := &restlessTab{tab: openTabFor(t, p.url, 10*time.Minute)}
	tab.evaluate(`loading`, nil)
	p.start(tab, durability)
	return tab
}

// start opens the conversation, and waits until the page is told what becomes of messages.
func (p *program) start(tab *restlessTab, durability string) {
	tab.t.Helper()
	tab.evaluate(fmt.Sprintf(`converse(%q, { pageSize: 200 }, { timeoutMs: 2000 }); until((s) => s.durability === %q)`, p.threadID, durability), nil)
	if durability == "disk" {
		tab.evaluate(`records()`, nil)
	}
}

// disturb does something to one of the tabs or to the network, and returns what.
func (p *program) disturb(t *testing.T, random *rand.Rand, tabs []*restlessTab, durability string) string {
	t.Helper()
	of := random.IntN(2)
	tab := tabs[of]
	switch n := random.IntN(20); {
	case n < 2:
		tab.calm()
		tab.reload()
		p.start(tab, durability)
		return "reload"
	case n < 3:
		tab.calm()
		require.NoError(t, chromedp.Cancel(tab.ctx))
		tabs[of] = p.openRestless(t, durability)
		return "close and reopen"
	case n < 5 && !tab.isFrozen && !tabs[1-of].isFrozen:
		tab.isFrozen = true
		tab.freeze()
		return "freeze"
	case n < 7 && tab.isFrozen:
		tab.calm()
		return "thaw"
	case n < 9 && !tab.isFrozen:
		tab.isOffline = !tab.isOffline
		tab.run(offline(tab.isOffline))
		return "offline or online"
	case n < 13:
		faults := []emulator.Rule{{Drop: true}, {Drop: true, After: true}, {Status: 503}, {Status: 500, After: true}, {Status: 429}, {Hang: true, HangMs: 3000, After: true}}
		rule := faults[random.IntN(len(faults))]
		rule.Operation, rule.Call, rule.Times = "sendMessage", 1+random.IntN(3), 1+random.IntN(3)
		p.site.emulator.Fail(rule)
		return "fault"
	case n < 16:
		time.Sleep(time.Duration(random.IntN(600)) * time.Millisecond)
		return "pause"
	}
	return "nothing"
}

// calm undoes what disturb has done to a tab.
func (tab *restlessTab) calm() {
	tab.t.Helper()
	if tab.isFrozen {
		tab.isFrozen = false
		tab.thaw()
	}
	if tab.isOffline {
		tab.isOffline = false
		tab.run(offline(false))
	}
}
