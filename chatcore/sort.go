package chatcore

// sortedIndexes returns the indexes of count items in sorted order (stable). It takes less of the download than package slices.
func sortedIndexes(count int, before func(i, j int) bool) []int {
	indexes := make([]int, count)
	for i := range indexes {
		indexes[i] = i
	}
	return mergeSorted(indexes, before)
}

func mergeSorted(indexes []int, before func(i, j int) bool) []int {
	if len(indexes) < 2 {
		return indexes
	}
	a, b := mergeSorted(indexes[:len(indexes)/2], before), mergeSorted(indexes[len(indexes)/2:], before)
	merged := make([]int, 0, len(indexes))
	for len(a) > 0 && len(b) > 0 {
		if before(b[0], a[0]) {
			merged, b = append(merged, b[0]), b[1:]
		} else {
			merged, a = append(merged, a[0]), a[1:]
		}
	}
	return append(append(merged, a...), b...)
}
