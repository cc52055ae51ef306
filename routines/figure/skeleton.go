package figure

import "math"

// A Point is a place in the picture's own space: centimetres, x to the right, y up from the floor.
type Point struct{ X, Y float64 }

func (p Point) plus(q Point) Point          { return Point{p.X + q.X, p.Y + q.Y} }
func (p Point) minus(q Point) Point         { return Point{p.X - q.X, p.Y - q.Y} }
func (p Point) times(k float64) Point       { return Point{p.X * k, p.Y * k} }
func (p Point) along(deg, by float64) Point { return p.plus(heading(deg).times(by)) }
func (p Point) length() float64             { return math.Hypot(p.X, p.Y) }

// left is the direction turned by a quarter, against the clock.
func (p Point) left() Point { return Point{-p.Y, p.X} }

// heading is the unit vector of a direction in degrees.
func heading(deg float64) Point {
	sin, cos := math.Sincos(deg * math.Pi / 180)
	return Point{cos, sin}
}

func between(a, b Point, t float64) Point { return a.plus(b.minus(a).times(t)) }

// Lengths of bones in centimetres, of a person 170 cm tall; rounded from common proportions (segments as shares of
// body height, Drillis and Contini 1966).
const (
	spineBone = 17.0 // each of the three
	neckBone  = 20.0 // from where the neck begins to the middle of the head
	skull     = 11.5 // radius of the head
	upperArm  = 28.0
	forearm   = 25.0
	handBone  = 8.0
	thighBone = 42.0
	shankBone = 40.0
	footBone  = 16.0 // from the ankle to the toes
)

// Half as wide as the strokes that draw them: what lies on the floor or a seat does so by this much.
const (
	trunkR = 9.0
	armR   = 4.2
	legR   = 5.2
)

const (
	shoulderDrop = 4.0  // the arm hangs from a little below where the neck begins
	shoulderHalf = 17.0 // half the width between the shoulders, from the front
	hipHalf      = 8.5  // half the width between the hips, from the front
	depth        = 4.0  // how far the far arm and leg are moved forward from the side, to be seen at all
)

// The four limbs, in the order of every array of four.
const (
	rightArm = iota
	leftArm
	rightLeg
	leftLeg
)

var limbNames = [4]string{"right_arm", "left_arm", "right_leg", "left_leg"}

// ends are what a limb reaches with: the root of the hand, the heel of the foot.
var ends = [4]string{"right_hand", "left_hand", "right_foot", "left_foot"}

var boneNames = [4][3]string{
	{"right_upper_arm", "right_forearm", "right_palm"},
	{"left_upper_arm", "left_forearm", "left_palm"},
	{"right_thigh", "right_shank", "right_sole"},
	{"left_thigh", "left_shank", "left_sole"},
}

func isLeg(limb int) bool  { return limb >= rightLeg }
func isLeft(limb int) bool { return limb%2 == 1 }

// A build is that of the figure in one pose: fixed lengths, some of them foreshortened.
type build struct {
	flat  bool // seen from the side
	above bool // seen from above: there is no floor to stand on
	limbs [4][3]float64
}

func newBuild(facing string, short map[string]float64) build {
	b := build{flat: facing == Side, above: facing == Above}
	for limb := range b.limbs {
		b.limbs[limb] = [3]float64{upperArm, forearm, handBone}
		if isLeg(limb) {
			b.limbs[limb] = [3]float64{thighBone, shankBone, footBone}
		}
		if isLeg(limb) && !b.flat {
			b.limbs[limb][2] /= 2 // feet point toward us
		}
		for i, name := range boneNames[limb] {
			for _, key := range []string{name, name[len("left_"):], plural(name)} {
				if k, ok := short[key]; ok {
					b.limbs[limb][i] *= k
				}
			}
		}
	}
	return b
}

// plural is the name for both sides: right_thigh and left_thigh are thighs.
func plural(bone string) string {
	for i := range bone {
		if bone[i] == '_' {
			return bone[i+1:] + "s"
		}
	}
	return bone
}

// A stance is everything a keyframe says, as numbers that can be interpolated: directions in degrees, and what is
// held to its place.
type stance struct {
	spine     [3]float64
	head      float64
	turn      float64 // of the head, degrees towards the person's right, seen from the front
	shoulders Point   // forward (from the front: outward) and up, from where they hang
	limbs     [4][3]float64
	pinned    string // the joint that places the whole figure
	pin       Point
	reach     [4]*Point
}

// A Skeleton is where every joint is. From the side the right is the near one.
type Skeleton struct {
	Spine [4]Point    // hip, two joints of the back, where the neck begins
	Head  Point       // the middle of it
	Limbs [4][4]Point // right arm, left arm, right leg, left leg: shoulder, elbow, wrist, fingertips; hip, knee, ankle, toes
	spine [3]float64
	head  float64
	turn  float64
	limbs [4][3]float64
}

// assemble places the joints of a stance with the hip at the origin.
func (b build) assemble(s stance) Skeleton {
	k := Skeleton{spine: s.spine, head: s.head, turn: s.turn, limbs: s.limbs}
	for i, deg := range s.spine {
		k.Spine[i+1] = k.Spine[i].along(deg, spineBone)
	}
	k.Head = k.Spine[3].along(s.head, neckBone)
	for limb := range k.Limbs {
		k.Limbs[limb][0] = b.root(k, s, limb)
		b.bend(&k, limb)
	}
	return k
}

