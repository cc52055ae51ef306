package main

import (
	"os"
	"strings"
	"testing"
)

// TestOwnExamples: the help shows the files of the README, which a test of the catalogue checks.
func TestOwnExamples(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range []string{ownExercise, ownRoutine} {
		if !strings.Contains(string(readme), "```toml\n"+example+"```\n") {
			t.Errorf("the README has not\n%s", example)
		}
		if !strings.Contains(checkRoutinesHelp, example) {
			t.Errorf("the help has not\n%s", example)
		}
	}
}
