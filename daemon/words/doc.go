// Package words holds every sentence of prompts, notices, guides and the status, so that a language is later a
// catalogue and not a refactor: whole sentences are chosen here and filled with figures and names, never built
// from pieces.
package words
