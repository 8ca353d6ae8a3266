//go:build js && wasm && !withoutconversations

package main

import (
	"strconv"

	"acschat/chatcore"
	"acschat/chatstate"
)

// report tells the host and the client's inbox what has changed, if anything has. Of the messages only the changed ones cross the border.
func (v *conversation) report() (hadChanges bool) {
	changes, fields := v.core.Changed()
	if len(changes) == 0 && fields == 0 {
		return false
	}
	json := changesJSON(len(changes), func(i int) (kind chatstate.ChangeKind, index int, itemJSON string, err *chatcore.Error) {
		c := changes[i]
		if m := c.Message; m != nil {
			itemJSON, err = m.JSON(), m.Error
		}
		return c.Kind, c.Index, itemJSON, err
	})
	if fields&chatstate.StatusChanged != 0 {
		json += statusJSON(v.core.Status())
	}
	if fields&chatstate.TopicChanged != 0 {
		json += `,"topic":` + chatcore.JSONString(v.core.Topic())
	}
	if fields&chatstate.ParticipantsChanged != 0 {
		json += v.participantsJSON()
	}
	if fields&chatstate.UnreadChanged != 0 {
		count, isCapped := v.core.Unread()
		json += `,"unreadCount":` + strconv.Itoa(count) + `,"unreadIsCapped":` + boolJSON(isCapped)
	}
	if fields&chatstate.PausedChanged != 0 {
		json += `,"paused":"` + string(v.core.Paused()) + `"`
	}
	if fields&chatstate.DurabilityChanged != 0 {
		json += `,"durability":"` + string(v.core.Durability()) + `"`
	}
	if fields&chatstate.PagesChanged != 0 {
		json += `,"hasOlder":` + boolJSON(v.core.HasOlder()) + `,"hasNewer":` + boolJSON(v.core.HasNewer())
	}
	stateChanged(v.driver.id, json+"}")
	v.driver.client.tellInbox(func(in *inbox, now chatcore.Instant) { in.core.Noted(now, v.core) })
	return true
}

// participantsJSON returns the participants as a page of the service, and beside them the id of the last message that each has read.
func (v *conversation) participantsJSON() string {
	page := chatcore.ChatParticipantsCollection{}
	read := ""
	for i, p := range v.core.Participants() {
		page.Value = append(page.Value, p.ChatParticipant)
		if i > 0 {
			read += ","
		}
		read += chatcore.JSONString(p.LastReadMessageID)
	}
	return `,"participants":` + page.JSON() + `,"read":[` + read + "]"
}
