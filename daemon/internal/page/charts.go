package page

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

var weekKeys = []key{{"sit", words.Page.Sitting}, {"stand", words.Page.Standing}}

// weekChart has a bar for each day: time in the chair, and on the feet on top of it.
func weekChart(days []api.HistoryDay) chart {
	c := chart{Head: []string{
		words.Page.Day, words.Page.Sitting, words.Page.Standing, words.Page.Longest, words.Page.Stretches, words.Page.Own,
	}, Empty: true}
	const height, top, foot = 260.0, 28.0, 34.0
	most := int64(60 * 60) // an hour fills the chart when there is no more
	for _, d := range days {
		most = max(most, d.SittingS+d.StandingS)
	}
	pic := draw(height, words.Page.WeekTitle)
	step := canvas / float64(max(1, len(days)))
	for i, day := range days {
		middle, y := (float64(i)+.5)*step, height-foot
		there := words.HistoryThere(day.HistoryFigures)
		c.Empty = c.Empty && !there
		scale := (height - foot - top) / float64(most)
		for _, part := range []struct {
			class string
			s     int64
		}{{"sit", day.SittingS}, {"stand", day.StandingS}} {
			h := float64(part.s) * scale
			y -= h
			pic.box(middle-step*.28, y, step*.56, h-1, 5, part.class, "")
		}
		if there {
			pic.text(middle, y-8, "value middle", hoursText(day.SittingS))
		}
		class := "tick middle"
		if i == len(days)-1 {
			class = "tick middle now"
		}
		pic.text(middle, height-8, class, words.PageWeekdays[words.HistoryWeekday(day)])
		c.Rows = append(c.Rows, []string{
			words.PageDate(day.Date), span(day.SittingS), span(day.StandingS), span(day.LongestS),
			strconv.Itoa(day.Sessions), strconv.Itoa(day.NaturalBreaks),
		})
	}
	pic.line(0, height-foot, canvas, height-foot, "axis")
	c.SVG, c.Rows = pic.picture(), reversed(c.Rows)
	return c
}

// hoursText is a length of time for a label with little room: “4:50”.
func hoursText(s int64) string { return fmt.Sprintf("%d:%02d", s/3600, s/60%60) }

func span(s int64) string { return words.HistorySpan(s) }

// heats is how many shades a map has beside that of nothing.
const heats = 5

// heat is the shade of a part of the most there is.
func heat(part, most int64) string {
	if part <= 0 || most <= 0 {
		return "cell heat0"
	}
	return "cell heat" + strconv.Itoa(min(heats, 1+int(int64(heats)*part/(most+1))))
}

// calendarChart has a cell for each day, a column for each week.
func calendarChart(days []api.HistoryDay) chart {
	c := chart{Head: append([]string{words.Page.Week}, words.PageWeekdays...), Empty: true}
	const left, top, gap = 56.0, 28.0, 5.0
	weeks := (len(days) + 6) / 7
	cell := (canvas - left) / float64(max(calendarWeeks, weeks))
	pic := draw(top+7*cell*.62+4, words.Page.CalendarTitle)
	for d, name := range words.PageWeekdays {
		if d%2 == 0 {
			pic.text(left-10, top+(float64(d)+.5)*cell*.62+5, "tick end", name)
		}
	}
	var most int64
	for _, day := range days {
		most = max(most, day.SittingS)
	}
	month := ""
	for i, day := range days {
		week, weekday := i/7, words.HistoryWeekday(day)
		x, y := left+float64(week)*cell, top+float64(weekday)*cell*.62
		if m := words.PageMonth(day.Date); weekday == 0 && m != month {
			month = m
			pic.text(x, top-10, "tick start", m)
		}
		class := heat(day.SittingS, most)
		if i == len(days)-1 {
			class += " today"
		}
		there := words.HistoryThere(day.HistoryFigures)
		c.Empty = c.Empty && !there
		pic.box(x, y, cell-gap, cell*.62-gap, 5, class, words.PageCell(day))
		if weekday == 0 || len(c.Rows) == 0 {
			c.Rows = append(c.Rows, append([]string{words.PageDayOf(day.Date)}, make([]string, 7)...))
		}
		text := "–"
		if there {
			text = span(day.SittingS)
		}
		c.Rows[len(c.Rows)-1][1+weekday] = text
	}
	c.SVG, c.Rows = pic.picture(), reversed(c.Rows)
	return c
}

