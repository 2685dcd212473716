// Commands for redis, one a line. Implements spec/languages.md section 12. Twin of src/change/languages/redis.ts.

package languages

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

var (
	redisCode  = []string{"EVAL", "EVALSHA", "FCALL", "SCRIPT", "FUNCTION", "MODULE"}
	redisAsks  = []string{"EXISTS", "LIST", "DUMP", "STATS", "HELP", "FLUSH", "KILL"}
	redisAlter = []string{"DEBUG", "SLAVEOF", "REPLICAOF", "SHUTDOWN", "FAILOVER", "CLUSTER", "RESET"}
	redisWrite = strings.Split(
		"DEL UNLINK SET SETEX SETNX PSETEX MSET MSETNX APPEND GETSET GETDEL INCR INCRBY INCRBYFLOAT DECR DECRBY EXPIRE EXPIREAT"+
			" PEXPIRE PERSIST RENAME RENAMENX COPY MOVE RESTORE MIGRATE HSET HMSET HSETNX HDEL HINCRBY LPUSH RPUSH LPOP RPOP LSET"+
			" LREM LTRIM LINSERT RPOPLPUSH SADD SREM SPOP SMOVE ZADD ZREM ZINCRBY ZREMRANGEBYSCORE XADD XDEL XTRIM PFADD GEOADD"+
			" SETRANGE SETBIT BITOP SORT PUBLISH SAVE BGSAVE BGREWRITEAOF LMOVE ZPOPMIN ZPOPMAX", " ")
)

// readRedis is the deeds of commands for redis.
func readRedis(code string, context *Context) []model.Deed {
	sink := sinkFor("redis", context)
	for line := range strings.SplitSeq(code, "\n") {
		redisCommand(sink, redisWords(line))
	}
	return sink.deeds
}

func redisCommand(sink *Sink, words []string) {
	word := func(at int) string {
		if at < len(words) {
			return words[at]
		}
		return ""
	}
	name, next := base.UpperASCII(word(0)), base.UpperASCII(word(1))
	switch {
	case name == "FLUSHALL":
		putOperation(sink, "drop_database", "*")
	case name == "FLUSHDB":
		putOperation(sink, "drop_database", "")
	case name == "SWAPDB":
		putOperation(sink, "alter", "")
	case slices.Contains(redisCode, name):
		if !slices.Contains(redisAsks, next) || strings.HasPrefix(name, "E") || name == "FCALL" {
			putOpaque(sink, "unknown_code", "redis")
		}
	case name == "CONFIG" && (next == "SET" || next == "REWRITE" || next == "RESETSTAT"):
		putOperation(sink, "alter", word(2))
		// The folder and name of the dump decide which file the next SAVE writes.
		if setting := base.UpperASCII(word(2)); next != "SET" || setting != "DIR" && setting != "DBFILENAME" {
			return
		}
		if len(words) > 3 {
			putFile(sink, "write", words[3])
		} else {
			putPath(sink, "write", model.UnknownWord)
		}
	case name == "ACL" && slices.Contains([]string{"SETUSER", "DELUSER", "LOAD", "SAVE"}, next):
		putOperation(sink, "grant", word(2))
	case name == "CLIENT" && next == "KILL":
		putOperation(sink, "alter", "")
	case name == "CLUSTER" && slices.Contains([]string{"INFO", "NODES", "SLOTS", "SHARDS", "KEYSLOT", "MYID"}, next):
	case name == "DEBUG" && next == "OBJECT":
	case slices.Contains(redisAlter, name):
		putOperation(sink, "alter", "")
	case slices.Contains(redisWrite, name):
		putOperation(sink, "write", word(1))
	}
}

// redisWords are words at blanks; `"…"` and `'…'` hold blanks.
func redisWords(line string) []string {
	var words []string
	for at := 0; at < len(line); {
		quote := line[at]
		if isOneOf(quote, " \t\r") {
			at++
			continue
		}
		if quote == '"' || quote == '\'' {
			at++
		} else {
			quote = 0
		}
		var word strings.Builder
		for ; at < len(line) && line[at] != quote && (quote != 0 || !isOneOf(line[at], " \t\r")); at++ {
			if quote == '"' && line[at] == '\\' {
				at++
			}
			if at < len(line) {
				word.WriteByte(line[at])
			}
		}
		if quote != 0 {
			at++
		}
		words = append(words, word.String())
	}
	return words
}
