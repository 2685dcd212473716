// A pause: for a while nothing is stopped but what nobody may except. Implements spec/agents.md section 5. Twin of src/authority/pause.ts, of which the
// clocks and the file are left out: they are the caller's.
// It ends by itself, and by more than one clock: SECURITY: setting the wall clock back, or starting the machine again, must not prolong it.

// Package authority is what of deciding is pure and no policy's.
package authority

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/judgement"
	"cavra.dev/runtime/policy"
)

// PauseSchema of a Pause.
const PauseSchema = "cavra.pause.v1"

const (
	// MaxPauseMs is the longest pause, in milliseconds: an hour.
	MaxPauseMs = 3_600_000
	// PauseBytes: a pause file has a few hundred.
	PauseBytes = 16_384
)

// Moment is the wall clock and the machine's own running time, with the boot that it counts from ("" where the system does not name it).
type Moment struct {
	NowMs    int64
	UptimeMs float64
	Boot     string
}

// Pause as its file has it. UptimeStart and UptimeEnd are of the machine's running time, in milliseconds.
type Pause struct {
	RecordID    string
	StartedAt   string
	EndsAt      string
	Boot        string
	User        string
	Reason      string
	UptimeStart float64
	UptimeEnd   float64
}

// ReadPause is nil where the bytes are no pause: that is stricter.
func ReadPause(text []byte) *Pause {
	value, problem := base.ParseJSON(text, base.JSONLimits{SizeBytes: PauseBytes, Depth: base.DefaultJSONLimits.Depth})
	if problem != nil {
		return nil
	}
	whole := true
	field := func(key string, kind base.JSONKind) *base.JSONValue {
		found, has := value.Get(key)
		if !has || found.Kind != kind {
			whole = false
			return &base.JSONValue{}
		}
		return found
	}
	schema := field("schema_version", base.JSONString).Text
	pause := &Pause{
		RecordID:    field("record_id", base.JSONString).Text,
		StartedAt:   field("started_at", base.JSONString).Text,
		EndsAt:      field("ends_at", base.JSONString).Text,
		Boot:        field("boot", base.JSONString).Text,
		User:        field("user", base.JSONString).Text,
		Reason:      field("reason", base.JSONString).Text,
		UptimeStart: field("uptime_start", base.JSONNumber).Number,
		UptimeEnd:   field("uptime_end", base.JSONNumber).Number,
	}
	if !whole || schema != PauseSchema {
		return nil
	}
	return pause
}

// Holds: all of it must: the wall clock is between start and end, so is the machine's running time, and the machine was not started again.
func Holds(pause *Pause, at Moment) bool {
	start, noStart := base.ParseTime(pause.StartedAt)
	end, noEnd := base.ParseTime(pause.EndsAt)
	if noStart != nil || noEnd != nil || pause.Boot != at.Boot {
		return false
	}
	isBounded := end-start <= MaxPauseMs && pause.UptimeEnd-pause.UptimeStart <= MaxPauseMs
	return isBounded && at.NowMs >= start && at.NowMs < end && at.UptimeMs >= pause.UptimeStart && at.UptimeMs < pause.UptimeEnd
}

// Paused is what is answered under a pause: what would be stopped is a warning, but for a deny by a rule that nobody may except, or by
// the registry of MCP servers.
func Paused(judged *judgement.Judgement, book *policy.Rulebook) base.Verdict {
	if !base.IsStricter(judged.Verdict, base.Warn) {
		return judged.Verdict
	}
	never := map[string]bool{}
	for i := range book.Rules {
		if book.Rules[i].Overridable == "never" {
			never[book.Rules[i].ID] = true
		}
	}
	for _, ruling := range judged.Rulings {
		if ruling.Registry != nil && ruling.Registry.Verdict == base.Deny {
			return judged.Verdict
		}
		for _, rule := range ruling.Rules {
			if rule.Verdict == base.Deny && never[rule.ID] {
				return judged.Verdict
			}
		}
	}
	return base.Warn
}
