package emulator

import "cmp"

// identifier is the REST CommunicationIdentifierModel of a user of this resource, as the chat service answers it:
// without kind.
type identifier struct {
	RawID             string                      `json:"rawId"`
	CommunicationUser communicationUserIdentifier `json:"communicationUser"`
}

type communicationUserIdentifier struct {
	ID string `json:"id"`
}

func newIdentifier(rawID string) identifier {
	return identifier{rawID, communicationUserIdentifier{rawID}}
}

// identifierKinds are the objects a CommunicationIdentifierModel may hold, one at most, and how a raw id follows from
// them. Only the first kind can take part in a chat here; of the others no more is needed than a name for the answer.
var identifierKinds = []struct{ name, id, rawIDPrefix string }{
	{"communicationUser", "id", ""},
	{"phoneNumber", "value", "4:"},
	{"microsoftTeamsUser", "userId", "8:orgid:"},
	{"microsoftTeamsApp", "appId", "28:orgid:"},
	{"teamsExtensionUser", "userId", "8:acs:"},
}

// readIdentifier reads a required CommunicationIdentifierModel and gives its raw id.
func readIdentifier(parent object, name string) string {
	parent.require(name)
	o, ok := parent.object(name)
	if !ok {
		return ""
	}
	return o.rawID()
}

// rawID reads the object as a CommunicationIdentifierModel and gives its raw id.
func (o object) rawID() string {
	o.onlyIf(o.version().extensionUsers, "teamsExtensionUser")
	rawID := o.string("rawId")
	var kind, implied string
	for _, k := range identifierKinds {
		nested, ok := o.object(k.name)
		if !ok {
			continue
		}
		if kind != "" {
			o.refuse(k.name, "cannot stand beside %s: an identifier is one of them", kind)
		}
		kind, implied = k.name, k.rawIDPrefix+nested.requiredString(k.id)
	}
	if phone, ok := o.object("phoneNumber"); ok {
		phone.onlyIf(o.version().extensionUsers, "isAnonymous")
		phone.onlyIf(o.version().extensionUsers, "assertedId")
	}
	switch {
	case rawID == "" && implied == "":
		target := cmp.Or(o.path, "rawId") // a body has no name
		o.fail(target, "%s must be there: an identifier has a rawId or names a communicationUser.", target)
	case rawID == "":
		return implied
	case kind == "communicationUser" && rawID != implied:
		o.refuse("rawId", "must be the id of communicationUser, or be left out")
	}
	return rawID
}
