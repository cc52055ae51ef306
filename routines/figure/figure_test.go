package figure

import "testing"

func TestEveryPoseIsRead(t *testing.T) {
	for _, id := range IDs() {
		data, err := embedded.ReadFile("poses/" + id + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parse(id, data, stances()); err != nil {
			t.Error(err)
		}
	}
}
