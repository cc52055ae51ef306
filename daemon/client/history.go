package client

import (
	"context"
	"net/http"
	"net/url"

	"github.com/unhunch/unhunch/daemon/api"
)

// History is what happened in a period that ends with today: "today", "week", "month" or "year".
func (c *Client) History(ctx context.Context, period string) (api.History, error) {
	return call[api.History](ctx, c, http.MethodGet, api.PathHistory+"?"+url.Values{"period": {period}}.Encode(), nil)
}

// Erase forgets everything on record, for ever, and returns the state after it.
func (c *Client) Erase(ctx context.Context) (api.State, error) {
	return call[api.State](ctx, c, http.MethodPost, api.PathErase, nil)
}

// Feeling says how the last session left the person: "better", "same" or "worse". It returns the state after it.
func (c *Client) Feeling(ctx context.Context, feeling string) (api.State, error) {
	return call[api.State](ctx, c, http.MethodPost, api.PathFeeling, api.FeelingRequest{Feeling: feeling})
}
