//go:build !js

package chatcore_test

import (
	"flag"
	"testing"

	"acschat/internal/plantedbugs"
)

var runPlanted = flag.Bool("planted", false, "run TestPlantedBugs, which takes minutes")

func TestPlantedBugs(t *testing.T) {
	if !*runPlanted {
		t.Skip("run it with -planted")
	}
	plantedbugs.Find(t, "chatcore", "TestHistories", []string{"chatcore/internal/*", "emulator"}, plantedBugs)
}

func TestPlantedBugsFit(t *testing.T) { plantedbugs.Fit(t, plantedBugs) }
