package figure

import "fmt"

// A prop is a thing in the picture. What at says depends on the kind: see the package comment.
type prop struct {
	Kind   string       `toml:"kind"`
	At     []float64    `toml:"at"`
	Points [][2]float64 `toml:"points"` // of a line
	Width  float64      `toml:"width"`  // of a line
}

// seatHeight is in centimetres, as feet like it that stand flat.
const seatHeight = 42.0

// propArgs is how many numbers the kinds take.
var propArgs = map[string]int{
	"chair": 1, "desk": 2, "wall": 1, "door": 1, "window": 1, "mat": 2, "roller": 2, "bar": 2, "line": 0, "step": 2, "cushion": 2,
}

func (p prop) shapes(facing string) ([]shape, error) {
	n, ok := propArgs[p.Kind]
	switch {
	case !ok:
		return nil, fmt.Errorf("props: no kind %q", p.Kind)
	case len(p.At) != n:
		return nil, fmt.Errorf("props: %s takes %d numbers in at", p.Kind, n)
	case p.Kind == "line" && len(p.Points) < 2:
		return nil, fmt.Errorf("props: a line needs two points")
	}
	x, y := 0.0, 0.0
	if n > 0 {
		x = p.At[0]
	}
	if n > 1 {
		y = p.At[1]
	}
	stroke := func(width float64, points ...Point) shape { return shape{tone: thing, width: width, points: points} }
	switch p.Kind {
	case "chair":
		return chair(x, facing, stroke), nil
	case "desk": // its near edge at x, and on from there
		return []shape{
			stroke(4, Point{x + 2, y - 2}, Point{x + 52, y - 2}),
			stroke(4, Point{x + 44, y - 2}, Point{x + 44, 2}),
		}, nil
	case "wall":
		return []shape{stroke(5, Point{x + 2.5, 2}, Point{x + 2.5, 185})}, nil
	case "door": // the two sides of its frame, and what is above
		return []shape{stroke(5, Point{x - 38, 2}, Point{x - 38, 200}, Point{x + 38, 200}, Point{x + 38, 2})}, nil
	case "window":
		return []shape{
			stroke(3.5, Point{x, 85}, Point{x, 175}, Point{x + 46, 175}, Point{x + 46, 85}, Point{x, 85}),
			stroke(2.5, Point{x + 23, 85}, Point{x + 23, 175}), stroke(2.5, Point{x, 130}, Point{x + 46, 130}),
		}, nil
	case "mat":
		if facing == Above {
			return []shape{{tone: thing, width: 8, filled: true, points: []Point{{-y / 2, x}, {y / 2, x}, {y / 2, x + 180}, {-y / 2, x + 180}}}}, nil
		}
		return []shape{stroke(3, Point{x, -1.5}, Point{y, -1.5})}, nil
	case "roller":
		return []shape{dot(thing, Point{x, y}, 7.5), dot(paper, Point{x, y}, 2.5)}, nil
	case "bar":
		if facing == Side {
			return []shape{dot(thing, Point{x, y}, 3)}, nil
		}
		return []shape{stroke(4, Point{x - 45, y}, Point{x + 45, y})}, nil
	case "step": // from x on, y high
		return []shape{{tone: thing, width: 2, filled: true, points: []Point{{x, 1}, {x + 30, 1}, {x + 30, y - 1}, {x, y - 1}}}}, nil
	case "cushion":
		return []shape{stroke(8, Point{x - 10, y + 4}, Point{x + 10, y + 4})}, nil
	}
	line := stroke(max(p.Width, 2))
	for _, q := range p.Points {
		line.points = append(line.points, Point{q[0], q[1]})
	}
	return []shape{line}, nil
}

// chair stands with its seat's middle at x, facing as the figure does.
func chair(x float64, facing string, stroke func(float64, ...Point) shape) []shape {
	if facing != Side {
		return []shape{
			stroke(4, Point{x - 19, 2}, Point{x - 19, seatHeight - 2}, Point{x + 19, seatHeight - 2}, Point{x + 19, 2}),
			stroke(4, Point{x - 19, seatHeight}, Point{x - 19, 92}, Point{x + 19, 92}, Point{x + 19, seatHeight}),
		}
	}
	return []shape{
		stroke(4, Point{x - 20, seatHeight - 2}, Point{x + 20, seatHeight - 2}),
		stroke(4, Point{x - 20, 2}, Point{x - 20, seatHeight - 2}, Point{x - 24, 94}),
		stroke(4, Point{x + 18, seatHeight - 2}, Point{x + 18, 2}),
	}
}
