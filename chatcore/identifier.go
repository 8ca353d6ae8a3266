package chatcore

import "acschat/chatcore/internal/ascii"

// CommunicationIdentifierModel identifies a user, a phone number or an application. At most one of its objects is set. A request needs
// that object or RawID. A response always has RawID; for a kind that this package does not know, it has only RawID.
//
// REST: CommunicationIdentifierModel.
type CommunicationIdentifierModel struct {
	RawID              string // as in 8:acs:<resource>_<user>
	Kind               string // the name of the object that is set; optional
	CommunicationUser  *CommunicationUserIdentifierModel
	PhoneNumber        *PhoneNumberIdentifierModel
	MicrosoftTeamsUser *MicrosoftTeamsUserIdentifierModel
	MicrosoftTeamsApp  *MicrosoftTeamsAppIdentifierModel
	TeamsExtensionUser *TeamsExtensionUserIdentifierModel // api-version 2025-03-15
}

// CommunicationUserIdentifierModel is a user of a Communication Services resource.
type CommunicationUserIdentifierModel struct {
	ID string // required: the raw id
}

// PhoneNumberIdentifierModel is a phone number.
type PhoneNumberIdentifierModel struct {
	Value       string // required, as in +14255550123
	IsAnonymous *bool  // api-version 2025-03-15
	AssertedID  string // api-version 2025-03-15
}

// MicrosoftTeamsUserIdentifierModel is a user of Microsoft Teams.
type MicrosoftTeamsUserIdentifierModel struct {
	UserID      string // required
	IsAnonymous *bool  // default false
	Cloud       string // public, dod or gcch; default public
}

// MicrosoftTeamsAppIdentifierModel is an application of Microsoft Teams.
type MicrosoftTeamsAppIdentifierModel struct {
	AppID string // required
	Cloud string // public, dod or gcch; default public
}

// TeamsExtensionUserIdentifierModel is a user of Microsoft Teams who acts through a Communication Services resource.
type TeamsExtensionUserIdentifierModel struct {
	UserID     string // required
	TenantID   string // required
	ResourceID string // required
	Cloud      string // public, dod or gcch; default public
}

// rawID returns the raw id, which for a Communication Services user may be in CommunicationUser only.
func (id *CommunicationIdentifierModel) rawID() string {
	if id.CommunicationUser != nil {
		return id.CommunicationUser.ID
	}
	return id.RawID
}

func (id *CommunicationIdentifierModel) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "rawId", value: &id.RawID},
		{name: "kind", value: &id.Kind},
		{name: "communicationUser", nested: optionalOf[CommunicationUserIdentifierModel, *CommunicationUserIdentifierModel]{&id.CommunicationUser}},
		{name: "phoneNumber", nested: optionalOf[PhoneNumberIdentifierModel, *PhoneNumberIdentifierModel]{&id.PhoneNumber}},
		{name: "microsoftTeamsUser", nested: optionalOf[MicrosoftTeamsUserIdentifierModel, *MicrosoftTeamsUserIdentifierModel]{&id.MicrosoftTeamsUser}},
		{name: "microsoftTeamsApp", nested: optionalOf[MicrosoftTeamsAppIdentifierModel, *MicrosoftTeamsAppIdentifierModel]{&id.MicrosoftTeamsApp}},
		{name: "teamsExtensionUser", nested: optionalOf[TeamsExtensionUserIdentifierModel, *TeamsExtensionUserIdentifierModel]{&id.TeamsExtensionUser}, versions: v20250315},
	}...)
}

func (user *CommunicationUserIdentifierModel) fields(to []field) []field {
	return appendFields(to, field{name: "id", value: &user.ID, rule: required})
}

func (phone *PhoneNumberIdentifierModel) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "value", value: &phone.Value, rule: required},
		{name: "isAnonymous", value: &phone.IsAnonymous, versions: v20250315},
		{name: "assertedId", value: &phone.AssertedID, versions: v20250315},
	}...)
}

