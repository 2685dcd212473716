// What the worker says: its hello, judgements, refusals. Implements spec/backend.md 3.2, 3.4 and 3.5.

package worker

import "cavra.dev/runtime/base"

// About is what a worker says of itself.
type About struct {
	Version         string
	Build           string
	Engine          string
	CatalogueDigest string
	PolicyID        string
	PolicyVersion   string
	PolicyDigest    string
	// RegistryDigest is "" without a registry.
	RegistryDigest string
	Pid            int
}

func helloLine(about About) []byte {
	w := base.JSONWriter{}
	w.Open('{')
	w.Member("build", about.Build)
	w.Member("catalogue_digest", about.CatalogueDigest)
	w.Member("engine", about.Engine)
	w.Member("kind", "hello")
	w.Key("pid")
	w.Integer(int64(about.Pid))
	w.Key("policy")
	w.Open('{')
	w.Member("digest", about.PolicyDigest)
	w.Member("id", about.PolicyID)
	w.Member("version", about.PolicyVersion)
	w.Close('}')
	w.Member("protocol", Protocol)
	w.Member("registry_digest", about.RegistryDigest)
	w.Member("version", about.Version)
	w.Close('}')
	return w.Bytes
}

func judgementLine(id, requestDigest, policyDigest string, judgement []byte) []byte {
	w := base.JSONWriter{Bytes: make([]byte, 0, len(judgement)+len(judgement)/8+256)}
	w.Open('{')
	w.Member("id", id)
	w.Member("judgement", string(judgement))
	w.Member("kind", "judgement")
	w.Member("policy_digest", policyDigest)
	w.Member("request_digest", requestDigest)
	w.Close('}')
	return w.Bytes
}

func refusedLine(id string, problem *base.Problem) []byte {
	w := base.JSONWriter{}
	w.Open('{')
	w.Member("code", problem.Code)
	w.Member("id", id)
	w.Member("kind", "refused")
	w.Member("message", problem.Message)
	w.Close('}')
	return w.Bytes
}

func pongLine(id string) []byte {
	w := base.JSONWriter{}
	w.Open('{')
	w.Member("id", id)
	w.Member("kind", "pong")
	w.Close('}')
	return w.Bytes
}
