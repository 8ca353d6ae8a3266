package emulator

import "strings"

// apiVersion is an api-version. Its fields say which parts of requests and responses it has that not every version has.
type apiVersion struct {
	name              string
	metadata          bool     // of threads and participants; messages have it in every version
	attachments       bool     // in sendMessage and updateMessage
	retentionPolicies []string // kinds of retentionPolicy; nil: the field does not exist
	extensionUsers    bool     // teamsExtensionUser, and isAnonymous and assertedId of phoneNumber
}

var chatVersions = []apiVersion{
	{name: "2024-03-07"},
	{name: "2024-03-15-preview", metadata: true, attachments: true, retentionPolicies: []string{"threadCreationDate"}},
	{name: "2025-03-15", metadata: true, retentionPolicies: []string{"threadCreationDate", "none"}, extensionUsers: true},
}

var identityVersions = []apiVersion{{name: "2021-03-07"}, {name: "2022-06-01"}, {name: "2022-10-01"}, {name: "2023-10-01"}}

func supportedVersions(versions []apiVersion) string {
	names := make([]string, len(versions))
	for i, version := range versions {
		names[i] = version.name
	}
	return strings.Join(names, ", ")
}

// chooseVersion returns the version that the query parameter api-version names. values are all its values in the query.
func chooseVersion(versions []apiVersion, values []string) (apiVersion, *communicationError) {
	const target = "api-version"
	if len(values) != 1 || values[0] == "" {
		return apiVersion{}, badRequest(target, "The query must have api-version exactly once. Use one of %s.", supportedVersions(versions))
	}
	for _, version := range versions {
		if version.name == values[0] {
			return version, nil
		}
	}
	return apiVersion{}, badRequest(target, "api-version %q is not supported by the emulator: use one of %s.", values[0], supportedVersions(versions))
}
