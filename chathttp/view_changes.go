package chathttp

import "acschat/chatstate"

// changesBetween reports the changes that lead from one list to another. Each counts after the ones before it. An item that has changed
// keeps its key.
func changesBetween[T any](from, to []*T, key func(*T) string, report func(kind chatstate.ChangeKind, index int, item *T)) {
	stays := map[string]bool{}
	for _, item := range to {
		stays[key(item)] = true
	}
	var list []*T
	for _, item := range from {
		if stays[key(item)] {
			list = append(list, item)
		} else {
			report(chatstate.Remove, len(list), nil)
		}
	}
	known := map[string]bool{}
	for _, item := range list {
		known[key(item)] = true
	}
	moved := map[string]bool{}
	next := 0 // of the list
	for i, item := range to {
		for next < len(list) && moved[key(list[next])] {
			next++
		}
		switch {
		case next < len(list) && key(list[next]) == key(item):
			if list[next] != item {
				report(chatstate.Replace, i, item)
			}
			next++
			continue
		case known[key(item)]: // it is further down
			at := i
			for j := next; key(list[j]) != key(item); j++ {
				if !moved[key(list[j])] {
					at++
				}
			}
			report(chatstate.Remove, at, nil)
			moved[key(item)] = true
		}
		report(chatstate.Insert, i, item)
	}
}
