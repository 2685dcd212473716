// Checks with software that nobody here wrote what CAVRA made: golang.org/x/mod/sumdb/note and tlog open the checkpoint and check proofs and
// tiles, filippo.io/torchwood the cosignature and the proof file. Implements nothing of the specification. Run by interop.test.ts:
//
//	interop FOLDER
//
// What it makes itself (a signed checkpoint, a cosignature, a proof file, proofs) it prints as JSON, for CAVRA to check.
package main

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// What the test asks: which records and which older tree.
type request struct {
	LedgerKey   string     `json:"ledger_key"`
	WitnessKey  string     `json:"witness_key"`
	LedgerSeed  []byte     `json:"ledger_seed"`
	WitnessSeed []byte     `json:"witness_seed"`
	Checkpoint  string     `json:"checkpoint"`
	Indices     []int64    `json:"indices"`
	Records     []string   `json:"records"`
	ProofFiles  []string   `json:"proof_files"`
	OldSizes    []int64    `json:"old_sizes"`
	OldRoots    [][]byte   `json:"old_roots"`
	Consistency [][][]byte `json:"consistency"`
}

type answer struct {
	Size        int64      `json:"size"`
	Signers     []string   `json:"signers"`
	Signed      string     `json:"signed"`
	Cosigned    string     `json:"cosigned"`
	ProofFiles  []string   `json:"proof_files"`
	Consistency [][][]byte `json:"consistency"`
	// Where a changed byte of the checkpoint was not noticed.
	Unnoticed []int `json:"unnoticed"`
}

func main() {
	folder := os.Args[1]
	var ask request
	text, err := os.ReadFile(filepath.Join(folder, "request.json"))
	check(err)
	check(json.Unmarshal(text, &ask))
	out := answer{}
	policy := policyOf(ask)
	tree := openCheckpoint(ask, policy, &out)
	hashes := tileReader(folder, tree)
	root, err := tlog.TreeHash(tree.N, hashes)
	check(err)
	must(root == tree.Hash, "the tiles have another root than the checkpoint")
	for i := range ask.Indices {
		checkRecord(ask, i, tree, hashes, policy, &out)
	}
	for i := range ask.OldSizes {
		checkGrowth(ask, i, tree, hashes, &out)
	}
	sign(ask, &out)
	check(json.NewEncoder(os.Stdout).Encode(out))
}

func policyOf(ask request) torchwood.Policy {
	policy, err := torchwood.ParsePolicy([]byte("log " + ask.LedgerKey + "\nwitness w " + ask.WitnessKey + "\nquorum w\n"))
	check(err)
	return policy
}

// Opened twice: by note alone, and by torchwood with log and witness required.
func openCheckpoint(ask request, policy torchwood.Policy, out *answer) tlog.Tree {
	ledger, err := note.NewVerifier(ask.LedgerKey)
	check(err)
	opened, err := note.Open([]byte(ask.Checkpoint), note.VerifierList(ledger))
	check(err)
	must(len(opened.Sigs) == 1 && len(opened.UnverifiedSigs) == 1, "one signature is the ledger's, one the witness's")
	checkpoint, signed, err := torchwood.VerifyCheckpoint([]byte(ask.Checkpoint), policy)
	check(err)
	for _, signature := range signed.Sigs {
		out.Signers = append(out.Signers, signature.Name)
	}
	must(checkpoint.Origin == ledger.Name(), "the origin is the name of the key")
	out.Size = checkpoint.N
	for i := range len(ask.Checkpoint) {
		changed := []byte(ask.Checkpoint)
		changed[i] ^= 1
		if _, _, err := torchwood.VerifyCheckpoint(changed, policy); err == nil {
			out.Unnoticed = append(out.Unnoticed, i)
		}
	}
	return checkpoint.Tree
}

func tileReader(folder string, tree tlog.Tree) tlog.HashReader {
	tiles, err := torchwood.NewTileFS(os.DirFS(folder))
	check(err)
	return torchwood.TileHashReaderWithContext(context.Background(), tree, tiles)
}

func checkRecord(ask request, i int, tree tlog.Tree, hashes tlog.HashReader, policy torchwood.Policy, out *answer) {
	leaf := tlog.RecordHash([]byte(ask.Records[i]))
	check(torchwood.VerifyProof(policy, leaf, []byte(ask.ProofFiles[i])))
	extra, err := torchwood.ProofExtraData([]byte(ask.ProofFiles[i]))
	check(err)
	must(string(extra) == ask.Records[i], "the extra data is the record")
	must(torchwood.VerifyProof(policy, tlog.RecordHash([]byte(ask.Records[i]+" ")), []byte(ask.ProofFiles[i])) != nil, "another record is refused")
	proof, err := tlog.ProveRecord(tree.N, ask.Indices[i], hashes)
	check(err)
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, ask.Indices[i], leaf))
	made := torchwood.FormatProofWithExtraData(ask.Indices[i], []byte(ask.Records[i]), proof, []byte(ask.Checkpoint))
	out.ProofFiles = append(out.ProofFiles, string(made))
}

func checkGrowth(ask request, i int, tree tlog.Tree, hashes tlog.HashReader, out *answer) {
	given := tlog.TreeProof{}
	for _, hash := range ask.Consistency[i] {
		given = append(given, tlog.Hash(hash))
	}
	check(tlog.CheckTree(given, tree.N, tree.Hash, ask.OldSizes[i], tlog.Hash(ask.OldRoots[i])))
	proof, err := tlog.ProveTree(tree.N, ask.OldSizes[i], hashes)
	check(err)
	made := [][]byte{}
	for _, hash := range proof {
		made = append(made, hash[:])
	}
	out.Consistency = append(out.Consistency, made)
}

// The same text signed with the same seeds, by note and by torchwood.
func sign(ask request, out *answer) {
	text, _, _ := cut(ask.Checkpoint)
	verifier, err := note.NewVerifier(ask.LedgerKey)
	check(err)
	key := append([]byte{1}, ask.LedgerSeed...)
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", verifier.Name(), verifier.KeyHash(), base64.StdEncoding.EncodeToString(key)))
	check(err)
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	check(err)
	out.Signed = string(signed)
	witness, err := torchwood.NewCosignatureVerifier(ask.WitnessKey)
	check(err)
	cosigner, err := torchwood.NewCosignatureSigner(witness.Name(), ed25519.NewKeyFromSeed(ask.WitnessSeed))
	check(err)
	cosigned, err := note.Sign(&note.Note{Text: text}, signer, cosigner)
	check(err)
	out.Cosigned = string(cosigned)
}

func cut(signed string) (text, signatures string, found bool) {
	for i := len(signed) - 2; i > 0; i-- {
		if signed[i] == '\n' && signed[i-1] == '\n' {
			return signed[:i], signed[i+1:], true
		}
	}
	return "", "", false
}

func must(holds bool, message string) {
	if !holds {
		fmt.Fprintln(os.Stderr, message)
		os.Exit(1)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
