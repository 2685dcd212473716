// The judgement as canonical JSON, its keys in byte order. Implements spec/policy.md section 7 in the form of spec/record.md section 1.
// No twin: in TypeScript a judgement is its own JSON value.

package judgement

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// Append writes the whole judgement. The code is "", or that of spec/record.md section 1 that refuses a text.
func Append(dst []byte, judged *Judgement) ([]byte, string) {
	w := &base.JSONWriter{Bytes: dst}
	w.Open('{')
	w.Key("effects")
	w.Value(func(dst []byte) ([]byte, string) { return model.AppendEffects(dst, judged.Effects) })
	w.Key("instead")
	AppendInstead(w, judged.Instead)
	w.Key("policy")
	w.Open('{')
	w.Member("digest", judged.Policy.Digest)
	w.Member("id", judged.Policy.ID)
	w.Member("mode", judged.Policy.Mode)
	w.Member("version", judged.Policy.Version)
	w.Close('}')
	w.Member("reason", judged.Reason)
	if judged.RegistryDigest != nil {
		w.Member("registry_digest", *judged.RegistryDigest)
	}
	w.Member("rule_id", judged.RuleID)
	w.Key("rulings")
	AppendRulings(w, judged.Rulings)
	w.Member("severity", string(judged.Severity))
	w.Member("verdict", string(judged.Verdict))
	w.Close('}')
	return w.Bytes, w.Code
}

// AppendInstead writes null or `{command, text}`.
func AppendInstead(w *base.JSONWriter, instead *Instead) {
	if instead == nil {
		w.Null()
		return
	}
	w.Open('{')
	w.Member("command", instead.Command)
	w.Member("text", instead.Text)
	w.Close('}')
}

// AppendRulings writes the list of rulings.
func AppendRulings(w *base.JSONWriter, rulings []Ruling) {
	w.Open('[')
	for i := range rulings {
		one := &rulings[i]
		w.Open('{')
		w.Key("effect")
		w.Integer(int64(one.Effect))
		w.Key("exceptions")
		w.Open('[')
		for _, use := range one.Exceptions {
			w.Open('{')
			w.Member("reason", use.Reason)
			w.Member("rule", use.Rule)
			w.Member("until", use.Until)
			w.Close('}')
		}
		w.Close(']')
		if one.Registry != nil {
			w.Key("registry")
			appendUse(w, one.Registry)
		}
		w.Key("rules")
		w.Open('[')
		for i := range one.Rules {
			appendUse(w, &one.Rules[i])
		}
		w.Close(']')
		w.Member("source", one.Source)
		w.Member("verdict", string(one.Verdict))
		w.Close('}')
	}
	w.Close(']')
}

func appendUse(w *base.JSONWriter, use *RuleUse) {
	w.Open('{')
	w.Member("id", use.ID)
	w.Member("severity", string(use.Severity))
	w.Member("verdict", string(use.Verdict))
	w.Close('}')
}
