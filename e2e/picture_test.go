//go:build !js

package e2e

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

var pictures = flag.String("pictures", "", "make the pictures of the documents, in this folder")

// TestPictures makes the pictures of the demo page for README and docs. make pictures runs it.
func TestPictures(t *testing.T) {
	if *pictures == "" {
		t.Skip("without -pictures")
	}
	for _, picture := range []struct {
		name, scheme string
		prepare      func(tab *tab)
	}{
		{"studio.webp", "light", func(tab *tab) {
			tab.say(janes, "Shall we meet at noon?")
			tab.waitLast(alexs, "at noon?")
			tab.say(alexs, "Rather at one.")
			tab.waitText(janes+" .messages", "Rather at one.")
			tab.run(chromedp.Focus(janes+" .composer textarea", chromedp.ByQuery))
			tab.waitText(alexs+" .messages", "Read by Jane")
			tab.run(chromedp.SendKeys(janes+" .composer textarea", "See you th", chromedp.ByQuery))
			tab.waitText(alexs+" .typing", "Jane is typing")
		}},
		{"studio-faults.webp", "dark", func(tab *tab) {
			tab.clickIn("#tools", "Faults and time")
			tab.clickIn(".guide", "Lose the answer of the next message")
			tab.waitText(".guide", "in the thread once")
			tab.clickIn("#tools", "Plant: Refuse the message")
			tab.say(janes, "Will this arrive?")
			tab.waitLast(janes, "Not sent")
			tab.run(chromedp.Evaluate(`document.querySelector("#panel-faults").scrollTop = 0`, nil))
		}},
	} {
		site := newSite(t)
		tab := site.open(t)
		tab.run(chromedp.EmulateViewport(1280, 800), emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: picture.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}, // without transitions
		}))
		picture.prepare(tab)
		var content []byte
		tab.run(page.BringToFront(), chromedp.ActionFunc(func(ctx context.Context) (err error) {
			content, err = page.CaptureScreenshot().WithFormat(page.CaptureScreenshotFormatWebp).WithQuality(85).Do(ctx)
			return err
		}))
		require.NoError(t, os.WriteFile(filepath.Join(*pictures, picture.name), content, 0o644))
	}
}
