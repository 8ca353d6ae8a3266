package chatcore

// sorted returns items in order, those that are equal as they came. It is package slices' for less of the download.
func sorted[T any](items []T, before func(a, b T) bool) []T {
	if len(items) < 2 {
		return items
	}
	a, b := sorted(items[:len(items)/2], before), sorted(items[len(items)/2:], before)
	merged := make([]T, 0, len(items))
	for len(a) > 0 && len(b) > 0 {
		if before(b[0], a[0]) {
			merged, b = append(merged, b[0]), b[1:]
		} else {
			merged, a = append(merged, a[0]), a[1:]
		}
	}
	return append(append(merged, a...), b...)
}
