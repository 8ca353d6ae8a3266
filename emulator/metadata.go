package emulator

import "maps"

const maxMetadataBytes = 1024

// readSmallMetadata reads the metadata of a thread or a participant, whose names and values together are limited. That
// of a message has no documented limit.
func readSmallMetadata(o object) map[string]string {
	o.onlyIf(o.version().metadata, "metadata")
	metadata := o.stringMap("metadata")
	if size := metadataBytes(metadata); size > maxMetadataBytes {
		o.refuse("metadata", metadataTooLarge, maxMetadataBytes, size)
	}
	return metadata
}

const metadataTooLarge = "must be %d bytes of UTF-8 at most, names and values together, not %d"

func metadataBytes(metadata map[string]string) int {
	size := 0
	for name, value := range metadata {
		size += len(name) + len(value)
	}
	return size
}

// metadataPatch is the metadata of a merge patch: what it names is set, or removed with null or ""; the rest stays.
type metadataPatch struct {
	given  bool              // metadata is mentioned
	clear  bool              // metadata itself is null: nothing stays
	values map[string]string // "": removed
}

func readMetadataPatch(body object) metadataPatch {
	null := body.isNull("metadata")
	patch := metadataPatch{given: null || body.has("metadata"), clear: null, values: map[string]string{}}
	nested, _ := body.object("metadata")
	for _, name := range nested.names() {
		patch.values[name] = nested.string(name)
	}
	return patch
}

func (p metadataPatch) isEmpty() bool { return !p.clear && len(p.values) == 0 }

// apply gives the patched metadata and leaves the old as it was.
func (p metadataPatch) apply(old map[string]string) map[string]string {
	patched := map[string]string{}
	if !p.clear {
		maps.Copy(patched, old)
	}
	maps.Copy(patched, p.values)
	maps.DeleteFunc(patched, func(name, value string) bool {
		_, named := p.values[name]
		return named && value == ""
	})
	if len(patched) == 0 {
		return nil
	}
	return patched
}
