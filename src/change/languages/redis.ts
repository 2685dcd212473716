// Commands for redis, one a line. Implements spec/languages.md section 12. Twin of go/change/languages/redis.go.

import type { Deed } from "../deeds.js";
import { upperAscii } from "./ascii.js";
import { putFile, putOpaque, putOperation, sinkFor } from "./sink.js";
import type { Context } from "./world.js";

const ALTER = ["DEBUG", "SLAVEOF", "REPLICAOF", "SHUTDOWN", "FAILOVER", "CLUSTER", "RESET"];
const WRITE =
  "DEL UNLINK SET SETEX SETNX PSETEX MSET MSETNX APPEND GETSET GETDEL INCR INCRBY INCRBYFLOAT DECR DECRBY EXPIRE EXPIREAT PEXPIRE PERSIST RENAME RENAMENX COPY MOVE RESTORE MIGRATE HSET HMSET HSETNX HDEL HINCRBY LPUSH RPUSH LPOP RPOP LSET LREM LTRIM LINSERT RPOPLPUSH SADD SREM SPOP SMOVE ZADD ZREM ZINCRBY ZREMRANGEBYSCORE XADD XDEL XTRIM PFADD GEOADD SETRANGE SETBIT BITOP SORT PUBLISH SAVE BGSAVE BGREWRITEAOF LMOVE ZPOPMIN ZPOPMAX".split(
    " ",
  );

/** The deeds of commands for redis. */
export function readRedis(code: string, context: Context): Deed[] {
  const sink = sinkFor("redis", context);
  for (const line of code.split("\n")) {
    const words = wordsOf(line);
    const name = upperAscii(words[0] ?? "");
    const next = upperAscii(words[1] ?? "");
    if (name === "FLUSHALL" || name === "FLUSHDB") putOperation(sink, "drop_database", name === "FLUSHALL" ? "*" : "");
    else if (name === "SWAPDB") putOperation(sink, "alter", "");
    else if (["EVAL", "EVALSHA", "FCALL", "SCRIPT", "FUNCTION", "MODULE"].includes(name)) {
      if (!["EXISTS", "LIST", "DUMP", "STATS", "HELP", "FLUSH", "KILL"].includes(next) || name.startsWith("E") || name === "FCALL")
        putOpaque(sink, "unknown_code", "redis");
    } else if (name === "CONFIG" && ["SET", "REWRITE", "RESETSTAT"].includes(next)) {
      putOperation(sink, "alter", words[2] ?? "");
      // The folder and name of the dump decide which file the next SAVE writes.
      if (next === "SET" && ["DIR", "DBFILENAME"].includes(upperAscii(words[2] ?? ""))) putFile(sink, "write", words[3] ?? null);
    } else if (name === "ACL" && ["SETUSER", "DELUSER", "LOAD", "SAVE"].includes(next)) putOperation(sink, "grant", words[2] ?? "");
    else if (name === "CLIENT" && next === "KILL") putOperation(sink, "alter", "");
    else if (name === "CLUSTER" && ["INFO", "NODES", "SLOTS", "SHARDS", "KEYSLOT", "MYID"].includes(next)) continue;
    else if (name === "DEBUG" && next === "OBJECT") continue;
    else if (ALTER.includes(name)) putOperation(sink, "alter", "");
    else if (WRITE.includes(name)) putOperation(sink, "write", words[1] ?? "");
  }
  return sink.deeds;
}

// Words at blanks; `"…"` and `'…'` hold blanks.
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < line.length; ) {
    const char = line[at] ?? "";
    if (" \t\r".includes(char)) {
      at++;
      continue;
    }
    const quote = char === '"' || char === "'" ? char : "";
    let word = "";
    at += quote === "" ? 0 : 1;
    for (; at < line.length && (quote === "" ? !" \t\r".includes(line[at] ?? "") : line[at] !== quote); at++) {
      if (quote === '"' && line[at] === "\\") at++;
      word += line[at] ?? "";
    }
    at += quote === "" ? 0 : 1;
    words.push(word);
  }
  return words;
}
