//go:build !js

package wasmfile

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMerge(t *testing.T) {
	zeros := func(n int) []byte { return make([]byte, n) }
	// Sections that must come through.
	custom := sectionOf(SectionCustom, 1, 'x', 7)
	padded := []byte{SectionCustom, 0x83, 0x80, 0x80, 0x80, 0, 1, 'x', 7} // Go pads some sizes
	imports := sectionOf(SectionImport, 1, 2, 'g', 'o', 1, 'f', 0, 5)
	producers := sectionOf(SectionCustom, 1, 'p')
	upper := sectionOf(SectionMemory, 1, 0, 0x80, 0x80, 0x04) // all 4 GiB

	tests := []struct {
		name     string
		in, want []byte
	}{
		{"no sections", hand(), hand()},
		{"no data", hand(custom, onePage), hand(custom, onePage)},
		{"one segment", hand(onePage, data(segment(8, 1))), hand(onePage, data(segment(8, 1)))},
		{"adjacent", hand(onePage, data(segment(8, 1, 2), segment(10, 3))), hand(onePage, data(segment(8, 1, 2, 3)))},
		{"gap of 16383", hand(onePage, data(segment(8, 1), segment(16392, 2))),
			hand(onePage, data(segment(8, concat([]byte{1}, zeros(16383), []byte{2})...)))},
		{"gap of 16384", hand(onePage, data(segment(8, 1), segment(16393, 2))), hand(onePage, data(segment(8, 1), segment(16393, 2)))},
		{"three, then apart", hand(onePage, data(segment(0, 1), segment(2, 2), segment(4, 3), segment(20000, 4))),
			hand(onePage, data(segment(0, 1, 0, 2, 0, 3), segment(20000, 4)))},
		{"not by address", hand(onePage, data(segment(20000, 1), segment(10, 2), segment(20003, 3), segment(8, 4))),
			hand(onePage, data(segment(8, 4, 0, 2), segment(20000, 1, 0, 0, 3)))},
		{"empty segment", hand(onePage, data(segment(9), segment(9, 2))), hand(onePage, data(segment(9, 2)))},
		{"to the end of the memory", hand(onePage, data(segment(65533, 1), segment(65535, 2))),
			hand(onePage, data(segment(65533, 1, 0, 2)))},
		{"negative address", hand(upper, data(segment(1<<31-2, 1), segment(1<<31, 2), segment(1<<32-1, 3))),
			hand(upper, data(segment(1<<31-2, 1, 0, 2), segment(1<<32-1, 3)))},
		{"other sections", hand(padded, imports, custom, onePage, data(segment(0, 1), segment(1, 2)), producers, custom),
			hand(custom, imports, custom, onePage, data(segment(0, 1, 2)), producers, custom)},
		{"memory with a maximum", hand(sectionOf(SectionMemory, 1, 1, 1, 2), data(segment(0, 1), segment(1, 2))),
			hand(sectionOf(SectionMemory, 1, 1, 1, 2), data(segment(0, 1, 2)))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := bytes.Clone(test.in)
			got, err := merge(in)
			require.NoError(t, err)
			assert.Equal(t, test.want, got.module)
			assert.Equal(t, test.in, in, "the input is only read")
		})
	}
}

