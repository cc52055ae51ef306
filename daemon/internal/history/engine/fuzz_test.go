package engine

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"
)

// FuzzAnswers: whatever comes from the child, a question ends with rows of what was asked for or with an error.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"rows":[[1,"a",true]],"more":true}{"rows":[[2,"b",false]]}`))
	f.Add([]byte(`{"code":11,"error":"database disk image is malformed"}`))
	f.Add([]byte(`{"rows":[[1e400,null,[]],[9223372036854775808]],"more":true}`))
	f.Add([]byte(`{"rows":[[]],"more":true}{"more":true}{"more":true}`))
	f.Add([]byte("panic: \x1b[2J"))
	f.Fuzz(func(t *testing.T, said []byte) {
		c := &child{to: json.NewEncoder(io.Discard), from: json.NewDecoder(bytes.NewReader(said))}
		c.from.UseNumber()
		err := c.Query("SELECT", nil, func(scan func(...any) error) error {
			var n int64
			var s string
			var b bool
			return scan(&n, &s, &b)
		})
		if err != nil && err.Error() == "" {
			t.Error("an error without a word")
		}
		_ = Code(c.Exec("DELETE"))
	})
}
