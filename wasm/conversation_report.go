//go:build js && wasm && !withoutconversations

package main

import (
	"strconv"

	"acschat/chatcore"
	"acschat/chatstate"
)

// report tells the host what has changed, if anything has. Of the messages only the changed ones cross the border.
func (v *conversation) report() {
	changes, fields := v.core.Changed()
	if len(changes) == 0 && fields == 0 {
		return
	}
	buffer := []byte(`{"changes":[`) // a page of changes is long: adding to a string would copy it for each
	for i, change := range changes {
		if i > 0 {
			buffer = append(buffer, ',')
		}
		buffer = append(buffer, v.changeJSON(change)...)
	}
	json := string(append(buffer, ']'))
	if fields&chatstate.StatusChanged != 0 {
		status, err := v.core.Status()
		json += `,"status":"` + string(status) + `","hasError":` + boolJSON(v.passError(err))
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
	conversationChanged(v.id, json+"}")
}

// changeJSON returns a change of the messages as a list: the index, how many messages are removed there, and the message that is inserted
// there, if one is, with whether it has an error.
func (v *conversation) changeJSON(change chatstate.Change) string {
	removed := "1"
	if change.Kind == chatstate.Insert {
		removed = "0"
	}
	json := "[" + strconv.Itoa(change.Index) + "," + removed
	if m := change.Message; m != nil {
		json += "," + m.JSON() + "," + boolJSON(v.passError(m.Error))
	}
	return json + "]"
}

// passError passes an error to the host, unless it is nil.
func (v *conversation) passError(err *chatcore.Error) bool {
	if err != nil {
		passError(newChatError(err))
	}
	return err != nil
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
