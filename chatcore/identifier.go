package chatcore

// CommunicationIdentifierModel names a user or another party of a conversation. In a request one of its two fields is
// enough; a response always has RawID.
//
// REST: CommunicationIdentifierModel.
type CommunicationIdentifierModel struct {
	RawID             string                            // as in 8:acs:<resource>_<user>
	CommunicationUser *CommunicationUserIdentifierModel // nil for a party of another kind
}

// CommunicationUserIdentifierModel is a user of a Communication Services resource.
type CommunicationUserIdentifierModel struct {
	ID string // the same text as the raw id
}

// RawIdentifier returns the identifier model of a raw id.
func RawIdentifier(rawID string) CommunicationIdentifierModel {
	id := CommunicationIdentifierModel{RawID: rawID}
	if hasPrefix(rawID, "8:acs:") {
		id.CommunicationUser = &CommunicationUserIdentifierModel{ID: rawID}
	}
	return id
}

func (id *CommunicationIdentifierModel) fields() []field {
	return []field{
		{name: "rawId", value: &id.RawID},
		{name: "communicationUser", value: optionalOf[CommunicationUserIdentifierModel, *CommunicationUserIdentifierModel]{&id.CommunicationUser}},
	}
}

// setText takes a raw id where an identifier object is expected.
func (id *CommunicationIdentifierModel) setText(rawID string) { *id = RawIdentifier(rawID) }

func (id *CommunicationIdentifierModel) check() string {
	if id.RawID == "" && id.CommunicationUser == nil {
		return "is required: an identifier object or a raw id string"
	}
	return ""
}

func (user *CommunicationUserIdentifierModel) fields() []field {
	return []field{{name: "id", value: &user.ID, rule: required}}
}
