package page

import (
	"maps"
	"net/url"
	"testing"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// TestTold: what a form changes, and nothing else.
func TestTold(t *testing.T) {
	p := api.Profile{
		Level: "gentle", Screening: map[string]string{"bone": "unsaid", "eyes": "yes"}, Equipment: []string{"desk", "bar"},
		Questions: []api.ProfileQuestion{{Tag: "bone"}, {Tag: "eyes"}},
		Off:       []api.ProfileOff{{ID: "hanging", Enabled: true}, {ID: "bridge"}},
	}
	all := api.Routines{Exercises: []api.Exercise{{ID: "hanging", Equipment: []string{"bar"}}, {ID: "roll", Equipment: []string{"foam-roller"}}}}
	same := url.Values{"yes": {"eyes"}, "level": {"gentle"}, "equipment": {"bar"}, "enable": {"hanging"}}
	for name, c := range map[string]struct {
		change func(url.Values)
		want   map[string]string
		walks  bool
	}{
		"what is not ticked is a no": {func(url.Values) {}, map[string]string{"screening.bone": "no"}, false},
		"rather not say": {
			func(f url.Values) { f["alone"] = []string{"unsaid"} }, map[string]string{"screening.eyes": "unsaid"}, false,
		},
		"none": {
			func(f url.Values) { f["alone"] = []string{"none"}; delete(f, "yes") },
			map[string]string{"screening.bone": "no", "screening.eyes": "no"},
			false,
		},
		"equipment that the form does not show stays": {
			func(f url.Values) { f["equipment"] = []string{"bar", "foam-roller"} },
			map[string]string{"screening.bone": "no", "equipment": "bar,desk,foam-roller"},
			false,
		},
		"off": {
			func(f url.Values) { f["enable"] = []string{"bridge"} },
			map[string]string{"screening.bone": "no", "enable.hanging": "no", "enable.bridge": "yes"},
			false,
		},
		"the same level again is a word after only walking": {
			func(url.Values) {}, map[string]string{"screening.bone": "no", "level": "gentle"}, true,
		},
	} {
		form := maps.Clone(same)
		c.change(form)
		p.OnlyWalking = c.walks
		got, err := told(p, all, form)
		if err != nil || !maps.Equal(got, c.want) {
			t.Errorf("%s: got %v, %v; want %v", name, got, err, c.want)
		}
	}
	if _, err := told(p, all, url.Values{"level": {"gentle"}}); err == nil || err.Error() != words.Page.AboutYou.OneOrOther {
		t.Errorf("no answer at all: %v", err)
	}
}

// TestAsked: a routine with a name has a length and a place of its own.
func TestAsked(t *testing.T) {
	form := url.Values{"routine": {"walk"}, "length": {"5m"}, "place": {"floor"}}
	if got := asked(form); got.Routine != "walk" || got.Length != "" || got.Place != "" {
		t.Errorf("got %+v", got)
	}
	form.Set("routine", "")
	if got := asked(form); got.Length != "5m" || got.Place != "floor" {
		t.Errorf("got %+v", got)
	}
	for _, c := range []struct{ typed, want string }{{"2m", "1m 2m 5m 10m 15m"}, {"90s", "1m 90s 2m 5m 10m 15m"}, {"120s", "1m 2m 5m 10m 15m"}, {"soon", "1m 2m 5m 10m 15m"}} {
		if got := join(withLength(lengths, c.typed)); got != c.want {
			t.Errorf("with %s: %s", c.typed, got)
		}
	}
}
