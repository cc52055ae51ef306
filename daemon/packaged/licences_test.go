package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLinked(t *testing.T) {
	t.Chdir("../..")
	parts, err := linked("./cmd/unhunch")
	if err != nil {
		t.Fatal(err)
	}
	said := licences(parts)
	for _, want := range []string{
		"github.com/spf13/cobra v", "Go's standard library 1.", "Apache-2.0", "blessing",
		"Copyright 2009 The Go Authors", // a text itself, not only its name
	} {
		if !strings.Contains(said, want) {
			t.Errorf("not in the licences: %s", want)
		}
	}
	short, err := copyright(parts)
	if err != nil || !strings.Contains(short, "The Unhunch authors") || !strings.Contains(short, "modernc.org/sqlite v") {
		t.Errorf("%v\n%s", err, short)
	}
	if strings.Contains(short, "TERMS AND CONDITIONS") {
		t.Error("Debian wants long licences named in copyright, not spelled out")
	}
}

// TestNothingUnknown: what has no licence that we know of is not packaged by accident.
func TestNothingUnknown(t *testing.T) {
	dir := t.TempDir()
	if _, err := read("a/module", "v1", dir, weak); err == nil {
		t.Error("a module without a licence was taken")
	}
	if err := os.WriteFile(filepath.Join(dir, "LICENSE"), []byte("All rights reserved."), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := read("a/module", "v1", dir, weak); err == nil {
		t.Error("a module with a licence of its own was taken")
	}
}

// TestLicences: everything that is linked, and everything that it takes to build and to test it, may be used for that.
// What is new and under other terms fails here before it is in a package.
func TestLicences(t *testing.T) {
	t.Chdir("../..")
	t.Setenv("CGO_ENABLED", "1") // with the tray; nothing is compiled
	for _, system := range []string{"linux", "windows", "darwin"} {
		t.Setenv("GOOS", system)
		parts, err := linked("./cmd/unhunch", "./cmd/unhunch-tray")
		if err != nil {
			t.Fatalf("%s: %v", system, err)
		}
		if len(parts) < 20 {
			t.Errorf("%s: only %d modules linked", system, len(parts))
		}
	}
	t.Setenv("GOOS", "linux")
	if others, err := needed(nil); err != nil || len(others) < 30 {
		t.Errorf("%d modules to build and to test with: %v", len(others), err)
	}
}

// TestCopyleftIsNotLinked: terms that are fine for a tool are none for a part of the program.
func TestCopyleftIsNotLinked(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "LICENSE"), []byte("Mozilla Public License, version 2.0"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := read("a/module", "v1", dir, permissive); err == nil {
		t.Error("it may be linked")
	}
	if _, err := read("a/module", "v1", dir, weak); err != nil {
		t.Errorf("it may not help: %v", err)
	}
}