// root is the shoulder or the hip that a limb hangs from.
func (b build) root(k Skeleton, s stance, limb int) Point {
	if isLeg(limb) {
		if b.flat {
			return k.Spine[0].plus(b.offset(limb))
		}
		return k.Spine[0].plus(heading(s.spine[0]).left().times(hipHalf * b.hand(limb)))
	}
	up := heading(s.spine[2])
	at := k.Spine[3].plus(up.times(s.shoulders.Y - shoulderDrop))
	if b.flat {
		return at.minus(up.left().times(s.shoulders.X)).plus(b.offset(limb))
	}
	return at.plus(up.left().times((shoulderHalf + s.shoulders.X) * b.hand(limb)))
}

// hand is +1 for the limb that is to the left of an upright spine in the picture, which is the person's right.
func (b build) hand(limb int) float64 {
	if isLeft(limb) {
		return -1
	}
	return 1
}

func (b build) offset(limb int) Point {
	if b.flat && isLeft(limb) {
		return Point{depth, 0}
	}
	return Point{}
}

// bend places the joints of one limb by its directions.
func (b build) bend(k *Skeleton, limb int) {
	for i, deg := range k.limbs[limb] {
		k.Limbs[limb][i+1] = k.Limbs[limb][i].along(deg, b.limbs[limb][i])
	}
}

// solve places the joints of a stance: the pinned joint where it is pinned, then hands and feet where they reach.
func (b build) solve(s stance) Skeleton {
	k := b.assemble(s)
	switch s.pinned {
	case "":
	case lowest:
		k.move(Point{s.pin.X - k.Spine[0].X, s.pin.Y - k.low()})
	default:
		// A pinned end of a limb is where its own bones put it; whatever else reaches is bent afterwards.
		at, radius := k.joint(s.pinned)
		k.move(b.touch(s.pin, radius).minus(at))
	}
	for limb, to := range s.reach {
		if to != nil && ends[limb] != s.pinned {
			b.stretch(&k, limb, b.touch(*to, endRadius(limb)).plus(b.offset(limb)))
		}
	}
	return k
}

// lowest names, in place of a joint, whatever of the figure is lowest: x then is the hip's.
const lowest = "lowest"

// low is how high the figure's lowest part is.
func (k *Skeleton) low() float64 {
	y := k.Head.Y - skull
	for _, p := range k.Spine {
		y = min(y, p.Y-trunkR)
	}
	for limb := range k.Limbs {
		for _, p := range k.Limbs[limb][1:] {
			y = min(y, p.Y-endRadius(limb))
		}
	}
	return y
}

// touch is the middle of what touches a surface at p.
func (b build) touch(p Point, radius float64) Point {
	if b.above {
		return p
	}
	return Point{p.X, p.Y + radius}
}

func endRadius(limb int) float64 {
	if isLeg(limb) {
		return legR
	}
	return armR
}

func (k *Skeleton) move(by Point) {
	for i := range k.Spine {
		k.Spine[i] = k.Spine[i].plus(by)
	}
	k.Head = k.Head.plus(by)
	for limb := range k.Limbs {
		for i := range k.Limbs[limb] {
			k.Limbs[limb][i] = k.Limbs[limb][i].plus(by)
		}
	}
}

// stretch bends a limb so that its end comes to a point, or as near as its length allows.
func (b build) stretch(k *Skeleton, limb int, to Point) {
	upper, lower := b.limbs[limb][0], b.limbs[limb][1]
	way := to.minus(k.Limbs[limb][0])
	// A hair short of straight keeps the bend on its side.
	far := min(max(way.length(), math.Abs(upper-lower)+0.01), upper+lower-0.001)
	dir := math.Atan2(way.Y, way.X) * 180 / math.Pi
	open := acos((upper*upper+far*far-lower*lower)/(2*upper*far)) * b.side(k, limb, dir)
	hint := k.limbs[limb]
	first := near(dir+open, hint[0])
	knee := k.Limbs[limb][0].along(first, upper)
	rest := k.Limbs[limb][0].along(dir, far).minus(knee)
	second := near(math.Atan2(rest.Y, rest.X)*180/math.Pi, hint[1])
	k.limbs[limb][0], k.limbs[limb][1] = first, second
	b.bend(k, limb)
}

// side is which way a limb bends: knees forward and elbows back from the side, as a body's do, and as the pose has
// them already from the front.
func (b build) side(k *Skeleton, limb int, dir float64) float64 {
	switch {
	case b.flat && isLeg(limb):
		return 1
	case b.flat:
		return -1
	case math.Sin((k.limbs[limb][0]-k.limbs[limb][1])*math.Pi/180) >= 0:
		return 1
	}
	return -1
}

// near is the direction as a number next to another: 350 near 0 is −10.
func near(deg, to float64) float64 { return deg + 360*math.Round((to-deg)/360) }

func acos(v float64) float64 { return math.Acos(min(1, max(-1, v))) * 180 / math.Pi }

// joint finds a joint by its name in the pose format, and how thick the body is around it.
func (k *Skeleton) joint(name string) (at Point, radius float64) {
	switch name {
	case "hip":
		return k.Spine[0], trunkR
	case "waist":
		return k.Spine[1], trunkR
	case "chest":
		return k.Spine[2], trunkR
	case "neck":
		return k.Spine[3], trunkR
	case "head":
		return k.Head, skull
	}
	for limb, joints := range jointNames {
		for i, joint := range joints {
			if joint == name {
				return k.Limbs[limb][i+1], endRadius(limb)
			}
		}
	}
	return Point{}, 0
}

var jointNames = [4][3]string{
	{"right_elbow", "right_hand", "right_fingers"},
	{"left_elbow", "left_hand", "left_fingers"},
	{"right_knee", "right_foot", "right_toes"},
	{"left_knee", "left_foot", "left_toes"},
}

func isJoint(name string) bool {
	var k Skeleton
	_, radius := k.joint(name)
	return radius > 0 || name == lowest
}
