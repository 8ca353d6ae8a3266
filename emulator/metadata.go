package emulator

import "maps"

const maxMetadataBytes = 1024

// readLimitedMetadata reads the metadata of a thread or a participant. Its names and values together may have up to
// maxMetadataBytes. For the metadata of messages no limit is documented.
func readLimitedMetadata(o object) map[string]string {
	o.requireVersion(o.version().metadata, "metadata")
	metadata := o.stringMap("metadata")
	if size := metadataBytes(metadata); size > maxMetadataBytes {
		o.refuse("metadata", metadataTooLarge, maxMetadataBytes, size)
	}
	return metadata
}

const metadataTooLarge = "must be at most %d bytes of UTF-8, names and values together, not %d"

func metadataBytes(metadata map[string]string) int {
	size := 0
	for name, value := range metadata {
		size += len(name) + len(value)
	}
	return size
}

// metadataPatch is the metadata of a merge patch. It sets the entries that it names, or removes them if their value is null
// or "". Other entries stay.
type metadataPatch struct {
	isPresent bool              // the patch has metadata, or null
	clear     bool              // metadata is null: remove all entries
	values    map[string]string // "": remove the entry
}

func readMetadataPatch(body object) metadataPatch {
	null := body.isNull("metadata")
	patch := metadataPatch{isPresent: null || body.has("metadata"), clear: null, values: map[string]string{}}
	nested, _ := body.object("metadata")
	for _, name := range nested.fieldNames() {
		patch.values[name] = nested.string(name)
	}
	return patch
}

func (p metadataPatch) isEmpty() bool { return !p.clear && len(p.values) == 0 }

// apply returns the patched metadata and does not change old.
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