func (user *MicrosoftTeamsUserIdentifierModel) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "userId", value: &user.UserID, rule: required},
		{name: "isAnonymous", value: &user.IsAnonymous},
		{name: "cloud", value: &user.Cloud},
	}...)
}

func (app *MicrosoftTeamsAppIdentifierModel) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "appId", value: &app.AppID, rule: required},
		{name: "cloud", value: &app.Cloud},
	}...)
}

func (user *TeamsExtensionUserIdentifierModel) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "userId", value: &user.UserID, rule: required},
		{name: "tenantId", value: &user.TenantID, rule: required},
		{name: "resourceId", value: &user.ResourceID, rule: required},
		{name: "cloud", value: &user.Cloud},
	}...)
}

// check allows one kind only, and requires a kind or a raw id.
func (id *CommunicationIdentifierModel) check() string {
	objects := 0
	for _, is := range [...]bool{
		id.CommunicationUser != nil, id.PhoneNumber != nil, id.MicrosoftTeamsUser != nil, id.MicrosoftTeamsApp != nil, id.TeamsExtensionUser != nil,
	} {
		if is {
			objects++
		}
	}
	switch {
	case objects > 1:
		return "must not be of more than one kind"
	case objects == 0 && id.RawID == "":
		return "is required: an identifier object or a raw id string"
	}
	return ""
}

// setText reads a raw id in place of an identifier object.
func (id *CommunicationIdentifierModel) setText(rawID string) (problem string) {
	*id = RawIdentifier(rawID)
	return ""
}

// RawIdentifier returns the identifier of a raw id. If this package does not know its kind, only RawID is set.
func RawIdentifier(rawID string) CommunicationIdentifierModel {
	id := CommunicationIdentifierModel{RawID: rawID}
	if value, ok := ascii.CutPrefix(rawID, "4:"); ok {
		id.PhoneNumber = &PhoneNumberIdentifierModel{Value: value}
		return id
	}
	for _, cloud := range []struct{ teams, acs, name string }{
		{"orgid:", "acs:", "public"}, {"dod:", "dod-acs:", "dod"}, {"gcch:", "gcch-acs:", "gcch"},
	} {
		if value, ok := ascii.CutPrefix(rawID, "8:"+cloud.teams); ok {
			id.MicrosoftTeamsUser = &MicrosoftTeamsUserIdentifierModel{UserID: value, Cloud: cloud.name}
		} else if value, ok := ascii.CutPrefix(rawID, "28:"+cloud.teams); ok {
			id.MicrosoftTeamsApp = &MicrosoftTeamsAppIdentifierModel{AppID: value, Cloud: cloud.name}
		} else if value, ok := ascii.CutPrefix(rawID, "8:"+cloud.acs); ok {
			id.setUser(value, cloud.name)
		}
	}
	if value, ok := ascii.CutPrefix(rawID, "8:teamsvisitor:"); ok {
		anonymous := true
		id.MicrosoftTeamsUser = &MicrosoftTeamsUserIdentifierModel{UserID: value, IsAnonymous: &anonymous}
	}
	if ascii.HasPrefix(rawID, "8:spool:") {
		id.CommunicationUser = &CommunicationUserIdentifierModel{ID: rawID}
	}
	return id
}

// setUser sets the object for a raw id whose prefix is that of Communication Services. If three parts follow, the user is a Teams user.
func (id *CommunicationIdentifierModel) setUser(parts, cloud string) {
	resource, rest, _ := ascii.Cut(parts, '_')
	tenant, user, _ := ascii.Cut(rest, '_')
	if _, _, four := ascii.Cut(user, '_'); resource != "" && tenant != "" && user != "" && !four {
		id.TeamsExtensionUser = &TeamsExtensionUserIdentifierModel{UserID: user, TenantID: tenant, ResourceID: resource, Cloud: cloud}
	} else {
		id.CommunicationUser = &CommunicationUserIdentifierModel{ID: id.RawID}
	}
}
