package chatstate_test

import "acschat/internal/plantedbugs"

// plantedBugs are bugs that TestHistories must find. They break what a conversation promises about its messages, its queue, storage and
// locks, and about users.
var plantedBugs = []plantedbugs.Bug{
	{
		"rule 1: a message goes to the end, even if others are newer", "timeline.go",
		"	t.insert(i, m)\n", "	t.insert(t.sent, m)\n",
	}, {
		"rule 1: a message of the other tab goes to the end of the queue", "store_merge.go",
		"for to > 0 && item.sequence != 0 &&", "for to > 0 && item.sequence < 0 &&",
	}, {
		"rule 2: a confirmed message is shown under its id", "timeline.go",
		"	m.Key = t.keyOf(&message)\n", "	m.Key = message.ID\n",
	}, {
		"rule 3: the copy of a message that is being sent is shown besides it", "queue_list.go",
		"if item := c.pendingByKey(token); item != nil {", "if item := c.pendingByKey(token); item != nil && !c.isBeingSent(item) {",
	}, {
		"rule 4: after a lost answer the message is queued", "queue.go",
		"		return Unknown\n", "		return Queued\n",
	}, {
		"rule 4: after a lost answer the message can be cancelled", "queue_attempt.go",
		"head.isAttempted = e.Code == chatcore.DeliveryUnknown && (head.isAttempted || call.MayHaveSucceeded())", "head.isAttempted = false",
	}, {
		"rule 5: an older version replaces a newer one", "timeline.go",
		"if found && chatcore.CompareIDs(message.Version, t.items[i].Version) <= 0 {", "if found && chatcore.CompareIDs(message.Version, t.items[i].Version) == 0 {",
	}, {
		"rule 6: deleted messages are unread", "message.go",
		`return !m.Mine && m.DeletedOn == "" &&`, "return !m.Mine &&",
	}, {
		"rule 6: system messages are unread", "message.go",
		"&& (m.Type == chatcore.ChatMessageTypeText || m.Type == chatcore.ChatMessageTypeHTML)", "",
	}, {
		"rule 6: messages beyond the window are not counted", "pages.go",
		"		c.noteBeyond(m)\n	}\n}\n\n// endLoad", "		_ = m\n	}\n}\n\n// endLoad",
	}, {
		"rule 6: messages are counted twice when the window reaches them", "mark.go",
		"		if !c.timeline.isBeyond(id) {\n			delete", "		if false {\n			delete",
	}, {
		"rule 6: the own receipt does not count", "people.go",
		"		c.raiseMark(receipt.ChatMessageID)\n", "",
	}, {
		"rule 7: an edited old message is shown at once", "timeline.go",
		"	if !t.contains(message.ID) {\n		t.holdBack(message)\n		return\n	}", "	if t.high != \"\" && !t.contains(message.ID) {\n		t.holdBack(message)\n		return\n	}",
	}, {
		"rule 7: an edited message beyond the window is forgotten", "timeline.go",
		"if (t.keepNew || isChanged(&message)) &&", "if t.keepNew &&",
	}, {
		"rule 7: after a removal the watch goes on where it was", "status.go",
		"		c.reload(now)\n", "		c.setStatus(Live, nil)\n",
	}, {
		"rule 8: the window grows with new messages", "pages.go",
		"	default:\n		c.timeline.dropOldest(c.options.Limit)\n", "",
	}, {
		"rule 9: after a reload a message gets another token", "record.go",
		"key: record.Key, sequence", "key: record.Key + \"x\", sequence",
	}, {
		"rule 10: a removed user's conversation goes on", "people.go",
		`c.end(now, newError("watchMessages", chatcore.Forbidden, "the user was removed from the thread"))`, "",
	}, {
		"rule 10: pending messages stay queued after the end", "status.go",
		"			c.fail(item, e)\n", "",
	}, {
		"rule 10: the conversation does not go on when the user is added again", "status.go",
		"	case c.status == Ended:\n		c.people.topicID", "	case c.status == Ended && c.err == nil:\n		c.people.topicID",
	}, {
		"outbox: a failed message does not block the queue", "queue_attempt.go",
		"		if item.vanishedAt == 0 {\n			return item", "		if item.vanishedAt == 0 && item.state != Failed {\n			return item",
	}, {
		"outbox: an edit is lost while the record is marked", "queue_attempt.go",
		"&& now >= q.retryAt && head.changes == 0", "&& now >= q.retryAt",
	}, {
		"outbox: attempts begin while the browser is offline", "queue_attempt.go",
		"return isWaiting && c.isOnline &&", "return isWaiting &&",
	}, {
		"outbox: it does not say that the token is another user's", "queue_attempt.go",
		"hasToken := !q.tokenFailed && !c.isOtherUser() &&", "hasToken := !q.tokenFailed &&",
	}, {
		"outbox: expired messages are sent", "queue_attempt.go",
		"left := item.createdMs + expiryMs - c.options.UnixMs()", "left := item.createdMs + 100*expiryMs - c.options.UnixMs()",
	}, {
		"outbox: after a retry the message is still expired", "queue.go",
		"item.isBlocked, item.createdMs = false, c.options.UnixMs()", "item.isBlocked = false",
	}, {
		"outbox: discard removes a message that is being sent", "queue.go",
		"if c.closed || item == nil || c.isBeingSent(item) {\n		return false\n	}\n	c.forgetPending", "if c.closed || item == nil {\n		return false\n	}\n	c.forgetPending",
	}, {
		"outbox: cancel believes that a message in flight is not sent", "queue.go",
		"		if c.queue.call.MayHaveSucceeded() {\n			return nil\n		}\n", "",
	}, {
		"outbox: a second cancel is answered before the first one", "queue.go",
		"item != nil && item.cancels != nil {", "item != nil && item.cancels != nil && item.isOwn && now == 0 {",
	}, {
		"outbox: a message that is discarded while it is cancelled counts as sent", "queue.go",
		"isWithdrawn := !isPending", "isWithdrawn := isPending",
	}, {
		"storage: the record is not marked before the request", "store_lock.go",
		"text, expected := encodeRecord(head, c.id), head.stored", "text, expected := encodeRecord(head, \"\"), head.stored",
	}, {
		"storage: a marked record counts as never attempted", "record.go",
		`isAttempted: lines[2] != ""`, "isAttempted: false",
	}, {
		"storage: a message of a tab that was closed is sent again at once", "queue_attempt.go",
		"		c.client.NoteOtherSender(now, head.key)\n", "",
	}, {
		"storage: the record of a sent message stays", "queue_list.go",
		"	c.removePending(item)\n	c.unsave(item)\n	c.settle(item, m.ID, nil)", "	c.removePending(item)\n	c.settle(item, m.ID, nil)",
	}, {
		"storage: a cancellation ignores that another tab is sending", "queue.go",
		"ok := !a.Differs && (isPending", "ok := (isPending",
	}, {
		"storage: a record of a newer version is sent", "record.go",
		"if lines[0] != recordVersion || !ok {", "if !ok {",
	}, {
		"storage: a message that a newer version has taken over is sent", "store_merge.go",
		"case found == nil && item != nil && item.writes == 0 && !c.isBeingSent(item):", "case found == nil && item != nil && item.writes < 0:",
	}, {
		"storage: after a failure the page still says disk", "store.go",
		"	q.store = store{number: number, attempt: attempt + 1, answers: map[int]answer{}}", "	q.store = store{number: number, attempt: attempt + 1, answers: map[int]answer{}, isProven: true}",
	}, {
		"storage: a failure leaves edits without an answer", "store.go",
		"	c.loseAnswers()\n	q.store", "	q.store",
	}, {
		"locks: the message is sent without the queue's lock", "store_lock.go",
		"	c.ask(Effect{Kind: RequestLock}, func(now chatcore.Instant, _ Answer) {\n		if !c.holdsLock(attempt) {\n			return\n		}\n		c.ask(Effect{Kind: ListRecords}, func(now chatcore.Instant, a Answer) {\n			c.merge(now, a.Records)\n			if c.holdsLock(attempt) {\n				c.markHead(now, attempt)\n			}\n		}, nil)\n	}, nil)",
		"	c.ask(Effect{Kind: ListRecords}, func(now chatcore.Instant, a Answer) {\n		c.merge(now, a.Records)\n		if c.holdsLock(attempt) {\n			c.markHead(now, attempt)\n		}\n	}, nil)",
	}, {
		"locks: the lock is kept after an attempt", "store_lock.go",
		"		c.effects = append(c.effects, Effect{Kind: ReleaseLock, Queue: s.queue})\n", "",
	}, {
		"locks: the queue is not read again under the lock", "store_lock.go",
		"			c.merge(now, a.Records)\n			if c.holdsLock", "			if c.holdsLock",
	}, {
		"locks: freezing does not end the attempt", "drive.go",
		"	c.queue.isFrozen = true\n	c.stopAttempt()\n", "	c.queue.isFrozen = true\n",
	}, {
		"security: Jane's messages leave with Alex's token", "conversation.go",
		"return chatcore.CallOptions{UserID: c.user}", "return chatcore.CallOptions{}",
	}, {
		"security: forget leaves the records", "queue_list.go",
		"	c.removePending(item)\n	c.unsave(item)\n	c.settle(item, \"\", err)", "	c.removePending(item)\n	c.settle(item, \"\", err)",
	}, {
		"tabs: a message that the other tab has sent counts as cancelled", "store_merge.go",
		"	case item.vanishedAt == 0:\n		item.vanishedAt", "	case item.vanishedAt == 0 && now == 0:\n		item.vanishedAt",
	}, {
		"tabs: a message that the other tab has cancelled is sent", "store_merge.go",
		"			c.vanish(now, item)\n", "",
	},
}
