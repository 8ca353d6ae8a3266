package chatcore

import "strconv"

// A change can become visible later than one with a higher version. Polls therefore overlap: each reads down to a floor, settleMs below the
// highest version. The watch knows by id and version which changes above the floor it has delivered.

// raiseFloor raises the floor to settleMs below a version. Versions are times in milliseconds.
func (w *watch) raiseFloor(version string) {
	if floor := strconv.FormatInt(max(0, parseNumber(version)-int64(w.settleMs)), 10); isHigher(floor, w.Floor) {
		w.Floor = floor
	}
}

// newChanges returns the changes that the poll has found and that were not delivered, in order of version, and marks them as delivered.
// A message that changes while pages are read can be found twice, and a poll can find an older state than the poll before: only
// higher versions count. It drops known versions that are not above the floor, and raises the floor if the poll has found more than maxKnown.
func (w *watch) newChanges() []ChatMessage {
	shown := w.found
	if w.Known == nil {
		w.Known = Metadata{}
	}
	i := len(shown)
	changes := make([]ChatMessage, i)
	for rank, index := range sortedIndexes(i, func(a, b int) bool { return isHigher(shown[a].Version, shown[b].Version) }) {
		message := shown[index]
		if rank == maxKnown && isHigher(message.Version, w.Floor) {
			w.Floor = message.Version
		}
		if isHigher(message.Version, w.Known[message.ID]) {
			w.Known[message.ID] = message.Version
			i--
			changes[i] = *message
		}
	}
	for id, version := range w.Known {
		if !isHigher(version, w.Floor) {
			delete(w.Known, id)
		}
	}
	return changes[i:]
}

func isHigher(a, b string) bool { return CompareIDs(a, b) > 0 }