func TestMergeRefuses(t *testing.T) {
	// with puts a data section's segment into an otherwise good module.
	with := func(segment ...byte) []byte { return hand(onePage, data(segment)) }
	tests := []struct {
		name    string
		in      []byte
		message string
	}{
		{"empty", nil, "not a WebAssembly module"},
		{"magic", []byte("\x00ASM\x01\x00\x00\x00"), "not a WebAssembly module"},
		{"version", []byte("\x00asm\x02\x00\x00\x00"), "not a WebAssembly module of version 1"},
		{"preamble cut", []byte("\x00asm\x01\x00"), "not a WebAssembly module"},

		{"section without size", hand([]byte{1}), "offset 0x9: truncated"},
		{"section size overlong", hand([]byte{1, 0x80, 0x80, 0x80, 0x80, 0x80, 0}), "more than 5 bytes"},
		{"section beyond the end", hand([]byte{1, 2, 0}), "truncated: needs 2 bytes, 1 left"},
		{"custom section beyond the end", hand([]byte{SectionCustom, 2, 0}), "truncated"},
		{"section twice", hand(onePage, onePage), "section 5 after section 5"},
		{"sections out of order", hand(data(), onePage), "section 5 after section 11"},
		{"unknown section", hand(sectionOf(13, 0)), "unknown section 13"},
		{"data count", hand(onePage, sectionOf(SectionDataCount, 1), data(segment(0, 1))), "data count section"},

		{"import of a memory", hand(sectionOf(SectionImport, 1, 0, 0, 2, 0, 1)), "import of kind 2"},
		{"import of a table", hand(sectionOf(SectionImport, 1, 0, 0, 1, 0x70, 0, 1)), "import of kind 1"},
		{"import's name truncated", hand(sectionOf(SectionImport, 1, 9, 'g')), "truncated"},
		{"import truncated", hand(sectionOf(SectionImport, 1, 0)), "truncated"},
		{"import without kind", hand(sectionOf(SectionImport, 1, 0, 0)), "truncated"},
		{"import without type", hand(sectionOf(SectionImport, 1, 0, 0, 0)), "truncated"},
		{"imports without count", hand(sectionOf(SectionImport)), "truncated"},
		{"imports and more", hand(sectionOf(SectionImport, 0, 9)), "1 trailing bytes"},

		{"memory section empty", hand(sectionOf(SectionMemory)), "truncated"},
		{"no memory in it", hand(sectionOf(SectionMemory, 0)), "0 memories"},
		{"two memories", hand(sectionOf(SectionMemory, 2, 0, 1, 0, 1)), "2 memories"},
		{"memory without limits", hand(sectionOf(SectionMemory, 1)), "truncated"},
		{"shared memory", hand(sectionOf(SectionMemory, 1, 3, 1, 1)), "memory with flags 0x3"},
		{"64-bit memory", hand(sectionOf(SectionMemory, 1, 4, 1)), "memory with flags 0x4"},
		{"memory without minimum", hand(sectionOf(SectionMemory, 1, 0)), "truncated"},
		{"memory without maximum", hand(sectionOf(SectionMemory, 1, 1, 1)), "truncated"},
		{"memory above its maximum", hand(sectionOf(SectionMemory, 1, 1, 2, 1)), "memory of 2 to 1 pages"},
		{"memory above 4 GiB", hand(sectionOf(SectionMemory, 1, 0, 0x81, 0x80, 0x04)), "memory of 65537 to 65536 pages"},
		{"maximum above 4 GiB", hand(sectionOf(SectionMemory, 1, 1, 1, 0x81, 0x80, 0x04)), "memory of 1 to 65537 pages"},
		{"memory and more", hand(sectionOf(SectionMemory, 1, 0, 1, 9)), "1 trailing bytes"},

		{"data section empty", hand(onePage, sectionOf(SectionData)), "truncated"},
		{"data without its segments", hand(onePage, sectionOf(SectionData, 0xff, 0xff, 0xff, 0xff, 0x0f)), "truncated"},
		{"data and more", hand(onePage, sectionOf(SectionData, 0, 9)), "1 trailing bytes"},
		{"passive segment", with(1, 1, 'x'), "data segment with flags 0x1"},
		{"segment of a numbered memory", with(2, 0, OpI32Const, 0, OpEnd, 1, 'x'), "data segment with flags 0x2"},
		{"address of a global", with(0, 0x23, 0, OpEnd, 1, 'x'), "computed by instruction 0x23"},
		{"address with more to it", with(0, OpI32Const, 1, OpI32Const, 1, 0x6a, OpEnd, 1, 'x'), "instruction 0x41 after the i32.const"},
		{"address missing", with(0), "truncated"},
		{"address truncated", with(0, OpI32Const, 0x80), "truncated"},
		{"address overlong", with(0, OpI32Const, 0x80, 0x80, 0x80, 0x80, 0x08, OpEnd, 0), "more than 32 bits"},
		{"address without end", with(0, OpI32Const, 0), "truncated"},
		{"segment without size", with(0, OpI32Const, 0, OpEnd), "truncated"},
		{"segment cut", with(0, OpI32Const, 0, OpEnd, 2, 'x'), "truncated"},

		{"no memory", hand(data(segment(0, 1))), "but the memory at 0x0"},
		{"segment beyond the memory", hand(onePage, data(segment(65535, 1, 2))), "ends at address 0x10001, but the memory at 0x10000"},
		{"segment beyond 4 GiB", hand(onePage, data(segment(1<<32-1, 1, 2))), "ends at address 0x100000001"},
		{"empty segment beyond the memory", hand(onePage, data(segment(65537))), "ends at address 0x10001"},
		{"overlap", hand(onePage, data(segment(8, 1, 2), segment(9, 3))), "0x8 to 0xa and 0x9 to 0xa overlap"},
		{"overlap of segments not by address", hand(onePage, data(segment(9, 3), segment(400, 1), segment(8, 1, 2))), "overlap"},
		{"same address", hand(onePage, data(segment(8, 1), segment(8, 1))), "overlap"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := merge(test.in)
			assert.ErrorContains(t, err, test.message)
		})
	}
}

