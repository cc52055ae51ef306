package figure

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/routines"
)

// undrawn are exercises of the catalogue without a figure. It is empty, and a new exercise comes with its pose.
var undrawn = []string{}

// ahead are exercises that are drawn before the catalogue has them.
var ahead = []string{}

// all are the figures, each read anew.
func all(t *testing.T) []Figure {
	t.Helper()
	var figures []Figure
	for _, id := range IDs() {
		data, err := embedded.ReadFile("poses/" + id + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		f, err := parse(id, data, stances())
		if err != nil {
			t.Fatal(err)
		}
		figures = append(figures, f)
	}
	return figures
}

// frames are moments of the loop, the still pose too.
func frames(f Figure) []Skeleton {
	const moments = 30
	still := f.Work("")
	some := []Skeleton{still}
	for i := range moments {
		some = append(some, f.Frame("", f.Period()*time.Duration(i)/moments))
	}
	return some
}

// A tally keeps the worst of each fault: thirty frames need not all be read.
type tally map[string]float64

func (w tally) add(off float64, format string, args ...any) {
	fault := fmt.Sprintf(format, args...)
	if was, ok := w[fault]; !ok || off > was {
		w[fault] = off
	}
}

func (w tally) report(t *testing.T) {
	t.Helper()
	for _, fault := range slices.Sorted(maps.Keys(w)) {
		t.Errorf("%s by %.1f", fault, w[fault])
	}
}

func TestEveryExerciseIsDrawn(t *testing.T) {
	for _, e := range routines.Default().Exercises {
		if _, ok := Of(e.ID); ok == slices.Contains(undrawn, e.ID) {
			t.Errorf("%s: drawn is %v: draw poses/%s.toml, or correct the list of the undrawn", e.ID, ok, e.ID)
		}
	}
}

func TestEveryPoseIsOfAnExercise(t *testing.T) {
	for _, id := range IDs() {
		if _, ok := routines.Default().Exercise(id); !ok && !slices.Contains(ahead, id) {
			t.Errorf("poses/%s.toml: the catalogue has no such exercise", id)
		}
	}
	if _, ok := Of("../stances"); ok {
		t.Error("a path is taken for an exercise")
	}
}

func TestBonesKeepTheirLengths(t *testing.T) {
	const rounding = 1e-6
	for _, f := range all(t) {
		for i, k := range frames(f) {
			for j := range 3 {
				if got := k.Spine[j+1].minus(k.Spine[j]).length(); math.Abs(got-spineBone) > rounding {
					t.Errorf("%s, frame %d: spine %d is %v long", f.ID, i, j, got)
				}
				for limb := range k.Limbs {
					got, want := k.Limbs[limb][j+1].minus(k.Limbs[limb][j]).length(), f.build.limbs[limb][j]
					if math.Abs(got-want) > rounding {
						t.Errorf("%s, frame %d: %s is %v long, not %v", f.ID, i, boneNames[limb][j], got, want)
					}
				}
			}
		}
	}
}

// TestWhatIsHeldStays: hands and feet stay where the pose puts them, on the way too.
func TestWhatIsHeldStays(t *testing.T) {
	w := tally{}
	defer func() { w.report(t) }()
	const slack = 0.5 // cm: nobody sees it
	for _, f := range all(t) {
		for _, l := range f.legs() {
			for i := range 31 {
				share := float64(i) / 30
				a, b := f.keys[l.from], f.keys[l.to]
				k := f.blend(a, b, share)
				eased := (1 - math.Cos(math.Pi*share)) / 2
				for limb := range k.Limbs {
					if a.reach[limb] == nil || b.reach[limb] == nil {
						continue
					}
					want := f.build.touch(between(*a.reach[limb], *b.reach[limb], eased), endRadius(limb)).plus(f.build.offset(limb))
					if off := k.Limbs[limb][2].minus(want).length(); off > slack {
						w.add(off, "%s, from keyframe %d to %d: %s leaves where it is held", f.ID, l.from, l.to, ends[limb])
					}
				}
				if a.pinned == lowest && b.pinned == lowest {
					if off := math.Abs(k.low()); off > slack {
						w.add(off, "%s: the floor is left", f.ID)
					}
				} else if a.pinned == b.pinned {
					at, radius := k.joint(a.pinned)
					if off := at.minus(f.build.touch(between(a.pin, b.pin, eased), radius)).length(); off > slack {
						w.add(off, "%s, from keyframe %d to %d: %s leaves where it is", f.ID, l.from, l.to, a.pinned)
					}
				}
			}
		}
		for i, key := range f.keys {
			k := f.build.solve(key.stance)
			for limb, to := range key.reach {
				if to == nil {
					continue
				}
				if off := k.Limbs[limb][2].minus(f.build.touch(*to, endRadius(limb)).plus(f.build.offset(limb))).length(); off > slack {
					w.add(off, "%s, keyframe %d: %s is short of where it reaches", f.ID, i, ends[limb])
				}
			}
		}
	}
}

func TestNobodySinksIntoTheFloor(t *testing.T) {
	w := tally{}
	defer func() { w.report(t) }()
	const soft = 2.5 // cm: a mat and flesh give way
	for _, f := range all(t) {
		if f.facing == Above {
			continue
		}
		for _, k := range frames(f) {
			low := func(name string, at Point, radius float64) {
				if at.Y-radius < -soft {
					w.add(radius-at.Y, "%s: the %s is below the floor", f.ID, name)
				}
			}
			low("head", k.Head, skull)
			for _, p := range k.Spine {
				low("back", p, trunkR)
			}
			for limb := range k.Limbs {
				for j, p := range k.Limbs[limb][1:] {
					low(jointNames[limb][j], p, endRadius(limb))
				}
			}
		}
	}
}

// TestSomethingTouches: nobody floats. Who lies on a table is held by that; who holds on to a bar has the feet on the floor
// all the same, as the words say.
func TestSomethingTouches(t *testing.T) {
	w := tally{}
	defer func() { w.report(t) }()
	for _, f := range all(t) {
		if f.facing == Above || f.ID == "inversion" {
			continue
		}
		for _, k := range frames(f) {
			if low := k.low(); low > 2 {
				w.add(low, "%s: above the floor", f.ID)
			}
		}
	}
}

// TestJointsAreHuman holds joints within ranges of healthy adults, a little beyond common clinical norms (AAOS: knee 0
// to 135, elbow 0 to 150, hip −30 to 120, shoulder −60 to 180) where weight or the floor helps. Seen from the side.
func TestJointsAreHuman(t *testing.T) {
	w := tally{}
	defer func() { w.report(t) }()
	for _, f := range all(t) {
		if f.facing != Side {
			continue
		}
		for _, k := range frames(f) {
			within := func(joint string, deg, low, high float64) {
				deg = near(deg, (low+high)/2)
				if deg < low || deg > high {
					w.add(max(low-deg, deg-high), "%s: %s is beyond %.0f to %.0f", f.ID, joint, low, high)
				}
			}
			within("lumbar bend", k.spine[0]-k.spine[1], -40, 45)
			within("thoracic bend", k.spine[1]-k.spine[2], -42, 45)
			within("neck", k.head-k.spine[2], -55, 60)
			for limb, l := range k.limbs {
				name := limbNames[limb]
				if isLeg(limb) {
					within(name+" hip", l[0]-(k.spine[0]-180), -32, 140)
					within(name+" knee", l[0]-l[1], -1, 168)
					within(name+" ankle", l[2]-l[1], -5, 125)
					continue
				}
				within(name+" shoulder", l[0]-(k.spine[2]-180), -70, 195)
				within(name+" elbow", l[1]-l[0], -1, 160)
				within(name+" wrist", l[2]-l[1], -80, 100)
			}
		}
	}
}

func TestTheOtherSideIsTheMirrorImage(t *testing.T) {
	for _, f := range all(t) {
		right, left := f.Frame(Right, time.Second), f.Frame(Left, time.Second)
		for limb := range right.Limbs {
			for i, p := range right.Limbs[limb] {
				if q := left.Limbs[limb^1][i]; math.Abs(p.X+q.X) > 1e-9 || p.Y != q.Y {
					t.Errorf("%s: %s is at %v, its mirror image at %v", f.ID, limbNames[limb], p, q)
				}
			}
		}
	}
}

// TestLoopCloses: the end of the loop is its beginning, and nothing jumps on the way.
func TestLoopCloses(t *testing.T) {
	const moments = 400
	w := tally{}
	defer func() { w.report(t) }()
	for _, f := range all(t) {
		before := f.Frame("", f.Period()-time.Millisecond)
		for i := range moments {
			k := f.Frame("", f.Period()*time.Duration(i)/moments)
			// No hand is faster than four metres a second.
			most := 400*f.Period().Seconds()/moments + 1
			for limb := range k.Limbs {
				if by := k.Limbs[limb][2].minus(before.Limbs[limb][2]).length(); by > most {
					w.add(by, "%s: %s jumps", f.ID, ends[limb])
				}
			}
			before = k
		}
	}
}

func TestWrongPosesAreRefused(t *testing.T) {
	const good = "facing = \"side\"\nshows = \"x\"\n[start]\nfrom = \"standing\"\n[[work]]\nhead = 80\n"
	if _, err := parse("x", []byte(good), stances()); err != nil {
		t.Fatal(err)
	}
	for wrong, say := range map[string]string{
		strings.Replace(good, "side", "back", 1):                        "facing",
		strings.Replace(good, `shows = "x"`, "", 1):                     "shows",
		strings.Replace(good, "[[work]]\nhead = 80", "", 1):             "work",
		strings.Replace(good, "standing", "dancing", 1):                 "stance",
		strings.Replace(good, "head = 80", "nose = 80", 1):              "nose",
		strings.Replace(good, "head = 80", "spine = [1, 2]", 1):         "spine",
		strings.Replace(good, "head = 80", "arms = [1]", 1):             "arm",
		strings.Replace(good, "head = 80", "move = 0", 1):               "move",
		strings.Replace(good, "head = 80", "at = { nose = [0] }", 1):    "nose",
		strings.Replace(good, "head = 80", "reach = { head = [0] }", 1): "head",
		strings.Replace(good, "head = 80", "reach = { hands = [] }", 1): "hands",
		"short = { nose = 0.5 }\n" + good:                               "nose",
		"short = { thighs = 2 }\n" + good:                               "thighs",
		"accent = [\"nose\"]\n" + good:                                  "nose",
		"props = [{ kind = \"piano\" }]\n" + good:                       "piano",
		"props = [{ kind = \"chair\" }]\n" + good:                       "chair",
	} {
		if _, err := parse("x", []byte(wrong), stances()); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%s\nerror %v does not speak of %s", wrong, err, say)
		}
	}
}
