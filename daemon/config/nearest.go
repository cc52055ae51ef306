package config

import (
	"iter"
	"slices"
)

// Nearest is the candidate that word was most likely meant to be, if any is near enough.
func Nearest(word string, candidates []string) (best string, ok bool) {
	return nearest(word, slices.Values(candidates))
}

// nearest is the candidate that takes the fewest typing mistakes to turn into word, if they are few enough for a
// mistake to be likely.
func nearest(word string, candidates iter.Seq[string]) (best string, ok bool) {
	typos := min(max(len(word)/3, 1), 3)
	fewest := typos + 1
	for c := range candidates {
		if abs(len(c)-len(word)) > typos {
			continue
		}
		if d := distance(word, c); d < fewest {
			best, fewest = c, d
		}
	}
	return best, fewest <= typos
}

// distance is the number of letters to insert, remove or replace to turn a into b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

func abs(n int) int { return max(n, -n) }
