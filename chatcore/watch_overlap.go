package chatcore

import "strconv"

// A change can become visible later than one with a higher version. Polls therefore overlap: each reads down to a floor, settleMs below the
// highest version. The watch knows by id and version which changes above the floor it has delivered.

func (w *watch) settleMs() Instant { return Instant(*w.call.options.SettleMs) }

// raiseFloor raises the floor to settleMs below a version. Versions are times in milliseconds.
func (w *watch) raiseFloor(version string) {
	if floor := parseNumber(withoutZeros(version)) - int64(w.settleMs()); floor > 0 && isHigher(strconv.FormatInt(floor, 10), w.Floor) {
		w.Floor = strconv.FormatInt(floor, 10)
	}
}

// newChanges returns the changes that the poll has found and that were not delivered, in order of version, and marks them as delivered.
// A message that changes while pages are read can be found twice, and a poll can find an older state than the poll before: only
// higher versions count.
func (w *watch) newChanges() []ChatMessage {
	shown := w.found
	if w.Known == nil {
		w.Known = Metadata{}
	}
	i := len(shown)
	changes := make([]ChatMessage, i)
	for _, index := range sortedIndexes(i, func(a, b int) bool { return isHigher(shown[a].Version, shown[b].Version) }) {
		if message := shown[index]; isHigher(message.Version, w.Known[message.ID]) {
			w.Known[message.ID] = message.Version
			i--
			changes[i] = message
		}
	}
	return changes[i:]
}

// trimKnown drops known versions that are not above the floor. It raises the floor if there are more than maxKnown.
func (w *watch) trimKnown() {
	var versions []string
	for id, version := range w.Known {
		if isHigher(version, w.Floor) {
			versions = append(versions, version)
		} else {
			delete(w.Known, id)
		}
	}
	if excess := len(versions) - maxKnown; excess > 0 {
		w.Floor = versions[sortedIndexes(len(versions), func(a, b int) bool { return isHigher(versions[b], versions[a]) })[excess-1]]
		w.trimKnown()
	}
}

func isHigher(a, b string) bool { return CompareIDs(a, b) > 0 }
