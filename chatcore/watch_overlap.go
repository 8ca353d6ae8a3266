package chatcore

import "strconv"

// A change can become visible later than one with a higher version. So polls overlap: each goes down to a floor, settleMs
// below the highest version, and knows by id and version what was seen above it.

func (w *watch) settleMs() int { return *w.call.options.SettleMs }

// raiseFloor raises the floor to settleMs below a version. Versions are milliseconds.
func (w *watch) raiseFloor(version string) {
	if floor := parseNumber(withoutZeros(version)) - w.settleMs(); floor > 0 && isHigher(strconv.Itoa(floor), w.Floor) {
		w.Floor = strconv.Itoa(floor)
	}
}

// newChanges returns what the poll has shown that is new, in order of version, and remembers it. Pages come in the opposite
// order, more or less. What changed between two of them may be there twice, and a poll may show an older state than one
// before: the later state counts.
func (w *watch) newChanges() []ChatMessage {
	shown := w.found
	if w.Known == nil {
		w.Known = Metadata{}
	}
	i := len(shown)
	changes := make([]ChatMessage, i)
	for _, at := range sortedIndexes(i, func(a, b int) bool { return isHigher(shown[a].Version, shown[b].Version) }) {
		if message := shown[at]; isHigher(message.Version, w.Known[message.ID]) {
			w.Known[message.ID] = message.Version
			i--
			changes[i] = message
		}
	}
	return changes[i:]
}

// trimKnown forgets what is not above the floor, which it raises until no more than mostKnown are.
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

// isHigher compares versions, which are whole numbers in text.
func isHigher(a, b string) bool {
	a, b = withoutZeros(a), withoutZeros(b)
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return a > b
}

// withoutZeros leaves out leading zeros.
func withoutZeros(number string) string {
	for number != "" && number[0] == '0' {
		number = number[1:]
	}
	return number
}
