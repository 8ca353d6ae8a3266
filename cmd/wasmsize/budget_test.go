//go:build !js

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseBudget(t *testing.T) {
	for value, want := range map[string]budget{"0": 0, "1.12": 1.12, "2": 2} {
		got, err := parseBudget(value)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	for _, value := range []string{"", "much", "-1", "NaN", "Inf", "1e999"} {
		_, err := parseBudget(value)
		assert.ErrorContains(t, err, "must be a ratio", value)
	}
}

func TestByteVerdict(t *testing.T) {
	for budget, want := range map[byteBudget]string{
		600: "brotli 600 bytes is within the budget of 600: 0 bytes left",
		599: "brotli 600 bytes is above the budget of 599: 1 bytes too many",
	} {
		got, within := budget.verdict(sizes{}, sizes{brotli: 600})
		assert.Equal(t, want, got)
		assert.Equal(t, budget != 599, within)
	}
}

func TestVerdict(t *testing.T) {
	tests := []struct {
		budget      budget
		floor, file int
		want        string
		within      bool
	}{
		{0, 1000, 9000, "brotli ratio 9.0000, without a budget", true},
		{1.12, 1000, 1100, "brotli ratio 1.1000 is within the budget of 1.12: 20 bytes left", true},
		{1.12, 1000, 1120, "brotli ratio 1.1200 is within the budget of 1.12: 0 bytes left", true},
		{1.12, 1000, 1121, "brotli ratio 1.1210 is above the budget of 1.12: 1 bytes too many", false},
		{1.15, 100, 115, "brotli ratio 1.1500 is within the budget of 1.15: 0 bytes left", true}, // 1.15*100 < 115
		{0.5, 1000, 600, "brotli ratio 0.6000 is above the budget of 0.5: 100 bytes too many", false},
	}
	for _, test := range tests {
		got, within := test.budget.verdict(sizes{brotli: test.floor}, sizes{brotli: test.file})
		assert.Equal(t, test.want, got)
		assert.Equal(t, test.within, within, got)
	}
}
