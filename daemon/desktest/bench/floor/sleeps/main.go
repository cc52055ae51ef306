// Command sleeps does nothing but be there: less than that no Go program can use.
package main

import (
	"os"
	"os/signal"
)

func main() {
	end := make(chan os.Signal, 1)
	signal.Notify(end, os.Interrupt)
	<-end
}
