package words_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/unhunch/unhunch/daemon/words"
)

// doctorCodes are all that the doctor may find.
func doctorCodes() []string {
	return []string{
		words.DoctorRunning, words.DoctorNotRunning, words.DoctorSilent, words.DoctorUnreached, words.DoctorSecond,
		words.DoctorVersions, words.DoctorUntested, words.DoctorTakesLong, words.DoctorNotExamined,
		words.DoctorServiceKept, words.DoctorServiceLogin, words.DoctorServiceAbsent, words.DoctorServiceTrouble,
		words.DoctorSensor, words.DoctorSensorNone, words.DoctorSensorUnfit, words.DoctorSensorLost, words.DoctorSensorUnsure,
		words.DoctorScreen, words.DoctorScreenDark, words.DoctorScreenUnseen,
		words.DoctorSession, words.DoctorSessionRemote, words.DoctorSessionUnseen, words.DoctorNoLogind,
		words.DoctorVouchNone, words.DoctorVouched, words.DoctorVouchFixture,
		words.DoctorDisplay, words.DoctorNoDisplay, words.DoctorBus, words.DoctorNoBus, words.DoctorBusSilent,
		words.DoctorRuntime, words.DoctorNoRuntime, words.DoctorRuntimeAbsent, words.DoctorRuntimeOpen, words.DoctorTray,
		words.DoctorTrayOnce, words.DoctorTrayEnded, words.DoctorTrayWaits, words.DoctorTrayAbsent, words.DoctorHost,
		words.DoctorHostEmpty, words.DoctorNoHost, words.DoctorNoHostBus, words.DoctorAlone, words.DoctorOther,
		words.DoctorFilesYours, words.DoctorFileOpen, words.DoctorFileWritten, words.DoctorFileOthers,
		words.DoctorFileShut, words.DoctorFileUnseen, words.DoctorOwnFiles,
		words.DoctorHoldOff, words.DoctorHoldSeen, words.DoctorHoldNoScreen, words.DoctorHoldNoSound, words.DoctorHoldFails,
		words.DoctorHoldDisturb, words.DoctorHoldMicrophone, words.DoctorHoldCamera, words.DoctorHoldScreen,
		words.DoctorHoldMicrophoneStays, words.DoctorHoldCameraStays, words.DoctorHoldIgnored,
	}
}

func doctorFinding(code string) words.Finding {
	return words.Doctor(code, words.DoctorFacts{
		PID: 4242, Name: "Workrave", Version: "1.0", Program: "1.1", Path: "~/.local/state/unhunch/history.db", Mode: 0o644,
		Want: 0o600, Detail: "what is wrong", Hint: "what to do",
	})
}

func writeDoctor(b *strings.Builder) {
	b.WriteString("== doctor\n")
	for _, code := range doctorCodes() {
		f := doctorFinding(code)
		fmt.Fprintf(b, "%s %s\n", f.Status, f.Detail)
		if f.Hint != "" {
			fmt.Fprintf(b, "  %s\n", f.Hint)
		}
	}
	for _, n := range [][3]int{{17, 0, 0}, {15, 2, 0}, {16, 0, 1}, {14, 2, 1}} {
		fmt.Fprintf(b, "%s\n", words.DoctorSummary(n[0], n[1], n[2]))
	}
	b.WriteString("\n")
}

// What is not well says what to do; what is well has nothing to.
func TestDoctorSaysWhatToDo(t *testing.T) {
	for _, code := range doctorCodes() {
		f := doctorFinding(code)
		if f.Detail == "" || (f.Status == words.DoctorOK) != (f.Hint == "") {
			t.Errorf("%s: %+v", code, f)
		}
		if code != words.DoctorServiceTrouble && f.Detail == "what is wrong" {
			t.Errorf("%s has no words", code)
		}
		if strings.HasSuffix(f.Detail, ".") || strings.HasSuffix(f.Hint, ".") {
			t.Errorf("%s ends in a full stop: %+v", code, f)
		}
	}
}

// Every part has one title, short enough for its column.
func TestDoctorParts(t *testing.T) {
	seen := map[string]bool{}
	for _, heading := range words.DoctorParts() {
		for _, p := range heading.Parts {
			if seen[p.Part] || seen["title "+p.Title] || len(p.Title) > 18 || p.Title == "" || heading.Title == "" {
				t.Errorf("%q: %+v", heading.Title, p)
			}
			seen[p.Part], seen["title "+p.Title] = true, true
		}
	}
}
