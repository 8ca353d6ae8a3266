package chatcore

// versionSet is a set of api-versions.
type versionSet uint8

const (
	v20240307 versionSet = 1 << iota
	v20240315preview
	v20250315
)

// knownVersions are the api-versions that this package knows, oldest first. Any other one is sent unchanged and treated like the newest.
var knownVersions = []string{"2024-03-07", "2024-03-15-preview", "2025-03-15"}

func versionOf(apiVersion string) versionSet {
	for i, known := range knownVersions {
		if apiVersion == known {
			return 1 << i
		}
	}
	return v20250315
}

// missingIn returns the fault of a field that apiVersion lacks.
func (has versionSet) missingIn(apiVersion string) *fault {
	newest := ""
	for i, known := range knownVersions {
		if has&(1<<i) != 0 {
			newest = known
		}
	}
	return &fault{
		problem: "does not exist in api-version " + apiVersion,
		hint:    `Use api-version "` + newest + `", or leave the field out.`,
	}
}
