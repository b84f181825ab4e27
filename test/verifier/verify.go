// verify reads a log in the layout of C2SP tlog-tiles, over HTTP or from a folder, and checks all
// of it with golang.org/x/mod/sumdb: code that shares nothing with Cầu.
//
//	verify -vkey KEY [-old SIZE,SIZE...] [-note FILE] [-samples N] BASE
//
// BASE is an address such as http://127.0.0.1:8080/log/public, or a folder; in it are checkpoint,
// tile/<L>/<N> and tile/entries/<N>. -old proves the tree consistent with its own earlier sizes,
// -note with an earlier signed checkpoint in a file. Exit 1 and one line when anything is wrong.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// source fetches the files of one log.
type source struct {
	base   string
	client *http.Client
	reads  int
}

func (s *source) get(path string) ([]byte, error) {
	s.reads++
	if !strings.HasPrefix(s.base, "http://") && !strings.HasPrefix(s.base, "https://") {
		return os.ReadFile(filepath.Join(s.base, filepath.FromSlash(path)))
	}
	answer, err := s.client.Get(strings.TrimSuffix(s.base, "/") + "/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, answer.Status)
	}
	return io.ReadAll(io.LimitReader(answer.Body, 32<<20))
}

// tlog.TileReader; x/mod writes the height into the path, C2SP does not.
func (s *source) Height() int { return height }

func (s *source) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		data, err := s.get(c2spPath(t))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (s *source) SaveTiles([]tlog.Tile, [][]byte) {}

func c2spPath(t tlog.Tile) string {
	path := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

// open verifies a signed checkpoint and gives its tree.
func open(text []byte, v note.Verifier) (tlog.Tree, error) {
	var tree tlog.Tree
	n, err := note.Open(text, note.VerifierList(v))
	if err != nil {
		return tree, err
	}
	line := strings.Split(n.Text, "\n")
	if len(line) != 4 || line[3] != "" || line[0] != v.Name() {
		return tree, fmt.Errorf("checkpoint is not origin, size and root of %s", v.Name())
	}
	tree.N, err = strconv.ParseInt(line[1], 10, 64)
	if err != nil || strconv.FormatInt(tree.N, 10) != line[1] || tree.N < 0 {
		return tree, fmt.Errorf("checkpoint size %q", line[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(line[2])
	if err != nil || len(root) != len(tree.Hash) {
		return tree, fmt.Errorf("checkpoint root %q", line[2])
	}
	copy(tree.Hash[:], root)
	return tree, nil
}

// memory holds the hashes of the tree that the entries alone make.
type memory []tlog.Hash

func (m memory) ReadHashes(index []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range index {
		out = append(out, m[i])
	}
	return out, nil
}

// bundle gives the entries of one tile/entries file.
func bundle(s *source, n int64, width int) ([][]byte, error) {
	data, err := s.get(c2spPath(tlog.Tile{H: height, L: -1, N: n, W: width}))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("bundle %d is cut", n)
		}
		size := int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:2+size])
		data = data[2+size:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("bundle %d has %d entries, not %d", n, len(entries), width)
	}
	return entries, nil
}

// leaves checks every entry against the tiles and returns the tree that the entries make.
func leaves(s *source, tree tlog.Tree, tiles tlog.HashReader) (memory, error) {
	var made memory
	for first := int64(0); first < tree.N; first += 1 << height {
		width := tree.N - first
		if width > 1<<height {
			width = 1 << height
		}
		entries, err := bundle(s, first>>height, int(width))
		if err != nil {
			return nil, err
		}
		var index []int64
		for i := range entries {
			index = append(index, tlog.StoredHashIndex(0, first+int64(i)))
		}
		want, err := tiles.ReadHashes(index)
		if err != nil {
			return nil, err
		}
		for i, entry := range entries {
			hash := tlog.RecordHash(entry)
			if hash != want[i] {
				return nil, fmt.Errorf("entry %d is not what the tile says", first+int64(i))
			}
			more, err := tlog.StoredHashesForRecordHash(first+int64(i), hash, made)
			if err != nil {
				return nil, err
			}
			made = append(made, more...)
		}
	}
	return made, nil
}

func inclusion(tree tlog.Tree, tiles tlog.HashReader, made memory, samples int64) (int, error) {
	step, count := tree.N/samples+1, 0
	for n := int64(0); n < tree.N; n += step {
		proof, err := tlog.ProveRecord(tree.N, n, tiles)
		if err != nil {
			return count, err
		}
		hash := made[tlog.StoredHashIndex(0, n)]
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, n, hash); err != nil {
			return count, fmt.Errorf("inclusion of %d: %v", n, err)
		}
		count++
	}
	return count, nil
}

func consistent(tree tlog.Tree, old tlog.Tree, tiles tlog.HashReader) error {
	if old.N == 0 {
		return nil // every tree continues the empty one
	}
	if old.N > tree.N {
		return fmt.Errorf("size %d is over the checkpoint's %d", old.N, tree.N)
	}
	proof, err := tlog.ProveTree(tree.N, old.N, tiles)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return fmt.Errorf("consistency with %d: %v", old.N, err)
	}
	return nil
}

func run(base, vkey, sizes, earlier string, samples int64) error {
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	s := &source{base: base, client: &http.Client{Timeout: 30 * time.Second}}
	text, err := s.get("checkpoint")
	if err != nil {
		return err
	}
	tree, err := open(text, v)
	if err != nil {
		return err
	}
	tiles := tlog.TileHashReader(tree, s)
	made, err := leaves(s, tree, tiles)
	if err != nil {
		return err
	}
	if root, err := tlog.TreeHash(tree.N, made); err != nil || root != tree.Hash && tree.N > 0 {
		return fmt.Errorf("the entries do not make the root: %v", err)
	}
	proven, err := inclusion(tree, tiles, made, samples)
	if err != nil {
		return err
	}
	olds := 0
	for _, word := range strings.FieldsFunc(sizes, func(c rune) bool { return c == ',' }) {
		size, err := strconv.ParseInt(word, 10, 64)
		if err != nil || size < 0 || size > tree.N {
			return fmt.Errorf("-old %q", word)
		}
		root, err := tlog.TreeHash(size, made)
		if err != nil {
			return err
		}
		if err := consistent(tree, tlog.Tree{N: size, Hash: root}, tiles); err != nil {
			return err
		}
		olds++
	}
	if earlier != "" {
		text, err := os.ReadFile(earlier)
		if err != nil {
			return err
		}
		old, err := open(text, v)
		if err != nil {
			return err
		}
		if err := consistent(tree, old, tiles); err != nil {
			return err
		}
		olds++
	}
	fmt.Printf("%s: %d entries, root %s, %d inclusion and %d consistency proofs, %d files\n",
		v.Name(), tree.N, tree.Hash, proven, olds, s.reads)
	return nil
}

func main() {
	vkey := flag.String("vkey", "", "verifier key of the log")
	old := flag.String("old", "", "earlier sizes, with commas")
	earlier := flag.String("note", "", "file with an earlier checkpoint")
	samples := flag.Int64("samples", 64, "inclusion proofs to check")
	flag.Parse()
	if flag.NArg() != 1 || *vkey == "" || *samples < 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *vkey, *old, *earlier, *samples); err != nil {
		fmt.Println("REFUSED:", err)
		os.Exit(1)
	}
}
