package client

import (
	"context"
	"net/http"

	"github.com/unhunch/unhunch/daemon/api"
)

// Profile is what is known of the person.
func (c *Client) Profile(ctx context.Context) (api.Profile, error) {
	return call[api.Profile](ctx, c, http.MethodGet, api.PathProfile, nil)
}

// SetProfile changes it, all of the changes or none, keys and values as one would type them, and returns it afterwards.
func (c *Client) SetProfile(ctx context.Context, changes map[string]string) (api.Profile, error) {
	return call[api.Profile](ctx, c, http.MethodPatch, api.PathProfile, changes)
}