// hoursChart has a cell for each hour of the week: the time in the chair in it, on average over the weeks on record.
func hoursChart(days []api.HistoryDay, ribbons [][]api.HistorySlot) chart {
	c := chart{Head: append([]string{words.Page.Hour}, words.PageWeekdays...), Empty: true}
	var sat [7][24]int64
	var known [7]int64
	for i, day := range days {
		weekday := words.HistoryWeekday(day)
		if !words.HistoryThere(day.HistoryFigures) || i >= len(ribbons) {
			continue
		}
		known[weekday]++
		for _, s := range ribbons[i] {
			if hour, err := strconv.Atoi(strings.SplitN(s.Local, ":", 2)[0]); err == nil && hour < 24 {
				sat[weekday][hour] += s.SittingS
			}
		}
	}
	first, last := 24, -1
	for d := range sat {
		for h := range sat[d] {
			if sat[d][h] /= max(1, known[d]); sat[d][h] > 0 {
				first, last = min(first, h), max(last, h)
			}
		}
	}
	if last < 0 {
		return c
	}
	first, last = max(0, min(first, 8)), min(23, max(last, 17))
	const left, top, gap = 56.0, 28.0, 4.0
	width := (canvas - left) / float64(last-first+1)
	const cell = 31.0
	pic := draw(top+7*cell+2, words.Page.HoursTitle)
	for d, name := range words.PageWeekdays {
		pic.text(left-10, top+(float64(d)+.5)*cell+4, "tick end", name)
	}
	for h := first; h <= last; h++ {
		class := "tick start"
		if (h-first)%2 == 1 {
			class += " minor"
		}
		pic.text(left+float64(h-first)*width, top-10, class, fmt.Sprintf("%02d", h))
		row := []string{fmt.Sprintf("%02d:00", h)}
		for d, name := range words.PageWeekdays {
			s := sat[d][h]
			pic.box(left+float64(h-first)*width, top+float64(d)*cell, width-gap, cell-gap, 4, heat(s, 60*60), words.PageHour(name, h, s))
			row = append(row, strconv.FormatInt(s/60, 10))
		}
		c.Rows = append(c.Rows, row)
	}
	c.SVG, c.Empty = pic.picture(), false
	return c
}

var breakKeys = []key{
	{"taken", words.Page.Taken}, {"own", words.Page.Own}, {"off", words.Page.PutOff}, {"go", words.Page.LetGo},
}

// breaksChart is one bar: what became of the breaks that were offered, and those that the person took unasked.
func breaksChart(f api.HistoryFigures) chart {
	c := chart{Head: []string{words.Page.Breaks, words.Page.Count}}
	counts := []int{f.Taken, f.NaturalBreaks, f.Snoozes, f.Skips + f.Ignored}
	all := 0
	for i, n := range counts {
		all += n
		c.Rows = append(c.Rows, []string{breakKeys[i].Label, strconv.Itoa(n)})
	}
	if all == 0 {
		c.Empty = true
		return c
	}
	const height, bar = 56.0, 48.0
	pic := draw(height, words.Page.BreaksTitle)
	x := 0.0
	for i, n := range counts {
		w := canvas * float64(n) / float64(all)
		pic.box(x+1, 4, w-2, bar, 8, breakKeys[i].Class, breakKeys[i].Label+": "+strconv.Itoa(n))
		if w > 40 {
			pic.text(x+w/2, 4+bar/2+7, "count middle on-"+breakKeys[i].Class, strconv.Itoa(n))
		}
		x += w
	}
	c.SVG = pic.picture()
	return c
}

// trendChart is a line through the weeks: time in the chair on an ordinary day at the desk.
func trendChart(days []api.HistoryDay) chart {
	c := chart{Head: []string{words.Page.Week, words.Page.Average, words.Page.Longest, words.Page.Stretches}, Empty: true}
	type week struct {
		first          string
		there, sitting int64
		longest        int64
		sessions       int
	}
	var weeks []week
	for i, day := range days {
		if i == 0 || words.HistoryWeekday(day) == 0 {
			weeks = append(weeks, week{first: day.Date})
		}
		w := &weeks[len(weeks)-1]
		if words.HistoryThere(day.HistoryFigures) {
			w.there++
			w.sitting += day.SittingS
		}
		w.longest = max(w.longest, day.LongestS)
		w.sessions += day.Sessions
	}
	most := int64(4 * 60 * 60) // half a working day, so that small changes look small
	for i := range weeks {
		if weeks[i].there > 0 {
			weeks[i].sitting /= weeks[i].there
			c.Empty = false
		}
		most = max(most, weeks[i].sitting)
	}
	most = int64(math.Ceil(float64(most)/7200)) * 7200
	const height, left, top, foot = 230.0, 56.0, 14.0, 34.0
	pic := draw(height, words.Page.TrendTitle)
	up := func(s int64) float64 { return height - foot - (height-foot-top)*float64(s)/float64(most) }
	for s := int64(0); s <= most; s += 7200 {
		pic.line(left, up(s), canvas, up(s), "grid")
		pic.text(left-10, up(s)+5, "tick end", strconv.FormatInt(s/3600, 10)+" h")
	}
	step := (canvas - left) / float64(max(1, len(weeks)))
	var path, dots strings.Builder
	pen := "M"
	for i, w := range weeks {
		x := left + (float64(i)+.5)*step
		class := "tick middle"
		if (len(weeks)-1-i)%3 == 0 { // more would run into each other
			pic.text(x, height-8, class, words.PageDayOf(w.first))
		}
		average := "–"
		if w.there > 0 {
			fmt.Fprintf(&path, "%s%.1f %.1f", pen, x, up(w.sitting))
			fmt.Fprintf(&dots, `<circle class="dot" cx="%.1f" cy="%.1f" r="5.5"><title>%s</title></circle>`, x, up(w.sitting),
				html.EscapeString(span(w.sitting)))
			pen, average = "L", span(w.sitting)
		} else {
			pen = "M" // nothing is known of that week, and no line says that it is
		}
		c.Rows = append(c.Rows, []string{words.PageDayOf(w.first), average, span(w.longest), strconv.Itoa(w.sessions)})
	}
	if path.Len() > 0 {
		fmt.Fprintf(pic, `<path class="trend" d="%s"/>%s`, path.String(), dots.String())
	}
	c.SVG, c.Rows = pic.picture(), reversed(c.Rows)
	return c
}