// requireMerged merges a module and checks what must hold of any that merge
// accepts without knowing its tables: the memory stays as it was, and there is
// nothing left to merge.
func requireMerged(t *testing.T, in []byte) merged {
	t.Helper()
	got, err := merge(in)
	require.NoError(t, err)
	before, err := Parse(in)
	require.NoError(t, err)
	after, err := Parse(got.module)
	require.NoError(t, err)

	require.Len(t, before.Segments, got.segmentsBefore)
	require.Len(t, after.Segments, got.segmentsAfter)
	require.True(t, maps.Equal(imageOf(before.Segments), imageOf(after.Segments)), "the memory's image changed")
	for i := 1; i < len(after.Segments); i++ {
		require.GreaterOrEqual(t, uint64(after.Segments[i].Address), after.Segments[i-1].End()+maxGap)
	}
	again, err := merge(got.module)
	require.NoError(t, err)
	require.True(t, bytes.Equal(got.module, again.module), "merging again changed something")
	return got
}

// Segments of any length, with gaps around the one that decides, in any order.
func TestMergeKeepsTheMemory(t *testing.T) {
	for seed := range uint64(100) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			var segments [][]byte
			memory := make(map[uint32]byte)
			for address := random.Uint32N(100); len(segments) < 20; address += random.Uint32N(2 * maxGap) {
				content := make([]byte, random.IntN(20))
				first := address
				for i := range content {
					if content[i] = byte(random.IntN(3)); content[i] != 0 { // many are
						memory[address] = content[i]
					}
					address++
				}
				segments = append(segments, segment(first, content...))
			}
			random.Shuffle(len(segments), func(i, j int) { segments[i], segments[j] = segments[j], segments[i] })

			got := requireMerged(t, hand(sectionOf(SectionMemory, 1, 0, 11), data(segments...)))
			assert.Less(t, got.segmentsAfter, got.segmentsBefore)
			after, err := Parse(got.module)
			require.NoError(t, err)
			assert.Equal(t, memory, imageOf(after.Segments))
		})
	}
}

func FuzzMerge(f *testing.F) {
	f.Add(hand())
	f.Add(hand(onePage, data(segment(8, 1), segment(72, 2), segment(17000, 3))))
	f.Add(hand(sectionOf(SectionImport, 1, 2, 'g', 'o', 1, 'f', 0, 5), sectionOf(SectionMemory, 1, 1, 1, 2),
		data(segment(300, 1), segment(10, 2)), sectionOf(SectionCustom, 1, 'p')))
	f.Add(hand(sectionOf(SectionMemory, 1, 0, 0x80, 0x80, 0x04), data(segment(1<<31-2, 1), segment(1<<31, 2))))
	f.Fuzz(func(t *testing.T, in []byte) {
		if _, err := merge(in); err != nil {
			t.Skip(err)
		}
		requireMerged(t, in)
	})
}
