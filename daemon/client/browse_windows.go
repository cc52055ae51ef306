package client

// browser is the command that opens a link in the person's browser.
func browser(link string) []string { return []string{"rundll32", "url.dll,FileProtocolHandler", link} }
