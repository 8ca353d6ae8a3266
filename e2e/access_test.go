//go:build !js

package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// TestKeyboard uses the demo page with the keyboard only, and checks that the focus is always visible.
func TestKeyboard(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	type focus struct {
		Name    string
		Visible bool
	}
	reach := func(name string) {
		t.Helper()
		var focused focus
		for presses := 0; focused.Name != name; presses++ {
			require.Less(t, presses, 40, "the Tab key does not reach %s", name)
			tab.run(chromedp.KeyEvent(kb.Tab), chromedp.Evaluate(`({
				name: document.activeElement.ariaLabel ?? document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent.trim(),
				visible: parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2,
			})`, &focused))
			assert.True(t, focused.Visible, "the focus on %q is not visible", focused.Name)
		}
	}
	reach("Message as Jane")
	tab.press("H", "i", "Enter")
	tab.waitLast(alexs, "JaneHi")
	reach("Send as Alex")
	reach("Requests")
	tab.press("ArrowRight", "ArrowRight")
	reach("Lose the answer of the next message")
	tab.press("Enter")
	tab.waitText(".guide", "in the thread once")

	tab.press("2", "Y", "e", "s", "Enter")
	tab.waitLast(janes, "AlexYes")
	tab.run(chromedp.KeyEvent(kb.Tab))
	tab.press("?")
	tab.waitText("dialog", "shows the requests")
	tab.press(" ", "Escape")
	tab.run(chromedp.WaitNotPresent("dialog", chromedp.ByQuery))
	tab.press("1")
	var name string
	tab.run(chromedp.Evaluate(`document.activeElement.ariaLabel`, &name))
	assert.Equal(t, "Send as Alex", name, "single keys are switched off")
	tab.requireQuiet()
}

// press presses keys one after the other. Unlike chromedp.KeyEvent, it types nothing if the page prevents that.
func (tab *tab) press(keys ...string) {
	tab.t.Helper()
	for _, key := range keys {
		down := input.DispatchKeyEvent(input.KeyDown).WithKey(key)
		if len(key) == 1 {
			down = down.WithText(key)
		} else if key == "Enter" {
			down = down.WithText("\r").WithWindowsVirtualKeyCode(13)
		} else if key == "Escape" {
			down = down.WithWindowsVirtualKeyCode(27)
		}
		tab.run(down, input.DispatchKeyEvent(input.KeyUp).WithKey(key))
	}
}

// TestReadable checks that every field has a name, that what happens is announced to screen readers, and that text has enough contrast in the
// light and in the dark scheme.
func TestReadable(t *testing.T) {
	site := newSite(t)
	for _, scheme := range []string{"light", "dark"} {
		tab := site.open(t)
		tab.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}, // without transitions of colours
		}))
		site.emulator.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, Status: 400})
		tab.say(janes, "Hi")
		tab.waitLast(janes, "Not sent")
		for _, open := range []string{"Requests", "Operations", "Faults and time", "New thread as Jane"} {
			tab.clickIn("body", open)
			var unnamed, faint []string
			tab.run(chromedp.Evaluate(`[...document.querySelectorAll("input, textarea, select")].filter((field) => !field.labels.length && !field.ariaLabel).map((field) => field.id + field.name)`, &unnamed))
			assert.Empty(t, unnamed, open)
			tab.run(chromedp.Evaluate(contrast, &faint))
			assert.Empty(t, faint, "%s, %s", scheme, open)
		}
		tab.clickIn("dialog", "Cancel")
		tab.say(alexs, "Ho")
		tab.waitText("#announcer", "Jane has a message from Alex: Ho")
		var announced int
		tab.run(chromedp.Evaluate(`document.querySelectorAll("[role=status], [role=alert]").length`, &announced))
		assert.GreaterOrEqual(t, announced, 11)
		tab.clickIn(janes, "Discard")
	}
}

// contrast is a script. It lists the elements with text whose contrast, as WCAG 2 defines it, is below 4.5:1.
const contrast = `(() => {
	const channels = (color) => color.match(/[\d.]+/g).map(Number);
	const luminance = ([r, g, b]) => {
		const linear = [r, g, b].map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
		return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
	};
	const backgroundOf = (element) => {
		for (; element; element = element.parentElement) {
			const color = channels(getComputedStyle(element).backgroundColor);
			if (color.length === 3 || color[3] === 1) return color;
		}
		return [255, 255, 255];
	};
	return [...document.body.querySelectorAll("*")]
		.filter((e) => e.checkVisibility() && (e.value !== undefined || [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())))
		.map((e) => {
			const [a, b] = [luminance(channels(getComputedStyle(e).color)), luminance(backgroundOf(e))].sort((x, y) => y - x);
			return { e, ratio: (a + 0.05) / (b + 0.05) };
		})
		.filter(({ ratio }) => ratio < 4.5)
		.map(({ e, ratio }) => e.tagName + "#" + e.id + " " + e.textContent.trim().slice(0, 20) + " " + ratio.toFixed(2));
})()`
