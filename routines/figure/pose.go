package figure

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// A poseFile is a pose as written: see the package comment.
type poseFile struct {
	Facing string             `toml:"facing"`
	Shows  string             `toml:"shows"`
	Short  map[string]float64 `toml:"short"`
	Accent []string           `toml:"accent"`
	Arrows [][][2]float64     `toml:"arrows"`
	Props  []prop             `toml:"props"`
	Start  frameFile          `toml:"start"`
	Work   []frameFile        `toml:"work"`
}

// A frameFile is one keyframe as written; what it leaves out it takes from the one before it.
type frameFile struct {
	From      string               `toml:"from"`
	Spine     []float64            `toml:"spine"`
	Head      *float64             `toml:"head"`
	Turn      *float64             `toml:"turn"`
	Shoulders []float64            `toml:"shoulders"`
	Arms      []float64            `toml:"arms"`
	RightArm  []float64            `toml:"right_arm"`
	LeftArm   []float64            `toml:"left_arm"`
	Legs      []float64            `toml:"legs"`
	RightLeg  []float64            `toml:"right_leg"`
	LeftLeg   []float64            `toml:"left_leg"`
	At        map[string][]float64 `toml:"at"`
	Reach     map[string][]float64 `toml:"reach"`
	Move      *float64             `toml:"move"`
	Stay      *float64             `toml:"stay"`
}

func strict(data []byte, into any) error {
	dec := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	err := dec.Decode(into)
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) {
		return errors.New(unknown.String())
	}
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		return errors.New(wrong.String())
	}
	return err
}

// parse reads a pose.
func parse(id string, data []byte, stances map[string]frameFile) (Figure, error) {
	var file poseFile
	if err := strict(data, &file); err != nil {
		return Figure{}, fmt.Errorf("figure %s: %w", id, err)
	}
	f := Figure{ID: id, Shows: file.Shows, facing: file.Facing, accent: file.Accent, arrows: points(file.Arrows), props: file.Props}
	if err := f.fill(file, stances); err != nil {
		return Figure{}, fmt.Errorf("figure %s: %w", id, err)
	}
	return f, nil
}

func points(arrows [][][2]float64) (all [][]Point) {
	for _, a := range arrows {
		var line []Point
		for _, p := range a {
			line = append(line, Point{p[0], p[1]})
		}
		all = append(all, line)
	}
	return all
}

func (f *Figure) fill(file poseFile, stances map[string]frameFile) error {
	switch {
	case !slices.Contains([]string{Side, Front, Above}, file.Facing):
		return fmt.Errorf("facing: %q must be side, front or above", file.Facing)
	case file.Shows == "":
		return errors.New("shows: missing, a sentence for those who cannot see the picture")
	case len(file.Work) == 0:
		return errors.New("work: missing, at least one [[work]]")
	}
	if err := known("short", file.Short, bones()); err != nil {
		return err
	}
	for _, a := range file.Accent {
		if !slices.Contains(accents(), a) {
			return fmt.Errorf("accent: %q is none of %s", a, strings.Join(accents(), " "))
		}
	}
	for _, p := range file.Props {
		if _, err := p.shapes(f.facing); err != nil {
			return err
		}
	}
	f.build = newBuild(file.Facing, file.Short)
	before := stance{}
	for i, frame := range append([]frameFile{file.Start}, file.Work...) {
		k := keyframe{stance: before, move: defaultMove}
		if err := f.read(&k, frame, stances); err != nil {
			return fmt.Errorf("keyframe %d: %w", i, err)
		}
		before = k.stance
		// What a keyframe reaches for settles its directions, so that others can be interpolated from it.
		settled := f.build.solve(k.stance)
		k.limbs, k.hip = settled.limbs, settled.Spine[0]
		f.keys = append(f.keys, k)
	}
	return nil
}

const defaultMove = 1.5 // seconds from one keyframe to the next: calm, and not so slow as to look stuck

// read lays a keyframe over the one before it.
func (f *Figure) read(k *keyframe, in frameFile, stances map[string]frameFile) error {
	if in.From != "" {
		base, ok := stances[in.From]
		if !ok {
			return fmt.Errorf("from: no stance %q", in.From)
		}
		k.stance = stance{}
		if err := f.read(k, base, nil); err != nil {
			return err
		}
	}
	if err := f.angles(&k.stance, in); err != nil {
		return err
	}
	if in.Move != nil {
		k.move = *in.Move
	}
	if in.Stay != nil {
		k.stay = *in.Stay
	}
	if k.move <= 0 || k.stay < 0 {
		return errors.New("move must be above zero, and stay not below")
	}
	return f.hold(&k.stance, in)
}

