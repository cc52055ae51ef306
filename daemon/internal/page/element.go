package page

import g "maragu.dev/gomponents"

// What all views are made of. The functions of gomponents are so short that the compiler would copy them, and what they
// return, to each of the thousand places that call them: 0.8 MB of program.

// el is an element; attributes may be anywhere in it.
//
//go:noinline
func el(name string, in ...g.Node) g.Node { return g.El(name, in...) }

// attr is an attribute. Without a value it is one that holds by being there.
//
//go:noinline
func attr(name string, value ...string) g.Node { return g.Attr(name, value...) }

// text is shown as it is: whatever it contains is escaped.
//
//go:noinline
func text(s string) g.Node { return g.Text(s) }
