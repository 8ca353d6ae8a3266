package chatcore

// ChatRetentionPolicy says when the service deletes a thread.
//
// REST: ChatRetentionPolicy.
type ChatRetentionPolicy struct {
	Kind                  ChatRetentionPolicyKind // required; responses may contain a kind that this package does not know
	DeleteThreadAfterDays int                     // 30 to 90, with ThreadCreationDate only
}

// ChatRetentionPolicyKind is the kind of a retention policy.
type ChatRetentionPolicyKind string

const (
	ChatRetentionPolicyKindThreadCreationDate ChatRetentionPolicyKind = "threadCreationDate" // DeleteThreadAfterDays after the thread was created
	ChatRetentionPolicyKindNone               ChatRetentionPolicyKind = "none"               // never; api-version 2025-03-15
)

func (policy *ChatRetentionPolicy) fields(to []field) []field {
	kind := field{name: "kind", value: (*string)(&policy.Kind), rule: required}
	if policy.Kind == ChatRetentionPolicyKindNone {
		kind.versions = v20250315
	}
	days := field{name: "deleteThreadAfterDays", value: &policy.DeleteThreadAfterDays}
	if policy.Kind == ChatRetentionPolicyKindThreadCreationDate {
		days.rule, days.limit = retentionDays, 90
	}
	return appendFields(to, kind, days)
}

func (policy *ChatRetentionPolicy) check() string {
	switch policy.Kind {
	case ChatRetentionPolicyKindThreadCreationDate:
	case ChatRetentionPolicyKindNone:
		if policy.DeleteThreadAfterDays != 0 {
			return `must not have deleteThreadAfterDays if its kind is "none"`
		}
	default:
		return `must have "threadCreationDate" or "none" for its kind`
	}
	return ""
}

type retentionPolicy = optionalOf[ChatRetentionPolicy, *ChatRetentionPolicy]
