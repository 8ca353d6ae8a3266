//go:build !js

package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKeyboard uses the demo page with the keyboard only, and checks that the focus is always visible.
func TestKeyboard(t *testing.T) {
	site := newSite(t)
	tab := site.open(t)
	for _, step := range []struct{ button, where, want string }{
		{"Create thread", "#create-result", "Thread 19:"},
		{"Add participants", "#add-result", "1 not added:"},
		{"Send message", "#send-result", "Message "},
	} {
		var focused struct {
			Text    string
			Visible bool
		}
		for presses := 0; focused.Text != step.button; presses++ {
			require.Less(t, presses, 20, "the Tab key does not reach the button")
			tab.run(chromedp.KeyEvent(kb.Tab), chromedp.Evaluate(`({
				text: document.activeElement.textContent.trim(),
				visible: parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2,
			})`, &focused))
			assert.True(t, focused.Visible, "the focus is not visible after pressing Tab %d times on the way to %s", presses+1, step.button)
		}
		tab.run(chromedp.KeyEvent(kb.Enter))
		tab.waitText(step.where, step.want)
		var kept string
		tab.run(chromedp.Evaluate(`document.activeElement.textContent.trim()`, &kept))
		assert.Equal(t, step.button, kept, "the button keeps the focus")
	}
	require.Len(t, site.emulator.Threads(), 1)
}

// TestReadable checks that every field has a label, that results are announced to screen readers, and that text has enough contrast in the light
// and in the dark scheme.
func TestReadable(t *testing.T) {
	site := newSite(t)
	for _, scheme := range []string{"light", "dark"} {
		tab := site.open(t)
		tab.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}, // without transitions of colours
		}))
		tab.click("Create thread")
		tab.waitText("#create-result", "Thread 19:")
		tab.fill("#send-thread", "19:none@thread.v2")
		tab.click("Send message")
		tab.waitText("#send-error", "NotFound")

		var unlabelled, faint []string
		tab.run(chromedp.Evaluate(`[...document.querySelectorAll("input, textarea, select")].filter((field) => !field.labels.length).map((field) => field.id)`, &unlabelled))
		assert.Empty(t, unlabelled)
		var announced int
		tab.run(chromedp.Evaluate(`document.querySelectorAll("[role=status], [role=alert]").length`, &announced))
		assert.Equal(t, 11, announced)
		tab.run(chromedp.Evaluate(contrast, &faint))
		assert.Empty(t, faint, scheme)
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
