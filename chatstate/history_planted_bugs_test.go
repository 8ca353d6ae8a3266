package chatstate_test

import (
	"flag"
	"testing"

	"acschat/internal/plantedbugs"
)

var runPlanted = flag.Bool("planted", false, "run TestPlantedBugs and TestPlantedInboxBugs, which take minutes")

func TestPlantedBugs(t *testing.T) {
	if !*runPlanted {
		t.Skip("run it with -planted")
	}
	plantedbugs.Find(t, "chatstate", "TestHistories", historySources, plantedBugs)
}

func TestPlantedInboxBugs(t *testing.T) {
	if !*runPlanted {
		t.Skip("run it with -planted")
	}
	plantedbugs.Find(t, "chatstate", "TestInboxHistories", historySources, plantedInboxBugs)
}

// historySources are the folders that the histories need.
var historySources = []string{"chatcore", "chatcore/internal/*", "emulator"}

func TestPlantedBugsFit(t *testing.T) {
	plantedbugs.Fit(t, plantedBugs)
	plantedbugs.Fit(t, plantedInboxBugs)
}