func (f *Figure) angles(s *stance, in frameFile) error {
	if in.Spine != nil {
		if len(in.Spine) != len(s.spine) {
			return fmt.Errorf("spine: %d directions, not 3", len(in.Spine))
		}
		s.spine = [3]float64(in.Spine)
		s.head = in.Spine[2] // the head goes on where the back ends unless told otherwise
	}
	if in.Head != nil {
		s.head = *in.Head
	}
	if in.Turn != nil {
		s.turn = *in.Turn
	}
	if in.Shoulders != nil {
		if len(in.Shoulders) != 2 {
			return errors.New("shoulders: must be [forward, up]")
		}
		s.shoulders = Point{in.Shoulders[0], in.Shoulders[1]}
	}
	for limb, given := range [4][2][]float64{
		{in.Arms, in.RightArm},
		{in.Arms, in.LeftArm},
		{in.Legs, in.RightLeg},
		{in.Legs, in.LeftLeg},
	} {
		for i, deg := range given {
			if deg == nil {
				continue
			}
			if len(deg) != 2 && len(deg) != 3 {
				return fmt.Errorf("%s: %d directions, not 2 or 3", limbNames[limb], len(deg))
			}
			mirrored := i == 0 && !f.build.flat && !isLeft(limb)
			s.reach[limb] = nil // given directions let go
			s.limbs[limb] = f.limb(s.limbs[limb], deg, limb, mirrored)
		}
	}
	return nil
}

// limb is a limb by the directions given. A hand without its own goes on where the forearm points, and a foot stays
// as it was.
func (f *Figure) limb(was [3]float64, deg []float64, limb int, mirrored bool) [3]float64 {
	now := [3]float64{0, 0, was[2]}
	for i, d := range deg {
		switch {
		case mirrored:
			d = 180 - d
		case !f.build.flat && !isLeft(limb):
			// Mirrored directions are numbers like 260 where −100 is written: take the turn that is nearer.
			d = near(d, was[i])
		}
		now[i] = d
	}
	if len(deg) == 2 && !isLeg(limb) {
		now[2] = now[1]
	}
	return now
}

// hold reads what is held to its place.
func (f *Figure) hold(s *stance, in frameFile) error {
	if len(in.At) > 1 {
		return errors.New("at: one joint places the figure; let others reach")
	}
	for name, p := range in.At {
		if !isJoint(name) {
			return fmt.Errorf("at: no joint %q", name)
		}
		at, err := place(p)
		if err != nil {
			return fmt.Errorf("at.%s: %w", name, err)
		}
		s.pinned, s.pin = name, at
	}
	for _, name := range []string{"hands", "feet"} { // both first, then each
		if p, ok := in.Reach[name]; ok {
			if err := f.both(s, name, p); err != nil {
				return err
			}
		}
	}
	for name, p := range in.Reach {
		limb := slices.Index(ends[:], name)
		switch {
		case name == "hands" || name == "feet":
			continue
		case limb < 0:
			return fmt.Errorf("reach: %q is none of hands, feet, %s", name, strings.Join(ends[:], ", "))
		}
		at, err := place(p)
		if err != nil {
			return fmt.Errorf("reach.%s: %w", name, err)
		}
		s.reach[limb] = &at
	}
	return nil
}

func (f *Figure) both(s *stance, name string, p []float64) error {
	at, err := place(p)
	if err != nil {
		return fmt.Errorf("reach.%s: %w", name, err)
	}
	right, left := rightArm, leftArm
	if name == "feet" {
		right, left = rightLeg, leftLeg
	}
	other := at
	if !f.build.flat {
		other.X = -at.X
	}
	s.reach[left], s.reach[right] = &at, &other
	return nil
}

func place(p []float64) (Point, error) {
	switch len(p) {
	case 1:
		return Point{p[0], 0}, nil
	case 2:
		return Point{p[0], p[1]}, nil
	}
	return Point{}, errors.New("must be [x] on the floor, or [x, height]")
}

func bones() (all []string) {
	for _, limb := range boneNames {
		for _, bone := range limb {
			all = append(all, bone, plural(bone))
		}
	}
	return all
}

func known(key string, given map[string]float64, allowed []string) error {
	for name, v := range given {
		if !slices.Contains(allowed, name) {
			return fmt.Errorf("%s: no bone %q", key, name)
		}
		if v <= 0 || v > 1 {
			return fmt.Errorf("%s.%s: %v must be above 0 and at most 1", key, name, v)
		}
	}
	return nil
}
