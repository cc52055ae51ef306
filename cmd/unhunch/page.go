package main

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/words"
)

func (v *invocation) pageCommand() *cobra.Command {
	var noBrowser bool
	c := &cobra.Command{
		Use:   "page",
		Short: "Open the page in the browser",
		Long: `Open the page: your day, your record and the settings, in your own browser.

A page that is open already comes forward. Where no browser can be opened the
link is printed; it works once, for half a minute. The page is served by the
daemon on this computer alone, and only while it is open.`,
		Example: "  unhunch page\n  unhunch page --no-browser",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := client.Default()
			if err != nil {
				return err
			}
			return v.page(cmd.Context(), c, api.PageRequest{Here: true, LinkOnly: noBrowser})
		},
	}
	c.Flags().BoolVar(&noBrowser, "no-browser", false, "only print the link")
	return c
}

// page brings the page into sight, or prints a link to it.
func (v *invocation) page(ctx context.Context, c *client.Client, r api.PageRequest) error {
	opened, err := v.openPage(ctx, c, r)
	switch {
	case err != nil:
		return err
	case v.json:
		return v.printJSON(opened)
	case opened.Opened:
		return v.print(words.PageOpened)
	case r.LinkOnly:
		return v.print(opened.Link)
	}
	fmt.Fprintln(v.err, words.PageLink)
	return v.print(opened.Link)
}

// openPage opens the page here where the daemon cannot.
func (v *invocation) openPage(ctx context.Context, c *client.Client, r api.PageRequest) (api.PageLink, error) {
	answer, err := c.Page(ctx, r)
	if err == nil && !answer.Opened && !r.LinkOnly && canBrowse() {
		answer.Opened = client.Browse(answer.Link) == nil
	}
	return answer, err
}

// canBrowse says whether there is a screen for a browser. On a terminal without one, programs that open links take the
// terminal for it.
func canBrowse() bool {
	return runtime.GOOS != "linux" || os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}
