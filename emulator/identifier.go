package emulator

import "cmp"

// identifier is the REST CommunicationIdentifierModel of a user of this resource, in the form of the chat service's
// responses: without kind.
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

// identifierKinds lists the objects of a CommunicationIdentifierModel, of which it may have one. Each entry says which field
// of the object, with which prefix, is the raw id. Only a communicationUser can be a participant here. The raw ids of the
// others appear in invalidParticipants.
var identifierKinds = []struct{ name, id, rawIDPrefix string }{
	{"communicationUser", "id", ""},
	{"phoneNumber", "value", "4:"},
	{"microsoftTeamsUser", "userId", "8:orgid:"},
	{"microsoftTeamsApp", "appId", "28:orgid:"},
	{"teamsExtensionUser", "userId", "8:acs:"},
}

// readIdentifier reads a required CommunicationIdentifierModel and returns its raw id.
func readIdentifier(parent object, name string) string {
	parent.require(name)
	o, ok := parent.object(name)
	if !ok {
		return ""
	}
	return o.rawID()
}

// rawID reads the object as a CommunicationIdentifierModel and returns its raw id.
func (o object) rawID() string {
	o.requireVersion(o.version().extensionUsers, "teamsExtensionUser")
	rawID := o.string("rawId")
	var kind, derived string
	for _, k := range identifierKinds {
		nested, ok := o.object(k.name)
		if !ok {
			continue
		}
		if kind != "" {
			o.refuse(k.name, "cannot be combined with %s: give only one of them", kind)
		}
		kind, derived = k.name, k.rawIDPrefix+nested.requiredString(k.id)
	}
	if phone, ok := o.object("phoneNumber"); ok {
		phone.requireVersion(o.version().extensionUsers, "isAnonymous")
		phone.requireVersion(o.version().extensionUsers, "assertedId")
	}
	switch {
	case rawID == "" && derived == "":
		target := cmp.Or(o.path, "rawId") // the path of a whole body is empty
		o.fail(target, "%s is missing: an identifier needs a rawId or a communicationUser.", target)
	case rawID == "":
		return derived
	case kind == "communicationUser" && rawID != derived:
		o.refuse("rawId", "must equal communicationUser.id: leave one of them out")
	}
	return rawID
}
