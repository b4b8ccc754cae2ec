// Judges a log and its tampered variants with the note and tlog packages of golang.org/x/mod: an implementation of
// C2SP notes and RFC 6962 trees that shares nothing with ours.
//
// Usage: verify FOLDER VECTORS. FOLDER holds log/ (checkpoint, tile/...), cases.json and signatures.json as written by
// tests/interop.rs; VECTORS is spec/vectors/log. Ends with 0 when every verdict is the expected one.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type claims struct {
	Origin      string
	Key         string
	Witness     string
	Old         string
	Consistency [][]byte
	Records     []struct {
		Index int64
		Proof [][]byte
	}
}

type testCase struct {
	Name   string
	Fails  string
	Claims claims
	// Files that differ from the honest log; null is a file that is gone.
	Files map[string]*string
}

// failure is a verdict: the part that does not hold.
type failure struct {
	part string
	err  error
}

func (f *failure) Error() string { return f.part + ": " + f.err.Error() }

func in(part string, err error) error {
	if err == nil {
		return nil
	}
	return &failure{part, err}
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: verify FOLDER VECTORS")
		os.Exit(2)
	}
	wrong := 0
	accepted, refused := runCases(os.Args[1], &wrong)
	signatures := runSignatures(os.Args[1], &wrong)
	vectors := runVectors(os.Args[2], &wrong)
	fmt.Printf("%d accepted, %d tampered refused, %d signatures, %d vectors, %d wrong\n",
		accepted, refused, signatures, vectors, wrong)
	if wrong > 0 || accepted == 0 || refused < 10 || signatures == 0 || vectors == 0 {
		os.Exit(1)
	}
}

func runCases(folder string, wrong *int) (accepted, refused int) {
	var cases []testCase
	read(filepath.Join(folder, "cases.json"), &cases)
	for _, c := range cases {
		l := &files{root: filepath.Join(folder, "log"), changed: c.Files}
		err := verify(l, &c.Claims)
		part := ""
		var f *failure
		if errors.As(err, &f) {
			part = f.part
		}
		switch {
		case part != c.Fails:
			*wrong++
			fmt.Printf("WRONG  %s: expected %q, got: %v\n", c.Name, c.Fails, err)
		case part == "":
			accepted++
		default:
			refused++
		}
	}
	return accepted, refused
}

// files is the log as presented in one case.
type files struct {
	root    string
	changed map[string]*string
}

func (f *files) read(path string) ([]byte, error) {
	if data, ok := f.changed[path]; ok {
		if data == nil {
			return nil, fmt.Errorf("no file %s", path)
		}
		return base64.StdEncoding.DecodeString(*data)
	}
	return os.ReadFile(filepath.Join(f.root, path))
}

// Height, ReadTiles and SaveTiles make it a tlog.TileReader. The paths of C2SP have no height in them.
func (f *files) Height() int { return 8 }

func (f *files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		data, err := f.read(strings.Replace(t.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f *files) SaveTiles([]tlog.Tile, [][]byte) {}

func (f *files) entries(bundle, size int64) ([][]byte, error) {
	t := tlog.Tile{H: 8, L: -1, N: bundle, W: 256}
	if rest := size - bundle*256; rest < 256 {
		t.W = int(rest)
	}
	data, err := f.read(strings.Replace(t.Path(), "tile/8/data/", "tile/entries/", 1))
	if err != nil {
		return nil, err
	}
	var all [][]byte
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, errors.New("half a length")
		}
		n := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+n {
			return nil, errors.New("half an entry")
		}
		all = append(all, data[2:2+n])
		data = data[2+n:]
	}
	if len(all) != t.W {
		return nil, fmt.Errorf("%d entries in a bundle of %d", len(all), t.W)
	}
	return all, nil
}

func verify(l *files, c *claims) error {
	key, err := note.NewVerifier(c.Key)
	if err != nil {
		return in("key", err)
	}
	witness, err := newCosigner(c.Witness)
	if err != nil {
		return in("key", err)
	}
	data, err := l.read("checkpoint")
	if err != nil {
		return in("checkpoint", err)
	}
	tree, err := open(data, c.Origin, key)
	if err != nil {
		return in("checkpoint", err)
	}
	old, err := open([]byte(c.Old), c.Origin, key)
	if err != nil {
		return in("checkpoint", err)
	}
	if _, err := note.Open(data, note.VerifierList(key, witness)); err != nil {
		return in("cosignature", err)
	}
	if n, err := note.Open(data, note.VerifierList(witness)); err != nil || len(n.Sigs) != 1 {
		return in("cosignature", fmt.Errorf("%v", err))
	}
	reader := tlog.TileHashReader(tree, l)
	leaves, err := allLeaves(tree, reader)
	if err != nil {
		return in("tree", err)
	}
	if err := in("consistency", checkConsistency(tree, old, c.Consistency, reader)); err != nil {
		return err
	}
	var entries [][]byte
	for n := int64(0); n*256 < tree.N; n++ {
		bundle, err := l.entries(n, tree.N)
		if err != nil {
			return in("entries", err)
		}
		entries = append(entries, bundle...)
	}
	for n, entry := range entries {
		if tlog.RecordHash(entry) != leaves[n] {
			return in("entries", fmt.Errorf("entry %d has another hash", n))
		}
	}
	for _, r := range c.Records {
		if err := in("record", checkRecord(tree, r.Index, r.Proof, entries, reader)); err != nil {
			return err
		}
	}
	return nil
}

