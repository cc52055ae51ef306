// Package page is the web page: choosing a stretch and being guided through it, the day, the record, the exercises, what a
// person tells of themselves, and the settings, in their own browser.
// It hides that there is a web server at all: one listens on 127.0.0.1, on a port of its own choice, while the page is
// wanted, and never else.
//
// # Who may come in
//
// Every request passes the guards of guard.go, in this order: it names our host exactly; it shows the cookie that the
// one-time code of a link was swapped for; it comes from our own origin; and it is a POST if it changes anything. What is
// answered runs no script and loads nothing but our own files.
//
// # Words and figures
//
// Words come from package words; the scripts in assets show, count and pass on, and say nothing of their own. Whole
// states go out as server-sent events, the newest wins; between two of them the browser counts.
//
// Views are functions that return what is on them (gomponents), a file for each. They are no templates: package
// html/template calls methods by names that only the running program knows, so the linker would keep every method of
// every type, 2.4 MB of program and 1.7 MB of the idle daemon's memory. Only pictures of our own making go into a view
// unescaped.
package page
