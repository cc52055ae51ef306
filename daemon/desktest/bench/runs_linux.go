package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// figure is a number in what was measured.
var figure = regexp.MustCompile(`[-+]?\d+(\.\d+)?`)

// medians makes one table of those of several runs: every figure is the median, with the range of all. A row is within
// its budget if it was in most runs. What could not be measured in a run does not count in that one.
func medians(runs [][]row) []row {
	if len(runs) == 1 {
		return runs[0]
	}
	var order []string
	found := map[string][]row{}
	for _, r := range slices.Concat(runs...) {
		if _, seen := found[r.what]; !seen {
			order = append(order, r.what)
		}
		found[r.what] = append(found[r.what], r)
	}
	var rows []row
	for _, what := range order {
		all := slices.DeleteFunc(found[what], func(r row) bool { return r.measured == "" })
		if len(all) == 0 {
			rows = append(rows, row{what: what})
			continue
		}
		good := 0
		for _, r := range all {
			if r.ok {
				good++
			}
		}
		rows = append(rows, row{what, all[0].budget, spread(all), 2*good > len(all)})
	}
	return rows
}

// spread is what the rows measured, with the median in place of every figure, and the ranges after that.
func spread(rows []row) string {
	columns := make([][]float64, len(figure.FindAllString(rows[0].measured, -1)))
	for _, r := range rows {
		numbers := figure.FindAllString(r.measured, -1)
		if len(numbers) != len(columns) { // “never” beside a time
			return rows[0].measured + " …"
		}
		for i, n := range numbers {
			value, _ := strconv.ParseFloat(n, 64)
			columns[i] = append(columns[i], value)
		}
	}
	var ranges []string
	i := 0
	median := figure.ReplaceAllStringFunc(rows[0].measured, func(n string) string {
		column := columns[i]
		i++
		slices.Sort(column)
		form := "%.*f"
		if strings.ContainsAny(n[:1], "+-") {
			form = "%+.*f"
		}
		_, decimals, _ := strings.Cut(n, ".")
		say := func(value float64) string { return fmt.Sprintf(form, len(decimals), value) }
		ranges = append(ranges, say(column[0])+" to "+say(column[len(column)-1]))
		return say(column[len(column)/2])
	})
	return fmt.Sprintf("%s (%s)", median, strings.Join(ranges, ", "))
}
