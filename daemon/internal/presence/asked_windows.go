package presence

import (
	"context"
	"fmt"
	"log/slog"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Windows tells programs with a window and a message loop of locks, and nobody of input but by hooks that slow every
// key down. Asking costs some microseconds.
const (
	windowsSoon = time.Second
	windowsLate = 5 * time.Second
)

var (
	user32               = windows.NewLazySystemDLL("user32.dll")
	procGetLastInputInfo = user32.NewProc("GetLastInputInfo")
	procGetSystemMetrics = user32.NewProc("GetSystemMetrics")

	procGetTickCount = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetTickCount")

	wtsapi32            = windows.NewLazySystemDLL("wtsapi32.dll")
	procQuerySession    = wtsapi32.NewProc("WTSQuerySessionInformationW")
	procWTSFreeMemory   = wtsapi32.NewProc("WTSFreeMemory")
	currentSession      = ^uintptr(0) >> (8 * (unsafe.Sizeof(uintptr(0)) - 4)) // WTS_CURRENT_SESSION, a DWORD
	remoteSessionMetric = uintptr(0x1000)                                      // SM_REMOTESESSION
	sessionInfoEx       = uintptr(25)                                          // WTSSessionInfoEx
)

// NewSystem returns the sensor of this system, which also tells of the session.
func NewSystem(input func(Input), session func(Session), log *slog.Logger) *Asked {
	return newAsked("windows", "GetLastInputInfo, untested so far", system{ask: askWindows, soon: windowsSoon, late: windowsLate}, input, session, log)
}

// lastInputInfo is Windows' LASTINPUTINFO.
type lastInputInfo struct{ size, tick uint32 }

func askWindows(context.Context) (answer, error) {
	last := lastInputInfo{size: uint32(unsafe.Sizeof(lastInputInfo{}))}
	if ok, _, err := procGetLastInputInfo.Call(uintptr(unsafe.Pointer(&last))); ok == 0 {
		return answer{}, fmt.Errorf("the time of the last input: %w", err)
	}
	now, _, _ := procGetTickCount.Call() // after the other, so that it is not before it
	session, err := windowsSession()
	if err != nil {
		session = Session{Why: err.Error()} // input alone is worth having
	}
	return answer{idle: sinceTick(uint32(now), last.tick), session: session}, nil
}

func windowsSession() (Session, error) {
	var info unsafe.Pointer
	var size uint32
	ok, _, err := procQuerySession.Call(0, currentSession, sessionInfoEx,
		uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)))
	if ok == 0 {
		return Session{}, fmt.Errorf("the state of the session: %w", err)
	}
	defer procWTSFreeMemory.Call(uintptr(info)) //nolint:errcheck // it returns nothing
	s, err := parseSessionInfo(unsafe.Slice((*byte)(info), size))
	remote, _, _ := procGetSystemMetrics.Call(remoteSessionMetric)
	s.Remote = remote != 0
	return s, err
}
