// Package figure draws the exercises: one jointed figure of human proportions, posed by a few angles in data, from
// which come the moving picture on the page, the picture in a notification and the one in a terminal.
//
// It is pure but for its embedded data. Poses are read when they are asked for and nothing of them is kept.
//
// # Poses
//
// A pose is a file poses/ID.toml, where ID is the exercise's:
//
//	facing = "side"               # how it is seen: side, front or above
//	shows = "A person …"          # one sentence for those who cannot see it
//	accent = ["back"]             # what works or is stretched
//	props = [{ kind = "mat", at = [-60, 110] }]
//	arrows = [[[0, 150], [10, 160], [20, 150]]]
//	short = { thighs = 0.3 }      # bones foreshortened to that share of their length
//
//	[start]                       # the keyframe it begins from
//	from = "standing"
//
//	[[work]]                      # the keyframes of the exercise; the first is the one still pictures show
//	spine = [40, 30, 20]
//	reach = { hands = [50, 74] }
//	move = 2                      # seconds to come to it, 1.5 if not given
//	stay = 4                      # seconds to stay, 0 if not given
//
// One work keyframe goes there from the start and back, for ever. Several go round among themselves, in order, and the
// start is only what the first takes over from: write it all the same. A keyframe takes over whatever it does
// not say from the one before it; `from` names a posture of stances.toml to begin with, and what else the keyframe
// says is laid over it.
//
// # Space and angles
//
// Lengths are centimetres: x to the right, y up, the floor at 0. A person is 170 tall, a seat 42 high, a desk 74 or so.
// Angles are the directions in which bones point in the picture, in degrees, against the clock:
// 0 right, 90 up, 180 left, −90 down. They are not relative to the bone before, so that one can be changed without
// the rest. Between keyframes they are interpolated as numbers: −90 to 90 swings by way of 0 (forward and
// up from the side), −90 to −270 by way of −180.
//
//	spine = [lower, middle, upper]   # from hip to neck; equal is a straight back. Sets head too, to the upper
//	head = 88                        # from the neck to the middle of the head
//	turn = 50                        # of the head towards the person's right, from the front
//	shoulders = [forward, up]        # cm from where they hang; from the front: outward, up
//	right_arm = [upper arm, forearm] # or a third, the hand, which else goes on where the forearm points
//	left_leg = [thigh, shank]        # or a third, the foot, which else stays as it was
//	arms = […]  legs = […]           # both at once: the same from the side, mirrored from the front as given for the left
//
// From the side the figure faces the right of the picture and its right side is the near one. Standing, legs are
// [−90, −90, 0]; sitting, [−8, −90, 0]; kneeling, [−90, −180, −180]; lying on the back with the head at the left, the
// spine is [180, 180, 180]; on the stomach with the head at the right, [0, 0, 0] and the legs −180.
// From the front and above it faces us: its right is at the left of the picture. Give limbs with `arms` for the left
// arm, at the right of the picture, and the right one follows; a right one given by itself
// goes the nearer way round from where it was. Above is the front lying down: the head is up and y means nothing but place.
// Left and right are always the person's own. An exercise with two sides is drawn as its right side; the left is
// its mirror image.
//
// # Staying in place
//
//	at = { hip = [0, 42] }            # one joint that places the whole figure: [x] is on the floor, [x, y] on a surface y high
//	reach = { hands = [50, 74] }      # hands or feet that are put to a point; elbows and knees bend as they must
//
// Joints for at: hip waist chest neck head, right_ and left_ elbow hand fingers knee foot toes; hand is its root and foot
// the heel; and lowest, which is whatever of the figure is lowest at the time, with x that of the hip: for steps from foot to foot. For reach: right_hand left_hand right_foot left_foot, and hands, feet for both (mirrored from the front).
// What touches a surface lies on it with its skin, and y is the height of the surface. A limb that is given
// directions lets go of what it reached for, unless the same keyframe gives both: then
// the directions say which way it bends (from the side joints bend as a body's do), and those of hand and foot stay. What two keyframes both hold stays put
// between them too. A reach that is too far is an error of the test.
//
// # Accents, props, arrows
//
// Accents: neck, back, lower_back, upper_back, hips, front (from the side); right_neck, left_neck, right_flank, left_flank,
// shoulders (from the front); and every bone by its name, of one side or both: right_upper_arm, forearms, left_thigh, shanks …
//
// Props, with what at gives: chair [x of the seat's middle], desk [x of its near edge, height], wall [x], door [x of its middle],
// window [x of its left], mat [from x, to x] (from above: [y of its foot, width]), roller [x, y of its middle], bar [x, y], step [x of its left edge, height],
// cushion [x, y it lies on], line with points = [[x, y], …] and width for anything else.
//
// An arrow is a curve through the plane that its points between the ends pull towards them; its head is at the end.
package figure
