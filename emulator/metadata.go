package emulator

const maxMetadataBytes = 1024

// readSmallMetadata reads the metadata of a thread or a participant, whose names and values together are limited. That
// of a message has no documented limit.
func readSmallMetadata(o object) map[string]string {
	o.onlyIf(o.version().metadata, "metadata")
	metadata := o.stringMap("metadata")
	size := 0
	for name, value := range metadata {
		size += len(name) + len(value)
	}
	if size > maxMetadataBytes {
		o.refuse("metadata", "must be %d bytes of UTF-8 at most, names and values together, not %d", maxMetadataBytes, size)
	}
	return metadata
}
