package emulator

import (
	"slices"
	"strings"
)

// RetentionPolicy is the REST ChatRetentionPolicy.
type RetentionPolicy struct {
	Kind                  string `json:"kind"`                            // "threadCreationDate" or "none"
	DeleteThreadAfterDays int    `json:"deleteThreadAfterDays,omitempty"` // 30 to 90; only with threadCreationDate
}

func readRetentionPolicy(body object) *RetentionPolicy {
	kinds := body.version().retentionPolicies
	body.requireVersion(kinds != nil, "retentionPolicy")
	o, ok := body.object("retentionPolicy")
	if !ok {
		return nil
	}
	policy := &RetentionPolicy{Kind: o.requiredString("kind")}
	if !slices.Contains(kinds, policy.Kind) {
		o.refuse("kind", "must be one of %s in api-version %s", strings.Join(kinds, ", "), body.version().name)
	}
	if policy.Kind == "threadCreationDate" {
		o.require("deleteThreadAfterDays")
		policy.DeleteThreadAfterDays = o.integer("deleteThreadAfterDays", 30, 90, 0)
	}
	return policy
}
