package main

import (
	"image/color"
	"slices"
)

// A figure is one icon: layers from the bottom up. Its name is that of its files.
type figure struct {
	name   string
	layers []layer
}

// A layer is some strokes that make one shape, in one tone.
type layer struct {
	tone    tone
	strokes []stroke
}

// A stroke is what a round pen of some width leaves along a path; a path of one point leaves a dot.
type stroke struct {
	width float64 // in units of the grid
	along path
}

// A tone is a colour in a darker edge of the same hue. The colour is as far from a light panel as from a dark one,
// which leaves it 3:1 from either; from those between, the edge sets it off.
type tone struct{ fill, edge color.NRGBA }

// Blue is sitting, orange asks for something, green is up from the chair and grey does not count. The colours only help:
// the shapes differ without them.
var (
	blue   = outlined(0x3f8cea, 0x0d3f8c)
	orange = outlined(0xdc5c00, 0x8c3000)
	green  = outlined(0x24a063, 0x054a28)
	grey   = outlined(0x8a8f94, 0x33383e)

	wooden = flat(0x7d8287) // the chair steps back behind the figure, which has an edge
	white  = flat(0xffffff) // on the tile
	umber  = flat(0x8f3500) // the chair on the tile
)

func outlined(fill, edge uint32) tone { return tone{rgb(fill), rgb(edge)} }

// flat is a tone without an edge.
func flat(fill uint32) tone { return tone{fill: rgb(fill)} }

func rgb(v uint32) color.NRGBA { return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff} }

// What the figure is made of is as wide in every icon.
const (
	skull = 11 // the head's diameter
	limb  = 6
	slim  = 5 // legs that stand side by side
	thin  = 4 // signs, arms that hang, and the chair, which is only a hint
)

// figures are the icons, in the order of their IDs.
func figures() []figure {
	return []figure{
		{"upright", sitting(blue, wooden, upright)},
		{"easing", sitting(blue, wooden, easing)},
		{"leaning", sitting(blue, wooden, leaning)},
		{"slumping", sitting(blue, wooden, slumping)},
		{"slumped", slices.Concat([]layer{{orange, tile}}, sitting(white, umber, slumped))},
		{"standing", []layer{{green, standing}}},
		{"away", []layer{{blue, emptyChair}}},
		{"session", []layer{{green, stretching}}},
		{"paused", append(sitting(grey, wooden, upright), layer{grey, pauseBars})},
		{"unknown", append(sitting(grey, wooden, upright), layer{grey, questionMark})},
		{"down", append(sitting(grey, wooden, upright), layer{grey, cross})},
	}
}

// A posture is how the upper body is held: what tells the sitting figures apart.
type posture struct {
	spine path // from the hip to the neck
	head  point
}

// hip is where the spine meets the legs, in every posture.
var hip = point{15, 29}

// From one to the next the head goes forward and down by two pixels or so of 22, and the back grows rounder.
var (
	upright  = posture{path{hip, {15, 19}}, point{16, 8.5}}
	easing   = posture{bend(hip, point{13, 25}, point{13.5, 21}, point{17.5, 19.2}), point{21.8, 9.8}}
	leaning  = posture{bend(hip, point{11.7, 24}, point{13.3, 19.5}, point{19.3, 18.8}), point{26, 11.5}}
	slumping = posture{bend(hip, point{10.3, 23}, point{13, 17.5}, point{21, 18.4}), point{29.8, 14.4}}
	slumped  = posture{bend(hip, point{9.5, 21.5}, point{14, 16}, point{22.5, 19}), point{32.5, 18.5}}
)

// sitting is a figure on a chair, seen from its right.
func sitting(person, chair tone, p posture) []layer {
	seat := []stroke{
		{thin, path{{6, 17}, {6, 41}}},
		{thin, path{{6, 37}, {24, 37}, {24, 41}}},
	}
	legs := path{hip, {31, 29}, {31, 39}, {35, 39}}
	return []layer{{chair, seat}, {person, []stroke{{limb, legs}, {limb, p.spine}, {skull, path{p.head}}}}}
}

// tile fills the icon behind the slumped figure: that a break is due is seen from the corner of the eye, and without
// telling its colour from the others.
var tile = []stroke{
	{16, path{{9, 9}, {35, 9}, {35, 35}, {9, 35}, {9, 9}}},
	{24, path{{14, 14}, {30, 14}, {30, 30}, {14, 30}, {14, 14}}},
}

// standing is seen from the front, so that nobody takes it for sitting at any size.
var standing = []stroke{
	{skull, path{{22, 8}}},
	{limb, path{{22, 20}, {22, 27}}},
	{slim, path{{18.5, 20}, {18.5, 39.5}}},
	{slim, path{{25.5, 20}, {25.5, 39.5}}},
	{thin, path{{10, 28}, {10, 21.5}, {12.5, 19}, {31.5, 19}, {34, 21.5}, {34, 28}}},
}

// stretching has its arms up and its feet apart.
var stretching = []stroke{
	{skull, path{{22, 10.5}}},
	{limb, path{{22, 22}, {22, 29}}},
	{limb, path{{14, 40}, {22, 29}, {30, 40}}},
	{limb, path{{8, 6}, {11, 18}, {22, 22}, {33, 18}, {36, 6}}},
}

// emptyChair is the one the figure sits on, as the thing the icon is about.
var emptyChair = []stroke{
	{limb, path{{11, 6}, {11, 39}}},
	{limb, path{{11, 25}, {33, 25}, {33, 39}}},
}

// The signs stand above the knees, where a figure that sits upright leaves room.
var (
	pauseBars    = []stroke{{thin, path{{28, 7}, {28, 18}}}, {thin, path{{36, 7}, {36, 18}}}}
	questionMark = []stroke{{thin, append(arc(point{34, 7.5}, 4.5, -170, 60), point{34, 14})}, {slim, path{{34, 20}}}}
	cross        = []stroke{{thin, path{{26.5, 5.5}, {39.5, 18.5}}}, {thin, path{{26.5, 18.5}, {39.5, 5.5}}}}
)
