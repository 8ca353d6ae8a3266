package chatstate_test

import "acschat/internal/plantedbugs"

// plantedInboxBugs are bugs that TestInboxHistories must find.
var plantedInboxBugs = []plantedbugs.Bug{
	{
		"a second message in the same second is not looked for", "inbox_look.go",
		"		if l.startedAt < e.settleAt &&", "		if false &&",
	}, {
		"threads are not looked at in rotation", "inbox_look.go",
		"		if next != nil {\n", "		if false {\n",
	}, {
		"after a failed look the thread waits for the rotation", "inbox_look.go",
		"		e.planAt(now + max(backoff(e.failures), chatcore.Instant(failure.RetryAfterMs)))\n", "",
	}, {
		"all looks are under way at once", "inbox_look.go",
		"in.looks < maxLooks &&", "",
	}, {
		"own messages are unread", "inbox_look.go",
		"		if !isMine {\n", "		{\n",
	}, {
		"deleted messages are unread", "inbox_look.go",
		`e.note(id, version, m.DeletedOn == "")`, "e.note(id, version, true)",
	}, {
		"the own receipt does not count", "inbox_look.go",
		"					in.raise(e, id)\n", "",
	}, {
		"after a gap the unread messages are those that were known", "inbox_unread.go",
		"	return l.low, false\n", "	return min(u.low, l.low), false\n",
	}, {
		"a thread is left when one listing does not have it", "inbox_list.go",
		"maxAbsences  = 2", "maxAbsences  = 1",
	}, {
		"a removed user stays in the thread", "inbox_look.go",
		"e.membershipID, e.isRemoved = id, m.Type == chatcore.ChatMessageTypeParticipantRemoved", "e.membershipID = id",
	}, {
		"a user who was added again has left", "inbox_list.go",
		"		e.isRemoved, e.isGone, e.membershipID = false, false, 0\n", "",
	}, {
		"a thread that the listing does not have stays", "inbox_list.go",
		"			in.noteAbsent(now)\n", "",
	}, {
		"a thread with a newer message stays in its place", "inbox_show.go",
		"		if isInOrder {\n", "		if isInOrder || e.shown != nil {\n",
	}, {
		"a pending message is not the newest", "inbox_share.go",
		"			e.pendingRank = in.pendingCount\n", "",
	}, {
		"a thread is replaced although nothing has changed", "inbox_show.go",
		"	if isSame && e.rank == rank {\n		return\n	}", "	isSame = false",
	}, {
		"the inbox looks at threads whose conversation is open", "inbox_look.go",
		"e.dueAt != 0 && e.look == nil && !e.isShared", "e.dueAt != 0 && e.look == nil",
	}, {
		"a closed conversation's pending message stays", "inbox_share.go",
		"	e.conversation, e.isShared, e.pending, e.pendingRank = nil, false, nil, 0\n", "	e.conversation, e.isShared = nil, false\n",
	}, {
		"marks of other tabs do not count", "inbox_mark.go",
		"			in.raise(e, id)\n		}\n		if e.record.writes", "			_ = id\n		}\n		if e.record.writes",
	}, {
		"rare: a mark is not stored again after another tab has stored a lower one", "inbox_mark.go",
		"		if e.record.writes == 0 {\n			in.saveMark(e)\n		}\n", "",
	}, {
		"unread messages are counted before the mark is known", "inbox_show.go",
		"	case e.isRead && (e.isMarkKnown || !in.isStored()):", "	case e.isRead:",
	}, {
		"the inbox claims the storage after it has failed", "inbox_mark.go",
		"	in.store = inboxStore{number: in.store.number}\n", "	in.store = inboxStore{number: in.store.number, isProven: true}\n",
	},
}
