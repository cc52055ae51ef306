package server

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
)

// actions are the decoders of POST /v1/actions/NAME.
var actions = map[string]func(*http.Request) (Command, error){
	"stretch": decodeStretchCommand,
	"snooze":  decodeDuration(""),
	"skip":    decodeNothing,
	"pause":   decodeDuration("tomorrow"),
	"resume":  decodeNothing,
	"sit":     decodeDuration(""),
	"stand":   decodeOff,
	"meeting": decodeDuration("off"),
	"was":     decodeWas,
}

// decode reads the body of r into v: JSON, one value, no field that v does not have. No body at all is {}.
func decode(r *http.Request, v any) error {
	kind := r.Header.Get("Content-Type")
	if kind != "" || r.ContentLength != 0 {
		if media, _, err := mime.ParseMediaType(kind); err != nil || media != "application/json" {
			return &wrong{http.StatusUnsupportedMediaType, "the body must be application/json"}
		}
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	switch err := d.Decode(v); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return complain(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return &Invalid{Message: "the body goes on after its JSON value"}
	}
	return nil
}

// complain says in words what is wrong with a body.
func complain(err error) error {
	var tooLong *http.MaxBytesError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &tooLong):
		return &wrong{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is longer than %d bytes", tooLong.Limit)}
	case errors.As(err, &kind) && kind.Field != "":
		return &Invalid{Message: fmt.Sprintf("field %q has the wrong type: %s", kind.Field, kind.Value)}
	case errors.As(err, &kind):
		return &Invalid{Message: fmt.Sprintf("the body has the wrong type: %s", kind.Value)}
	}
	return &Invalid{Message: "the body is not as expected: " + strings.TrimPrefix(err.Error(), "json: ")}
}

// decodeNothing is for what takes no argument.
func decodeNothing(r *http.Request) (Command, error) {
	return Command{}, decode(r, &struct{}{})
}

// decodeDuration is for what takes a duration, or one word in its place.
func decodeDuration(word string) func(*http.Request) (Command, error) {
	return func(r *http.Request) (Command, error) {
		var body api.DurationRequest
		if err := decode(r, &body); err != nil {
			return Command{}, err
		}
		if word != "" && body.Duration == word {
			return Command{Tomorrow: word == "tomorrow", Off: word == "off"}, nil
		}
		d, err := duration("duration", body.Duration)
		return Command{Duration: d}, err
	}
}

// decodeOff is for what is declared without a length, or taken back.
func decodeOff(r *http.Request) (Command, error) {
	var body api.DurationRequest
	if err := decode(r, &body); err != nil {
		return Command{}, err
	}
	return Command{Off: body.Duration == "off"}, oneOf("duration", body.Duration, "off")
}

func decodeWas(r *http.Request) (Command, error) {
	var body api.WasRequest
	if err := decode(r, &body); err != nil {
		return Command{}, err
	}
	if body.Posture == "" {
		return Command{}, &Invalid{Message: `field "posture" is missing`, Hint: "sitting, standing or away"}
	}
	if err := oneOf("posture", body.Posture, "sitting", "standing", "away"); err != nil {
		return Command{}, err
	}
	d, err := duration("duration", body.Duration)
	return Command{Posture: body.Posture, Duration: d}, err
}

func decodeFeeling(r *http.Request) (Command, error) {
	var body api.FeelingRequest
	if err := decode(r, &body); err != nil {
		return Command{}, err
	}
	if body.Feeling == "" {
		return Command{}, &Invalid{Message: `field "feeling" is missing`, Hint: "better, same or worse"}
	}
	return Command{Feeling: body.Feeling}, oneOf("feeling", body.Feeling, "better", "same", "worse")
}

func decodeStretchCommand(r *http.Request) (Command, error) {
	var body api.StretchRequest
	if err := decode(r, &body); err != nil {
		return Command{}, err
	}
	return Command{Stretch: body}, checkStretch(body)
}

func decodePlan(r *http.Request) (api.PlanRequest, error) {
	var body api.PlanRequest
	if err := decode(r, &body); err != nil {
		return body, err
	}
	return body, checkStretch(body.StretchRequest)
}

func checkStretch(body api.StretchRequest) error {
	_, err := duration("length", body.Length)
	return cmp.Or(err,
		oneOf("place", body.Place, "chair", "standing", "floor"),
		oneOf("guide", body.Guide, "terminal", "page", "background"))
}

// duration reads a duration as in the config; an empty one is 0.
func duration(field, text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := config.ParseDuration(text)
	if err != nil {
		return 0, &Invalid{Message: fmt.Sprintf("field %q: %v", field, err)}
	}
	return d, nil
}

// oneOf checks a word that may also be left out.
func oneOf(field, word string, allowed ...string) error {
	if word == "" || slices.Contains(allowed, word) {
		return nil
	}
	return &Invalid{fmt.Sprintf("field %q cannot be %q", field, word), "one of: " + strings.Join(allowed, ", ")}
}