// open checks the log's signature and reads the three lines.
func open(data []byte, origin string, key note.Verifier) (tlog.Tree, error) {
	n, err := note.Open(data, note.VerifierList(key))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != origin {
		return tlog.Tree{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, errors.New("not a size")
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func allLeaves(tree tlog.Tree, reader tlog.HashReader) ([]tlog.Hash, error) {
	var indexes []int64
	for n := int64(0); n < tree.N; n++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, n))
	}
	return reader.ReadHashes(indexes)
}

func checkConsistency(tree, old tlog.Tree, claimed [][]byte, reader tlog.HashReader) error {
	proof := tlog.TreeProof(hashes(claimed))
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return err
	}
	own, err := tlog.ProveTree(tree.N, old.N, reader)
	if err == nil && !same(own, proof) {
		err = errors.New("another proof than Go's")
	}
	return err
}

func checkRecord(tree tlog.Tree, index int64, claimed [][]byte, entries [][]byte, reader tlog.HashReader) error {
	if index >= tree.N {
		return errors.New("beyond the log")
	}
	proof := tlog.RecordProof(hashes(claimed))
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entries[index])); err != nil {
		return err
	}
	own, err := tlog.ProveRecord(tree.N, index, reader)
	if err == nil && !same(own, proof) {
		err = errors.New("another proof than Go's")
	}
	return err
}

func same(a, b []tlog.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func hashes(claimed [][]byte) []tlog.Hash {
	var all []tlog.Hash
	for _, bytes := range claimed {
		var h tlog.Hash
		copy(h[:], bytes)
		all = append(all, h)
	}
	return all
}

// cosigner verifies tlog-cosignature v1, which package note does not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newCosigner(vkey string) (*cosigner, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not a key")
	}
	data, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(data) != 33 || data[0] != 4 {
		return nil, errors.New("not a cosigner's key")
	}
	sum := sha256.Sum256([]byte(parts[0] + "\n" + string(data)))
	if hex.EncodeToString(sum[:4]) != parts[1] {
		return nil, errors.New("another key id")
	}
	return &cosigner{parts[0], binary.BigEndian.Uint32(sum[:4]), data[1:]}, nil
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(signed), sig[8:])
}

func runSignatures(folder string, wrong *int) int {
	var all []struct {
		Key       []byte
		Text      string
		Signature []byte
		Good      bool
	}
	read(filepath.Join(folder, "signatures.json"), &all)
	for n, s := range all {
		if ed25519.Verify(s.Key, []byte(s.Text), s.Signature) != s.Good {
			*wrong++
			fmt.Printf("WRONG  signature %d should be good: %v\n", n, s.Good)
		}
	}
	return len(all)
}

// runVectors checks the trees of ed25519-sha256 in tree.json.
func runVectors(folder string, wrong *int) int {
	var all map[string]struct {
		Roots      []string
		Inclusions []struct {
			Index, Size int64
			Proof       []string
		}
		Consistencies []struct {
			Old, New int64
			Proof    []string
		}
	}
	read(filepath.Join(folder, "tree.json"), &all)
	v := all["ed25519-sha256"]
	check := func(err error) {
		if err != nil {
			*wrong++
			fmt.Printf("WRONG  vector: %v\n", err)
		}
	}
	var leaves []tlog.Hash
	stored := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, leaves[i])
		}
		return out, nil
	})
	for size, root := range v.Roots {
		own, err := tlog.TreeHash(int64(size), stored)
		// Package tlog has no root for the empty tree.
		if size == 0 {
			own = sha256.Sum256(nil)
		}
		if err == nil && !bytes.Equal(own[:], unhex([]string{root})[0][:]) {
			err = fmt.Errorf("another root at size %d", size)
		}
		check(err)
		added, err := tlog.StoredHashes(int64(size), []byte(strconv.Itoa(size)), stored)
		check(err)
		leaves = append(leaves, added...)
	}
	for _, i := range v.Inclusions {
		leaf := tlog.RecordHash([]byte(strconv.FormatInt(i.Index, 10)))
		check(tlog.CheckRecord(unhex(i.Proof), i.Size, unhex(v.Roots[i.Size : i.Size+1])[0], i.Index, leaf))
	}
	for _, c := range v.Consistencies {
		if c.Old == 0 {
			continue
		}
		roots := unhex(v.Roots)
		check(tlog.CheckTree(unhex(c.Proof), c.New, roots[c.New], c.Old, roots[c.Old]))
	}
	return len(v.Roots) + len(v.Inclusions) + len(v.Consistencies)
}

func unhex(all []string) []tlog.Hash {
	var out []tlog.Hash
	for _, text := range all {
		var h tlog.Hash
		if n, err := hex.Decode(h[:], []byte(text)); err != nil || n != len(h) {
			fmt.Fprintln(os.Stderr, "not a hash:", text)
			os.Exit(2)
		}
		out = append(out, h)
	}
	return out
}

func read(path string, into interface{}) {
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
