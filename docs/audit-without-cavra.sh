#!/bin/sh
# Verifies an auditor's kit without any of CAVRA's code, and computes its answer again: POSIX shell and awk, openssl 3 and GNU coreutils (8.31 or
# later), nothing else.
#
#   audit-without-cavra.sh KIT ROOT_KEY_ID [SEEN_CHECKPOINT]
#
# ROOT_KEY_ID is the key id of the root key (`key_` and 32 digits), as its owner told you, not as the kit says.
# SEEN_CHECKPOINT is a file with the last checkpoint of this ledger that you saw, if you kept one.
# Environment: CAVRA_NOW, a time like 2026-11-03T12:34:56.789Z instead of the clock's; CAVRA_TRUST_SEEN, the newest version of the trust
# document that you saw; CAVRA_TRUST, a file of later trust envelopes, one a line (what was revoked since is in them).
#
# Exit status 0: verified; the answer is printed. 1: refused, with the code of spec/promotion.md 10.7 or spec/evidence.md 5.3 on the standard error.
# 2: it could not be checked. The checks and their order are those of 10.7. That each record and document is canonical JSON is left out here: they
# are read by the awk programs below, which do not look for that.
#
# What stands here between "A name that begins" and "the kit" is verify-without-cavra.sh once more, so that each of the two can be read and used alone.

set -u
set -f
export LC_ALL=C
unset POSIXLY_CORRECT
nl='
'
MAX=9007199254740991
TYPE=application/vnd.cavra.trust.v1+json
FULL="cannot write to the folder for temporary files"
STATEMENT=application/vnd.in-toto+json
ANSWER=application/vnd.cavra.approval-answer.v1+json

main() {
  [ $# -ge 2 ] && [ $# -le 3 ] || stop "usage: audit-without-cavra.sh KIT ROOT_KEY_ID [SEEN_CHECKPOINT]"
  for tool in awk base64 basenc cat cmp cp cut date head mktemp od openssl paste rm sha256sum sort split tail tr wc; do
    command -v "$tool" >/dev/null || stop "$tool is missing"
  done
  kit=$(here "$1") pin=$2 seen=$(here "${3-}")
  [ -f "$kit" ] && [ -r "$kit" ] || stop "cannot read $kit"
  work=$(mktemp -d) || stop "no folder for temporary files"
  trap 'rm -rf "$work"' EXIT
  trap 'exit 2' HUP INT TERM
  check_kit_form
  check_kit_digest
  read_kit
  bundle=$work/bundle
  check_seal_form
  check_digest
  read_frame
  open_trust
  open_checkpoint
  check_seal
  check_signatures
  check_witnesses
  check_seen
  check_records
  check_reveals
  check_kit_seal
  read_events
  find_answer
  check_documents
  check_named
  [ "$found_answer" = "$answer" ] || refuse audit_answer_differs
  tell
}

# A name that begins with a hyphen is no option.
here() { # FILE
  case $1 in -*) printf %s "./$1" ;; *) printf %s "$1" ;; esac
}

refuse() { # CODE
  echo "refused: $1" >&2
  exit 1
}

stop() { # MESSAGE
  echo "error: $1" >&2
  exit 2
}

# ---- 1 to 3: the seal's form, the digest, the frame ----

check_seal_form() {
  tail -n 1 "$bundle" >"$work/seal" || stop "cannot read $bundle"
  read_sizes
  [ "$total" -le 134217728 ] || refuse bundle_malformed
  line=
  IFS= read -r line <"$work/seal" || refuse bundle_malformed
  # The shell drops zero bytes; a line that is shorter here than in the file had one.
  [ $((${#line} + 1)) = "$seal_size" ] || refuse bundle_malformed
  case $line in
  'seal sha256:'*) rest=${line#seal sha256:} ;;
  *) refuse bundle_malformed ;;
  esac
  digest=${rest%% *} rest=${rest#* }
  seal_key=${rest%% *} seal_signature=${rest#* }
  [ "$line" = "seal sha256:$digest $seal_key $seal_signature" ] || refuse bundle_malformed
  is_hex "$digest" 64 && is_key_id "$seal_key" && is_base64 "$seal_signature" && [ "$bytes" = 64 ] || refuse bundle_malformed
}

read_sizes() {
  total=$(wc -c <"$bundle")
  seal_size=$(wc -c <"$work/seal")
}

check_digest() {
  body=$((total - seal_size))
  found=$(head -c "$body" "$bundle" | sha256sum)
  [ "${found%% *}" = "$digest" ] || refuse bundle_digest_mismatch
}

read_frame() {
  [ "$(tr -d '\000' <"$bundle" | wc -c)" = "$total" ] || refuse bundle_malformed
  lines=$(wc -l <"$bundle")
  exec 3<"$bundle"
  next_line && [ "$line" = cavra.bundle.v1 ] || refuse bundle_malformed
  next_line || refuse bundle_malformed
  case $line in 'origin '*) origin=${line#origin } ;; *) refuse bundle_malformed ;; esac
  next_line && count trust 1 256 && chain=$count || refuse bundle_malformed
  take_lines "$chain" "$work/chain"
  next_line && count checkpoint 5 104 && note_lines=$count || refuse bundle_malformed
  take_lines "$note_lines" "$work/note"
  next_line && count records 1 65536 && records=$count || refuse bundle_malformed
  exec 3<&-
  # Records are many and long: their lines are counted over, not read.
  records_at=$((chain + note_lines + 6))
  proof_at=$((records_at + records + 1))
  line_at $((proof_at - 1)) && count proof 0 1048576 && hashes=$count || refuse bundle_malformed
  revealed_at=$((proof_at + hashes + 1))
  line_at $((revealed_at - 1)) && count revealed 0 1024 && revealed=$count || refuse bundle_malformed
  [ "$lines" = $((revealed_at + revealed)) ] || refuse bundle_malformed
}

take_lines() { # COUNT FILE
  i=0
  : >"$2"
  while [ "$i" -lt "$1" ]; do
    next_line || refuse bundle_malformed
    printf '%s\n' "$line" >>"$2"
    i=$((i + 1))
  done
}

next_line() {
  IFS= read -r line <&3
}

line_at() { # NUMBER
  [ "$1" -lt "$lines" ] || return 1
  line=$(tail -n "+$1" "$bundle" | head -n 1)
}

count() { # NAME LEAST MOST
  case $line in "$1 "*) count=${line#"$1 "} ;; *) return 1 ;; esac
  is_decimal "$count" && [ "$count" -ge "$2" ] && [ "$count" -le "$3" ]
}

section() { # FIRST COUNT
  tail -n "+$1" "$bundle" | head -n "$2"
}

# ---- 4 and 5: the trust chain (spec/trust.md section 4) ----

open_trust() {
  case $(openssl version) in 'OpenSSL '[3-9]*) ;; *) stop "openssl 3 or later is needed" ;; esac
  now=${CAVRA_NOW-$(date -u +%Y-%m-%dT%H:%M:%S.000Z)}
  is_time "$now" || stop "$now is not a time"
  now_ms=$moment
  trust_seen=${CAVRA_TRUST_SEEN-0}
  is_decimal "$trust_seen" || stop "CAVRA_TRUST_SEEN is not a version"
  if [ -n "${CAVRA_TRUST-}" ]; then
    cp "$work/chain" "$work/own_chain" && exec 3<"$CAVRA_TRUST" || stop "cannot read $CAVRA_TRUST"
    while next_line; do
      is_own || printf '%s\n' "$line" >>"$work/chain"
    done
    exec 3<&-
  fi
  documents=0 all_keys=0
  : >"$work/keyset" || stop "$FULL"
  exec 3<"$work/chain"
  while next_line; do
    documents=$((documents + 1))
    [ "$documents" -le 256 ] && read_envelope && read_document || refuse trust_malformed
  done
  exec 3<&-
  check_key_ids
  follow_chain
  [ "$version" -ge "$trust_seen" ] || refuse trust_rolled_back
  [ "$issued_ms" -le $((now_ms + 300000)) ] || refuse trust_future
  [ "$expires_ms" = never ] || [ "$expires_ms" -gt "$now_ms" ] || refuse trust_expired
  [ "$trust_origin" = "$origin" ] || refuse origin_mismatch
}

is_own() {
  while IFS= read -r own; do
    [ "$own" != "$line" ] || return 0
  done <"$work/own_chain"
  return 1
}

# An envelope is canonical JSON whose texts hold no escapes, so its quotation marks cut it into parts. What is read from the parts is put together
# again and must give the same line: then nothing else stood there.
read_envelope() {
  [ "${#line}" -le 4194304 ] || return 1
  apart "$line" '"' parse_envelope
}

parse_envelope() {
  [ $# -ge 19 ] || return 1
  payload=$4
  again="{\"payload\":\"$payload\",\"payloadType\":\"$TYPE\",\"signatures\":["
  shift 11
  signatures=0
  : >"$work/signatures.$documents"
  while [ $# -ge 8 ]; do
    is_key_id "$3" && is_base64 "$7" && [ "$bytes" = 64 ] || return 1
    signatures=$((signatures + 1))
    [ "$signatures" -le 8 ] || return 1
    again="$again{\"keyid\":\"$3\",\"sig\":\"$7\"},"
    echo "$3 $7" >>"$work/signatures.$documents"
    shift 8
  done
  [ "$line" = "${again%,}]}" ] && is_base64 "$payload" && [ "$bytes" -le 65536 ] || return 1
  printf %s "$payload" | base64 -d >"$work/payload.$documents"
  document=
  IFS= read -r document <"$work/payload.$documents"
  # A zero byte or a newline in it makes it shorter here.
  [ "${#document}" = "$bytes" ]
}

read_document() {
  apart "$document" '"' parse_document
}

parse_document() {
  [ $# -ge 61 ] || return 1
  expires=$4 issued=$8
  again="{\"expires_at\":\"$expires\",\"issued_at\":\"$issued\",\"keys\":["
  is_time "$issued" || return 1
  issued_ms=$moment expires_ms=never
  if [ -n "$expires" ]; then
    is_time "$expires" && [ "$moment" -gt "$issued_ms" ] || return 1
    expires_ms=$moment
  fi
  shift 11
  keys=0 roots=0 witnesses=0 ids=' '
  : >"$work/keys.$documents"
  while [ $# -ge 50 ]; do
    keys=$((keys + 1))
    [ "$keys" -le 64 ] && parse_key "$@" || return 1
    shift 34
  done
  [ $# = 16 ] && [ "$roots" -gt 0 ] || return 1
  trust_origin=$3 trust_id=${11}
  version=${14#:} version=${version%,} required=${16#:} required=${required%\}}
  again="${again%,}],\"origin\":\"$trust_origin\",\"schema_version\":\"cavra.trust.v1\",\"trust_id\":\"$trust_id\""
  [ "$document" = "$again,\"version\":$version,\"witnesses_required\":$required}" ] || return 1
  is_id ldg "${trust_origin#cavra.ledger/}" && [ "cavra.ledger/${trust_origin#cavra.ledger/}" = "$trust_origin" ] || return 1
  is_id tru "$trust_id" && is_decimal "$version" && [ "$version" -ge 1 ] || return 1
  is_decimal "$required" && [ "$required" -le 16 ] && [ "$required" -le "$witnesses" ] || return 1
  echo "$version $trust_id $trust_origin $issued_ms $expires_ms $required" >"$work/document.$documents"
}

parse_key() { # the 34 parts of a key, and more
  k_id=$3 k_name=$7 k_public=${11} k_reason=${15} k_role=${19} k_since=${23} k_state=${27} k_until=${33}
  k_size=${30#:} k_size=${k_size%,}
  again="$again{\"key_id\":\"$k_id\",\"name\":\"$k_name\",\"public_key\":\"$k_public\",\"reason\":\"$k_reason\",\"role\":\"$k_role\""
  again="$again,\"since\":\"$k_since\",\"state\":\"$k_state\",\"tree_size\":$k_size,\"until\":\"$k_until\"},"
  is_base64 "$k_public" && [ "$bytes" = 32 ] && is_key_id "$k_id" || return 1
  case $k_role in root | ledger | builder | drill | approver | lease | witness) ;; *) return 1 ;; esac
  case $ids in *" $k_id "*) return 1 ;; esac
  ids="$ids$k_id "
  is_plain "$k_name" 100 && is_plain "$k_reason" 200 && is_time "$k_since" || return 1
  [ "$k_role" != witness ] || is_note_name "$k_name" || return 1
  k_moment=$moment
  case $k_state in
  active)
    [ "$k_size" = null ] && [ -z "$k_until" ] || return 1
    case $k_role in root) roots=$((roots + 1)) ;; witness) witnesses=$((witnesses + 1)) ;; esac
    ;;
  retired | revoked)
    is_time "$k_until" && [ "$moment" -ge "$k_moment" ] || return 1
    case $k_state$k_role in retiredledger) is_decimal "$k_size" || return 1 ;; *) [ "$k_size" = null ] || return 1 ;; esac
    ;;
  *) return 1 ;;
  esac
  echo "$k_id ${k_until:--} $k_name" >>"$work/names.$documents" || stop "$FULL"
  [ "$k_role" = witness ] || k_name=-
  echo "$k_id $k_role $k_state $k_size $k_name" >>"$work/keys.$documents" || stop "$FULL"
  echo "$k_id $k_role $k_public" >>"$work/keyset" || stop "$FULL"
  all_keys=$((all_keys + 1))
}

# A key id is the beginning of SHA-256(role, zero byte, public key). All of them are hashed by one process. Of each key the bytes are kept, as
# escapes for printf, in the variable octal_ID.
check_key_ids() {
  mkdir "$work/ids" || stop "$FULL"
  cut -d ' ' -f 3 "$work/keyset" | base64 -d | od -An -v -to1 -w32 >"$work/octals"
  number=1000000
  exec 3<"$work/keyset" 4<"$work/octals"
  while read -r k_id k_role k_public <&3 && read -r octals <&4; do
    number=$((number + 1))
    apart "$octals" ' ' join_octals
    eval "octal_$k_id=\$joined"
    printf "$k_role\\000$joined" >"$work/ids/$number"
  done
  exec 4<&-
  [ "$number" = $((1000000 + all_keys)) ] || stop "$FULL"
  [ "$all_keys" -gt 0 ] || return 0
  set +f
  sha256sum "$work"/ids/* >"$work/found"
  set -f
  exec 3<"$work/keyset" 4<"$work/found"
  while read -r k_id k_rest <&3 && read -r hash k_rest <&4; do
    case $hash in "${k_id#key_}"*) all_keys=$((all_keys - 1)) ;; *) refuse trust_malformed ;; esac
  done
  exec 3<&- 4<&-
  # A full disk must not leave a key unchecked.
  [ "$all_keys" = 0 ] || stop "$FULL"
}

join_octals() {
  oldifs=$IFS
  IFS=\\
  joined="\\$*"
  IFS=$oldifs
}

# Begins with the first document that names the pinned key as an active root; every later one is signed by a root of the one before.
follow_chain() {
  started='' number=0
  while [ "$number" -lt "$documents" ]; do
    number=$((number + 1))
    read -r n_version n_id n_origin n_issued n_expires n_required <"$work/document.$number"
    list_roots "$number"
    if [ -z "$started" ]; then
      case $active in *" $pin "*) [ -n "$pin" ] || continue ;; *) continue ;; esac
      started=yes
      signers_of "$number" " $pin "
      [ "$signed" != ' ' ] || refuse unknown_signer
    else
      check_link
    fi
    version=$n_version trust_id=$n_id trust_origin=$n_origin issued_ms=$n_issued expires_ms=$n_expires required=$n_required
    trusted=$active was_revoked=$revoked newest=$number
  done
  [ -n "$started" ] || refuse unknown_signer
}

list_roots() { # NUMBER
  active=' ' revoked=' '
  exec 3<"$work/keys.$1"
  while read -r k_id k_role k_state k_size k_name <&3; do
    case $k_role.$k_state in root.active) active="$active$k_id " ;; *.revoked) revoked="$revoked$k_id " ;; esac
  done
  exec 3<&-
}

check_link() {
  [ "$n_version" = $((version + 1)) ] && [ "$n_id" = "$trust_id" ] && [ "$n_origin" = "$trust_origin" ] || refuse trust_chain_broken
  [ "$n_issued" -ge "$issued_ms" ] || refuse trust_chain_broken
  for k_id in $was_revoked; do
    case $revoked in *" $k_id "*) ;; *) refuse trust_chain_broken ;; esac
  done
  added=' '
  for k_id in $active; do
    case $trusted in *" $k_id "*) ;; *) added="$added$k_id " ;; esac
  done
  signers_of "$number" "$trusted$added"
  vouched=
  for k_id in $signed; do
    case $trusted in *" $k_id "*) vouched=yes ;; esac
  done
  [ -n "$vouched" ] || refuse trust_chain_broken
  for k_id in $added; do
    case $signed in *" $k_id "*) ;; *) refuse trust_chain_broken ;; esac
  done
}

signers_of() { # NUMBER KEY_IDS
  signed=' '
  {
    printf 'DSSEv1 %s %s %s ' ${#TYPE} $TYPE "$(wc -c <"$work/payload.$1")"
    cat "$work/payload.$1"
  } >"$work/message"
  exec 3<"$work/signatures.$1"
  while read -r s_id s_text <&3; do
    case $2 in *" $s_id "*) ;; *) continue ;; esac
    printf %s "$s_text" | base64 -d >"$work/signature"
    verify "$s_id"
    signed="$signed$s_id "
  done
  exec 3<&-
}

verify() { # KEY_ID; $work/message and $work/signature
  eval "joined=\$octal_$1"
  printf "\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000$joined" >"$work/key"
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key" -rawin -in "$work/message" -sigfile "$work/signature" \
    >/dev/null 2>&1 || refuse signature_invalid
}

# ---- 6 and 7: the form of the checkpoint (spec/evidence.md 4.1, 4.4) ----

open_checkpoint() {
  note_size=0 number=0 divide=0
  exec 3<"$work/note"
  while next_line; do
    number=$((number + 1))
    note_size=$((note_size + ${#line} + 1))
    eval "note_$number=\$line"
    [ -n "$line" ] || divide=$number
  done
  exec 3<&-
  [ "$note_size" -le 65536 ] && [ "$divide" -ge 2 ] && [ "$divide" -lt "$number" ] || refuse note_malformed
  [ $((number - divide)) -le 100 ] || refuse note_malformed
  first_signature=$((divide + 1)) last_signature=$number
  number=0
  while [ "$number" -lt "$divide" ]; do
    number=$((number + 1))
    eval "line=\$note_$number"
    case $line in *[!\ -~]*) refuse note_malformed ;; esac
  done
  while [ "$number" -lt "$last_signature" ]; do
    number=$((number + 1))
    eval "line=\$note_$number"
    signature_line && [ "$bytes" -ge 5 ] || refuse note_malformed
  done
  [ "$divide" = 4 ] && is_note_name "$note_1" && is_decimal "$note_2" || refuse checkpoint_malformed
  is_base64 "$note_3" && [ "$bytes" = 32 ] || refuse checkpoint_malformed
  [ "$note_1" = "$trust_origin" ] || refuse origin_mismatch
  size=$note_2 root=$note_3
  printf '%s\n%s\n%s\n' "$origin" "$size" "$root" >"$work/text"
}

# Takes $line apart into $s_name and $s_text, and leaves in $bytes how many bytes the text encodes.
signature_line() {
  case $line in '— '*' '*) ;; *) return 1 ;; esac
  line=${line#— }
  s_name=${line%% *} s_text=${line#* }
  is_note_name "$s_name" && is_base64 "$s_text"
}

# ---- 8 to 12: the seal, the ledger's signatures, the witnesses', what was seen ----

check_seal() {
  may_sign "$seal_key" || refuse "$code"
  printf 'cavra.bundle.v1 seal\nsha256:%s\n' "$digest" >"$work/message"
  printf %s "$seal_signature" | base64 -d >"$work/signature"
  verify "$seal_key"
}

# May this key sign a checkpoint of $size records? Otherwise $code says why not.
may_sign() { # KEY_ID
  code=unknown_signer
  exec 3<"$work/keys.$newest"
  while read -r k_id k_role k_state k_size k_name <&3; do
    [ "$k_id" = "$1" ] || continue
    code=wrong_role
    [ "$k_role" = ledger ] || continue
    case $k_state in
    active) code= ;;
    revoked) code=key_revoked ;;
    retired) [ "$size" -le "$k_size" ] && code='' || code=key_retired ;;
    esac
  done
  exec 3<&-
  [ -z "$code" ]
}

check_signatures() {
  hash_note_keys
  signed=' ' allowed='' first_code=
  number=$((first_signature - 1))
  while [ "$number" -lt "$last_signature" ]; do
    number=$((number + 1))
    eval "line=\$note_$number"
    signature_line
    [ "$s_name" = "$origin" ] || continue
    decode_signature
    signer_of ledger || continue
    [ "$bytes" = 68 ] || refuse signature_invalid
    cp "$work/text" "$work/message"
    tail -c +5 "$work/decoded" >"$work/signature"
    verify "$signer"
    if may_sign "$signer"; then allowed=yes; else first_code=${first_code:-$code}; fi
  done
  [ "$signed" != ' ' ] || refuse unknown_signer
  [ -n "$allowed" ] || refuse "$first_code"
}

check_witnesses() {
  signed=' ' witnessed=0
  number=$((first_signature - 1))
  while [ "$number" -lt "$last_signature" ]; do
    number=$((number + 1))
    eval "line=\$note_$number"
    signature_line
    case $witness_names in *" $s_name "*) ;; *) continue ;; esac
    decode_signature
    signer_of witness || continue
    [ "$bytes" = 76 ] || refuse signature_invalid
    # The time: eight bytes, at most 2^53-1.
    hex=${hex#????????}
    hex=${hex%"${hex#????????????????}"}
    case $hex in 000* | 001*) ;; *) refuse signature_invalid ;; esac
    {
      printf 'cosignature/v1\ntime %s\n' $((0x$hex))
      cat "$work/text"
    } >"$work/message"
    tail -c +13 "$work/decoded" >"$work/signature"
    verify "$signer"
    witnessed=$((witnessed + 1))
  done
  [ "$witnessed" -ge "$required" ] || refuse witness_missing
}

# The note key hashes of all ledger keys, whatever their state, and of all active witnesses: lines `HASH KEY_ID ROLE NAME`.
hash_note_keys() {
  mkdir "$work/hashes" || stop "$FULL"
  witness_names=' ' number=1000000
  : >"$work/signers"
  exec 3<"$work/keys.$newest"
  while read -r k_id k_role k_state k_size k_name <&3; do
    case $k_role.$k_state in
    ledger.*) k_name=$origin algorithm='\001' ;;
    witness.active) witness_names="$witness_names$k_name " algorithm='\004' ;;
    *) continue ;;
    esac
    number=$((number + 1))
    eval "joined=\$octal_$k_id"
    {
      printf '%s\n' "$k_name"
      printf "$algorithm$joined"
    } >"$work/hashes/$number"
    echo "$k_id $k_role $k_name" >>"$work/signers"
  done
  exec 3<&-
  set +f
  sha256sum "$work"/hashes/* | cut -c 1-8 | paste -d ' ' - "$work/signers" >"$work/note_keys"
  set -f
}

decode_signature() {
  printf %s "$s_text" | base64 -d >"$work/decoded"
  hex=$(od -An -v -tx1 "$work/decoded" | tr -d ' \n')
}

# Which key of this role does the line name, that has not signed yet?
signer_of() { # ROLE
  signer=
  exec 3<"$work/note_keys"
  while read -r k_hash k_id k_role k_name <&3; do
    [ "$k_role" = "$1" ] && [ "$k_name" = "$s_name" ] && [ -z "$signer" ] || continue
    case $hex in "$k_hash"*) signer=$k_id ;; esac
  done
  exec 3<&-
  [ -n "$signer" ] || return 1
  case $signed in *" $signer "*) return 1 ;; esac
  signed="$signed$signer "
}

check_seen() {
  [ -n "$seen" ] || return 0
  exec 3<"$seen" || stop "cannot read $seen"
  next_line && is_note_name "$line" && seen_origin=$line || stop "$seen is no checkpoint"
  next_line && is_decimal "$line" && seen_size=$line || stop "$seen is no checkpoint"
  next_line && is_base64 "$line" && [ "$bytes" = 32 ] && seen_root=$line || stop "$seen is no checkpoint"
  exec 3<&-
  [ "$seen_origin" = "$origin" ] || refuse origin_mismatch
  [ "$size" -ge "$seen_size" ] || refuse checkpoint_replayed
  [ "$size" -gt "$seen_size" ] || [ "$root" = "$seen_root" ] || refuse checkpoint_forked
}

# ---- 13 to 15: the records, the proof, the root (spec/evidence.md 1.3, 2.3) ----

check_records() {
  mkdir "$work/leaves" "$work/plain" || stop "$FULL"
  section "$records_at" "$records" >"$work/records"
  section "$proof_at" "$hashes" >"$work/proof"
  before=-1 number=1000000
  : >"$work/indices"
  exec 3<"$work/records"
  while next_line; do
    index=${line%% *}
    is_decimal "$index" && [ "$index" -gt "$before" ] && [ "$index" -lt "$size" ] || refuse bundle_malformed
    case $line in "$index "?*) ;; *) refuse bundle_malformed ;; esac
    line=${line#"$index "}
    [ "${#line}" -le 1048576 ] || refuse bundle_malformed
    before=$index number=$((number + 1))
    echo "$index" >>"$work/indices"
    printf '\000%s' "$line" >"$work/leaves/$number"
    [ "$revealed" = 0 ] || printf %s "$line" >"$work/plain/$number"
  done
  exec 3<"$work/proof"
  while next_line; do
    is_base64 "$line" && [ "$bytes" = 32 ] || refuse bundle_malformed
  done
  exec 3<&-
  base64 -d "$work/proof" | od -An -v -tx1 -w32 | tr -d ' ' >"$work/proof_hex"
  set +f
  sha256sum "$work"/leaves/* | cut -c 1-64 | paste -d ' ' "$work/indices" - >"$work/row"
  set -f
  climb
}

# Up the tree level by level, until a level is one node wide. The lines of $work/row are the known nodes: index and hash.
climb() {
  exec 5<"$work/proof_hex"
  width=$size level=0
  while [ "$width" -gt 1 ]; do
    level=$((level + 1))
    exec 3<"$work/row"
    pair_row >"$work/pairs" 4>"$work/above" || refuse proof_invalid
    exec 3<&-
    hash_pairs
    width=$((width / 2 + width % 2))
  done
  ! read -r hash <&5 || refuse proof_invalid
  exec 5<&-
  read -r index hash <"$work/row"
  [ "$(printf %s "$root" | base64 -d | od -An -v -tx1 | tr -d ' \n')" = "$hash" ] || refuse proof_invalid
}

# Writes what is to be hashed, in hexadecimal, and for each parent its index; behind it the hash where a node goes up unchanged.
pair_row() {
  read -r index hash <&3
  while [ -n "$index" ]; do
    next_index='' next_hash=
    if [ $((index % 2)) = 1 ]; then
      read -r sibling <&5 || return 1
      echo "01$sibling$hash"
      echo $((index / 2)) >&4
      read -r next_index next_hash <&3
    elif [ $((index + 1)) = "$width" ]; then
      echo "$((index / 2)) $hash" >&4
    else
      read -r next_index next_hash <&3
      if [ "$next_index" = $((index + 1)) ]; then
        echo "01$hash$next_hash"
        next_index='' next_hash=
        read -r next_index next_hash <&3
      else
        read -r sibling <&5 || return 1
        echo "01$hash$sibling"
      fi
      echo $((index / 2)) >&4
    fi
    index=$next_index hash=$next_hash
  done
}

# One process hashes all pairs of a level.
hash_pairs() {
  : >"$work/hashed"
  if [ -s "$work/pairs" ]; then
    mkdir "$work/level$level" || stop "$FULL"
    tr a-f A-F <"$work/pairs" | basenc --base16 -d | split -b 65 -a 5 - "$work/level$level/"
    set +f
    sha256sum "$work/level$level"/* | cut -c 1-64 >"$work/hashed"
    set -f
  fi
  exec 3<"$work/above" 6<"$work/hashed"
  while read -r index hash <&3; do
    [ -n "$hash" ] || read -r hash <&6
    echo "$index $hash"
  done >"$work/row"
  exec 3<&- 6<&-
}

# ---- 17: the revealed values (spec/evidence.md section 6) ----

check_reveals() {
  [ "$revealed" != 0 ] || return 0
  set +f
  sha256sum "$work"/plain/* >"$work/digests"
  set -f
  section "$revealed_at" "$revealed" >"$work/revealed"
  exec 4<"$work/revealed"
  while IFS= read -r line <&4; do
    [ "${#line}" -le 1572864 ] && apart "$line" '"' parse_reveal || refuse reveal_malformed
    find_record || refuse reveal_other_record
    check_reveal
  done
  exec 4<&-
}

parse_reveal() {
  [ $# = 35 ] || return 1
  r_kind=$4 r_path=$8 r_digest=${12} r_id=${16} r_salt=${20} r_value=${34}
  r_end=${29#:} r_end=${r_end%,} r_start=${31#:} r_start=${r_start%\},}
  again="{\"kind\":\"$r_kind\",\"path\":\"$r_path\",\"record_digest\":\"$r_digest\",\"record_id\":\"$r_id\",\"salt\":\"$r_salt\""
  again="$again,\"schema_version\":\"cavra.reveal.v1\",\"span\":{\"end\":$r_end,\"start\":$r_start},\"value_base64\":\"$r_value\"}"
  [ "$line" = "$again" ] || return 1
  case $r_kind$r_path in *[!\ -~]* | *\\*) return 1 ;; esac
  is_hex "${r_digest#sha256:}" 64 && [ "sha256:${r_digest#sha256:}" = "$r_digest" ] && is_hex "$r_salt" 64 || return 1
  is_id "${r_id%%_*}" "$r_id" && is_decimal "$r_end" && is_decimal "$r_start" || return 1
  is_base64 "$r_value" && [ "$bytes" -le 1048576 ] && [ $((r_end - r_start)) = "$bytes" ]
}

find_record() {
  place=
  exec 3<"$work/digests"
  while read -r hash file <&3; do
    [ "sha256:$hash" != "$r_digest" ] || place=$file
  done
  exec 3<&-
  [ -n "$place" ]
}

check_reveal() {
  record=
  IFS= read -r record <"$place"
  case $record in *"\"record_id\":\"$r_id\""*) ;; *) refuse reveal_no_such_place ;; esac
  entry="\"kind\":\"$r_kind\",\"path\":\"$r_path\",\"span\":{\"end\":$r_end,\"start\":$r_start}}"
  case $record in *'{"commitment":"hmac-sha256:'????????????????????????????????????????????????????????????????\","$entry"*) ;; *) refuse reveal_no_such_place ;; esac
  printf %s "$r_value" | base64 -d >"$work/value"
  hash=$(openssl dgst -sha256 -mac HMAC -macopt "hexkey:$r_salt" -r "$work/value") || stop "openssl cannot make an HMAC"
  case $record in *"{\"commitment\":\"hmac-sha256:${hash%% *}\",$entry"*) ;; *) refuse reveal_invalid ;; esac
}

# ---- forms ----

# Calls a function with the parts of a text.
apart() { # TEXT SEPARATOR FUNCTION
  apart_function=$3 apart_ifs=$IFS
  IFS=$2
  set -- $1
  IFS=$apart_ifs
  "$apart_function" "$@"
}

is_decimal() { # TEXT
  case $1 in '' | *[!0-9]* | 0?*) return 1 ;; esac
  [ "${#1}" -le 16 ] && [ "$1" -le "$MAX" ]
}

is_hex() { # TEXT LENGTH
  case $1 in *[!0-9a-f]*) return 1 ;; esac
  [ "${#1}" = "$2" ]
}

is_key_id() { # TEXT
  case $1 in key_*) is_hex "${1#key_}" 32 ;; *) return 1 ;; esac
}

# Canonical base64: no bits are left over. Leaves the number of bytes in $bytes.
is_base64() { # TEXT
  bytes=$((${#1} / 4 * 3))
  [ $((${#1} % 4)) = 0 ] || return 1
  case $1 in
  *[AQgw]==) bytes=$((bytes - 2)) base64=${1%==} ;;
  *[AEIMQUYcgkosw048]=) bytes=$((bytes - 1)) base64=${1%=} ;;
  *) base64=$1 ;;
  esac
  case $base64 in *[!A-Za-z0-9+/]*) return 1 ;; esac
}

is_note_name() { # TEXT
  case $1 in '' | *[!!-~]* | *+*) return 1 ;; esac
  [ "${#1}" -le 255 ]
}

is_plain() { # TEXT MOST
  case $1 in *[!\ -~]* | *[\"{}]* | *\\*) return 1 ;; esac
  [ "${#1}" -le "$2" ]
}

# An identifier (spec/record.md section 4): 26 characters of base 32 that carry a UUID of version 7 and variant 2.
is_id() { # PREFIX TEXT
  case $1 in '' | *[!a-z]*) return 1 ;; esac
  [ "${#1}" -le 12 ] || return 1
  case $2 in "$1"_[0-7]?????????[ef]??[89abrstv]????????????) ;; *) return 1 ;; esac
  case ${2#"$1"_} in *[!0-9a-hjkmnp-tv-z]*) return 1 ;; esac
}

# A time of spec/record.md 3.2. Leaves its milliseconds since 1970 in $moment.
is_time() { # TEXT
  case $1 in
  [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z) ;;
  *) return 1 ;;
  esac
  apart "${1%Z}" '-T:.' check_time
}

# A 1 in front keeps a leading zero from meaning base 8.
check_time() { # YEAR MONTH DAY HOUR MINUTE SECOND MILLISECOND
  year=$((1$1 - 10000)) month=$((1$2 - 100)) day=$((1$3 - 100))
  [ "$year" -ge 1970 ] && [ "$month" -ge 1 ] && [ "$month" -le 12 ] && [ "$day" -ge 1 ] || return 1
  [ "$4" -le 23 ] && [ "$5" -le 59 ] && [ "$6" -le 59 ] || return 1
  case $month in
  2) longest=$((28 + (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)))) ;;
  4 | 6 | 9 | 11) longest=30 ;;
  *) longest=31 ;;
  esac
  [ "$day" -le "$longest" ] || return 1
  # Years that begin in March: the leap day is then the last.
  [ "$month" -gt 2 ] || { year=$((year - 1)) month=$((month + 12)); }
  days=$((year * 365 + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 719469))
  moment=$((((days * 24 + 1$4 - 100) * 60 + 1$5 - 100) * 60000 + (1$6 - 100) * 1000 + 1$7 - 1000))
}

# ---- the kit: 1 to 3 of spec/promotion.md 10.7, its form ----

check_kit_form() {
  tail -n 1 "$kit" >"$work/kit_seal" || stop "cannot read $kit"
  kit_total=$(wc -c <"$kit")
  kit_seal_size=$(wc -c <"$work/kit_seal")
  [ "$kit_total" -le 268435456 ] || refuse audit_malformed
  line=
  IFS= read -r line <"$work/kit_seal" || refuse audit_malformed
  # The shell drops zero bytes; a line that is shorter here than in the file had one.
  [ $((${#line} + 1)) = "$kit_seal_size" ] || refuse audit_malformed
  case $line in
  'seal sha256:'*) rest=${line#seal sha256:} ;;
  *) refuse audit_malformed ;;
  esac
  kit_digest=${rest%% *} rest=${rest#* }
  kit_key=${rest%% *} kit_signature=${rest#* }
  [ "$line" = "seal sha256:$kit_digest $kit_key $kit_signature" ] || refuse audit_malformed
  is_hex "$kit_digest" 64 && is_key_id "$kit_key" && is_base64 "$kit_signature" && [ "$bytes" = 64 ] || refuse audit_malformed
}

check_kit_digest() {
  found=$(head -c $((kit_total - kit_seal_size)) "$kit" | sha256sum)
  [ "${found%% *}" = "$kit_digest" ] || refuse audit_digest_mismatch
}

read_kit() {
  [ "$(tr -d '\000' <"$kit" | wc -c)" = "$kit_total" ] || refuse audit_malformed
  exec 3<"$kit"
  next_line && [ "$line" = cavra.audit-kit.v1 ] || refuse audit_malformed
  next_line || refuse audit_malformed
  case $line in 'at '*) at=${line#at } ;; *) refuse audit_malformed ;; esac
  is_time "$at" || refuse audit_malformed
  next_line || refuse audit_malformed
  case $line in 'answer '*) answer=${line#answer } ;; *) refuse audit_malformed ;; esac
  next_line && count documents 0 64 && files=$count || refuse audit_malformed
  exec 3<&-
  kit_lines=$(wc -l <"$kit")
  [ "$kit_lines" -gt $((files + 5)) ] || refuse audit_malformed
  : >"$work/names"
  number=0
  while [ "$number" -lt "$files" ]; do
    number=$((number + 1))
    tail -n "+$((number + 4))" "$kit" | head -n 1 >"$work/line"
    take_document || refuse audit_malformed
  done
  sort -c -u "$work/names" 2>/dev/null || refuse audit_malformed
  line=$(tail -n "+$((files + 5))" "$kit" | head -n 1 | cut -c 1-100)
  count bundle 1 2000000 && [ "$kit_lines" = $((files + count + 6)) ] || refuse audit_malformed
  tail -n "+$((files + 6))" "$kit" | head -n "$count" >"$work/bundle" || stop "$FULL"
}

# A document's line may be too long for a variable of the shell: it stays in files, `doc.N` the content and `name.N` kind and name.
take_document() {
  cut -d ' ' -f 1,2 "$work/line" >"$work/name.$number"
  line=$(head -c 200 "$work/name.$number")
  kind=${line%% *} name=${line#* }
  case $kind in
  approval_request) is_id apr "$name" || return 1 ;;
  approval_answer | deployment_report | parity_report | promotion_evidence | rehearsal | rollback_plan)
    is_hex "${name#sha256:}" 64 && [ "sha256:${name#sha256:}" = "$name" ] || return 1
    ;;
  *) return 1 ;;
  esac
  printf '%s %s\n' "$kind" "$name" >>"$work/names" || stop "$FULL"
  # Three words with one blank between, and the third is what encodes its bytes: else the line is another.
  cut -d ' ' -f 3 "$work/line" >"$work/text"
  if [ "$(head -c 3 "$work/text")" = - ]; then
    printf '%s %s -\n' "$kind" "$name" | cmp -s - "$work/line"
    return
  fi
  base64 -d <"$work/text" >"$work/doc.$number" 2>/dev/null || return 1
  [ -s "$work/doc.$number" ] && [ "$(wc -c <"$work/doc.$number")" -le 16777216 ] || return 1
  { printf '%s %s ' "$kind" "$name" && base64 -w 0 "$work/doc.$number" && echo; } | cmp -s - "$work/line"
}

# ---- 5: the kit's seal ----

check_kit_seal() {
  may_sign "$kit_key" || refuse "$code"
  printf 'cavra.audit-kit.v1 seal\nsha256:%s\n' "$kit_digest" >"$work/message"
  printf %s "$kit_signature" | base64 -d >"$work/signature"
  verify "$kit_key"
}

# ---- 6: the events of promotion (10.8) ----

# Walks through JSON whose texts are cut apart at their quotation marks: `key[1]` to `key[d]` is where it stands, and `scalar(v, is_text)`,
# `opened(c)` and `ended()` are called for each value, each `{` or `[`, and each end of a line.
WALK='
BEGIN { RS = "\""; inside = 0; d = 0; have = 0; bare = "" }
{
  if (inside) {
    text = text $0
    n = 0
    while (n < length($0) && substr($0, length($0) - n, 1) == "\\") n++
    if (n % 2) { text = text "\""; next }
    inside = 0; have = 1; next
  }
  if ($0 == ":") { key[d] = text; have = 0 } else walk($0)
  inside = 1; text = ""
}
END { ended() }
function walk(s,  i, c, l) {
  l = length(s)
  for (i = 1; i <= l; i++) {
    c = substr(s, i, 1)
    if (c == ",") { value(); if (d in list) key[d]++ }
    else if (c == ":") { key[d] = text; have = 0 }
    else if (c == "{" || c == "[") { opened(c); d++; delete list[d]; key[d] = ""; if (c == "[") { list[d] = 1; key[d] = 0 }; bare = ""; have = 0 }
    else if (c == "}" || c == "]") { value(); d-- }
    else if (c == "\n") { ended(); d = 0; bare = ""; have = 0 }
    else bare = bare c
  }
}
function value() {
  if (have) scalar(text, 1); else if (bare != "") scalar(bare, 0)
  have = 0; bare = ""
}
'

# A line for each record: index, time, identifier, event, code, and of a lease its id, times, evidence, policy and registry; `-` for nothing.
read_events() {
  awk "$WALK"'
  function opened(c) { if (d == 0) { row = bare; sub(/ $/, "", row) } else if (d == 1 && key[1] == "lease") lease = c }
  function scalar(v, is_text) {
    if (d == 1 && (key[1] == "lease")) lease = is_text ? "text" : v
    else if (d == 1 && is_text && (key[1] in WANTED)) got[key[1]] = v
    else if (d == 2 && is_text && key[1] == "lease") of[key[2]] = v
  }
  function is_time(t) { return t ~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]\.[0-9][0-9][0-9]Z$/ }
  function is_digest(t) { return length(t) == 71 && t ~ /^sha256:[0-9a-f]+$/ }
  function is_word(t, most) { return length(t) <= most && t ~ /^[a-z0-9_]*$/ }
  function ended(  name, good, code, tail, k) {
    if (row == "") return
    good = is_time(got["recorded_at"]) && is_word(got["record_id"], 64) && got["record_id"] != ""
    name = "-"; code = "-"; tail = "- - - - - -"
    if (got["schema_version"] == "cavra.promotion-event.v1") {
      name = got["event"]
      # Asked first: to read what is not there puts it there.
      good = good && ("code" in got) && (name in EVENTS) && length(got["code"]) <= 64 && got["code"] ~ /^[a-z_]*$/
      code = got["code"] == "" ? "-" : got["code"]
      if (name == "leased" || name == "ended") {
        good = good && lease == "{" && is_word(of["lease_id"], 64) && of["lease_id"] != "" && is_time(of["issued_at"]) && is_time(of["expires_at"])
        good = good && is_digest(of["evidence_digest"]) && is_digest(of["policy_digest"])
        good = good && ("registry_digest" in of) && (of["registry_digest"] == "" || is_digest(of["registry_digest"]))
        tail = of["lease_id"] " " of["issued_at"] " " of["expires_at"] " " of["evidence_digest"] " " of["policy_digest"]
        tail = tail " " (of["registry_digest"] == "" ? "-" : of["registry_digest"])
      } else good = good && lease == "null"
    }
    if (good) print row, got["recorded_at"], got["record_id"], name, code, tail; else print "bad"
    for (k in got) delete got[k]
    for (k in of) delete of[k]
    row = ""; lease = ""
  }
  BEGIN {
    split("schema_version record_id recorded_at event code", w, " "); for (i in w) WANTED[w[i]] = 1
    split("started gate leased ended held lifted demoted stopped", w, " "); for (i in w) EVENTS[w[i]] = 1
  }' "$work/records" >"$work/events" || stop "awk could not read the records"
  [ "$(wc -l <"$work/events")" = "$records" ] || refuse audit_record_malformed
  while read -r e_index e_rest; do
    [ "$e_index" != bad ] || refuse audit_record_malformed
  done <"$work/events"
  # Times that are none (a 31st of February) take more than a pattern to see.
  cut -d ' ' -f 2,7,8 "$work/events" | tr ' ' '\n' | sort -u >"$work/times"
  while read -r e_time; do
    [ "$e_time" = - ] || is_time "$e_time" || refuse audit_record_malformed
  done <"$work/times"
}

# ---- the answer (10.4, 10.5) ----

# Prints the answer, and below it the digests of the evidence that leases named.
find_answer() {
  : >"$work/missing"
  number=0
  while [ "$number" -lt "$files" ]; do
    number=$((number + 1))
    [ -f "$work/doc.$number" ] || cat "$work/name.$number" >>"$work/missing"
  done
  awk -v at="$at" '
  function ms(t,  y, m, days) {
    y = substr(t, 1, 4) + 0; m = substr(t, 6, 2) + 0
    if (m <= 2) { y--; m += 12 }
    days = y * 365 + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + substr(t, 9, 2) - 719469
    return ((days * 24 + substr(t, 12, 2)) * 60 + substr(t, 15, 2)) * 60000 + substr(t, 18, 2) * 1000 + substr(t, 21, 3)
  }
  function is(i, names) { return index(" " names " ", " " event[i] " ") > 0 }
  # Events that count are 1 to known, in their order; 0 is none.
  function last(names,  i) { for (i = known; i > 0; i--) if (is(i, names)) return i; return 0 }
  function because(why, message, i) {
    list = list (list == "" ? "" : ",") "{\"code\":\"" why "\",\"message\":\"" message "\",\"record_id\":\"" (i ? id[i] : "") "\"}"
  }
  function whole(i) { return "the lease " lease[i] " was given at " issued[i] " until " expires[i] }
  function covers(i,  j) {
    if (!(at < expires[i])) return 0
    for (j = 1; j <= known; j++) {
      if (event[j] == "leased" && policy[j] == policy[i] && registry[j] == registry[i] && j > i) return 0
      if (event[j] == "ended" && lease[j] == lease[i]) return 0
      if (j > i && is(j, "held demoted started stopped")) return 0
    }
    return 1
  }
  function move(to, from) {
    when[to] = when[from]; idx[to] = idx[from]; time[to] = time[from]; id[to] = id[from]; event[to] = event[from]; code[to] = code[from]
    lease[to] = lease[from]; issued[to] = issued[from]; expires[to] = expires[from]; evidence[to] = evidence[from]; policy[to] = policy[from]
    registry[to] = registry[from]
  }
  FILENAME == ARGV[1] { missing[++lost] = $0; next }
  {
    if (rows++ == 0) { first = $1; first_time = $2 }
    last_index = $1; last_time = $2; now = ms($2)
    if (now < latest - 5000) out_of_order = 1
    if (now > latest) latest = now
    if ($4 == "-") next
    n++
    when[n] = ($4 == "leased" ? $7 : $2) ""; idx[n] = $1; time[n] = $2; id[n] = $3; event[n] = $4; code[n] = $5 == "-" ? "" : $5
    lease[n] = $6; issued[n] = $7; expires[n] = $8; evidence[n] = $9; policy[n] = $10; registry[n] = $11
    # Into its place: they come by index, nearly in the order of their times.
    move(0, n)
    for (j = n - 1; j > 0 && when[j] > when[0]; j--) move(j + 1, j)
    move(j + 1, 0)
  }
  END {
    event[0] = ""
    for (known = 0; known < n && !(when[known + 1] > at); known++);
    hold = last("held demoted lifted")
    standing = hold && event[hold] != "lifted" ? hold : 0
    authority = last("started stopped gate leased ended demoted")
    selected = 0
    if (!standing) for (i = 1; i <= known; i++) if (event[i] == "leased" && covers(i)) { selected++; chosen[i] = 1 }
    if (selected) {
      state = "leased"
      # By index, not by time.
      for (done = 0; done < selected; done++) {
        best = 0
        for (i = 1; i <= known; i++) if ((i in chosen) && !(i in told) && (!best || idx[i] + 0 < idx[best] + 0)) best = i
        told[best] = 1
        because("lease_covers", whole(best), best)
      }
    } else if (!authority || event[authority] == "stopped") {
      state = "off"
      if (authority) because("authority_stopped", "the authority stopped at " time[authority], authority)
      else because("no_authority", "no authority in the mode promoted is on record before that time", 0)
    }
    if (!selected && standing) {
      if (state == "") state = "held"
      because("hold_stands", "a hold was set at " time[standing] " and not lifted", standing)
    }
    if (state == "") {
      i = last("ended lifted leased gate")
      if (i && event[i] == "ended" && code[i] == "promotion_held") {
        state = "held"
        because("hold_unrecorded", "the lease " lease[i] " ended at " time[i] " by a hold that is not on record", i)
      } else {
        state = "waiting"
        i = last("started gate leased ended")
        if (event[i] == "leased") because("lease_over", "the lease " lease[i] ", given at " issued[i] " until " expires[i] ", was over", i)
        else if (event[i] == "ended") because("lease_ended", "the lease " lease[i] " ended at " time[i] ": " code[i], i)
        else if (event[i] != "gate") because("no_gate", "no gate had been run since the authority began", i)
        else if (code[i] == "open") because("gate_open", "the gate was open at " time[i] ", and no lease had been given", i)
        else because("gate_closed", "the gate was closed at " time[i], i)
      }
    }
    i = last("started")
    if (i && code[i] == "rehearsal") because("rehearsal", "the authority rehearsed", i)
    if (selected) {
      for (done = -1; ; done = idx[best] + 0) {
        best = 0
        for (i = known + 1; i <= n; i++) if (event[i] == "demoted" && idx[i] + 0 > done && (!best || idx[i] + 0 < idx[best] + 0)) best = i
        if (!best) break
        because("demoted_afterwards", "a mismatch was found at " time[best], best)
      }
    }
    for (i = 1; i <= lost; i++) because("document_missing", missing[i], 0)
    complete = "true"
    if (last_index - first != rows - 1) fault("range_gaps", "records between those that are here are missing")
    if (first + 0 != 0 && ms(first_time) > ms(at) - 65000) fault("range_begins_late", "the records begin too late to have every lease of that time")
    if (first + 0 != 0 && !(authority && last("held lifted demoted gate leased")))
      fault("range_unsettled", "the records begin too late to say what held before")
    if (ms(last_time) < ms(at) + 5000) fault("range_ends_early", "no record is late enough to have everything of that time before it")
    if (out_of_order) fault("range_out_of_order", "a record is earlier than one before it")
    print "{\"at\":\"" at "\",\"because\":[" list "],\"complete\":" complete ",\"selected\":" (selected ? "true" : "false") ",\"state\":\"" state "\"}"
    if (!selected && last("leased")) chosen[last("leased")] = 1
    for (i = 1; i <= known; i++) if (i in chosen) print "promotion_evidence " evidence[i]
  }
  function fault(why, message) { complete = "false"; because(why, message, 0) }
  ' "$work/missing" "$work/events" >"$work/answered" || stop "awk could not compute the answer"
  IFS= read -r found_answer <"$work/answered"
  tail -n +2 "$work/answered" >"$work/named"
}

# ---- 7: the documents (10.9) ----

check_documents() {
  : >"$work/told"
  number=0
  while [ "$number" -lt "$files" ]; do
    number=$((number + 1))
    read -r kind name <"$work/name.$number"
    if [ ! -f "$work/doc.$number" ]; then
      echo "$kind $name: not found" >>"$work/told"
    elif [ "$kind" = approval_request ]; then
      look_into "$work/doc.$number" plain cavra.approval-request.v1 && [ "$said_approval" = "$name" ] || refuse audit_document_malformed
      [ -n "$said_list" ] || refuse audit_document_malformed
      echo "$kind $name: nobody signs it" >>"$work/told"
    else
      found=$(sha256sum <"$work/doc.$number")
      [ "sha256:${found%% *}" = "$name" ] || refuse audit_document_altered
      check_signed
    fi
  done
}

check_signed() {
  role=builder form=statement
  case $kind in
  approval_answer) role=approver form=plain schema=cavra.approval-answer.v1 ;;
  deployment_report) schema=cavra.go-deployment-report.v1 ;;
  parity_report) schema=cavra.go-parity-report.v1 ;;
  promotion_evidence) schema=cavra.go-backend-promotion-evidence.v1 ;;
  rehearsal) role=drill schema=cavra.go-backend-rollback-rehearsal.v1 ;;
  rollback_plan) schema=cavra.go-backend-rollback-plan.v1 ;;
  esac
  [ "$form" = plain ] && wanted=$ANSWER || wanted=$STATEMENT
  lines=$(wc -l <"$work/doc.$number")
  [ "$lines" -ge 1 ] && [ "$lines" -le 257 ] && [ "$(tail -c 1 "$work/doc.$number" | od -An -to1)" = ' 012' ] || refuse audit_document_malformed
  tail -n 1 "$work/doc.$number" >"$work/line"
  line=
  IFS= read -r line <"$work/line"
  [ "${#line}" -le 4194304 ] && [ $((${#line} + 1)) = "$(wc -c <"$work/line")" ] || refuse audit_document_malformed
  apart "$line" '"' parse_signed || refuse audit_document_malformed
  printf %s "$d_payload" | base64 -d >"$work/body"
  look_into "$work/body" "$form" "$schema" || refuse audit_document_malformed
  is_time "$said_issued" || refuse audit_document_malformed
  case $kind in
  promotion_evidence) is_id apr "$said_approval" && [ "$said_digests" = 4 ] || refuse audit_document_malformed ;;
  approval_answer)
    is_id apr "$said_approval" && is_hex "${said_request#sha256:}" 64 && [ "sha256:${said_request#sha256:}" = "$said_request" ] || refuse audit_document_malformed
    case $said_answer in approved | denied) ;; *) refuse audit_document_malformed ;; esac
    ;;
  esac
  check_signer
  printf '%s\n' "$kind $name: signed by ${d_name:+$d_name, }$d_key at $said_issued$ended${said_answer:+, $said_answer}" >>"$work/told"
}

parse_signed() {
  [ $# = 19 ] || return 1
  d_payload=$4 d_key=${14} d_signature=${18}
  [ "$8" = "$wanted" ] && is_key_id "$d_key" && is_base64 "$d_signature" && [ "$bytes" = 64 ] && is_base64 "$d_payload" || return 1
  [ "$line" = "{\"payload\":\"$d_payload\",\"payloadType\":\"$wanted\",\"signatures\":[{\"keyid\":\"$d_key\",\"sig\":\"$d_signature\"}]}" ]
}

# What a document says that others are held against: the variables said_…, and in $work/said.$number lines `KIND DIGEST` of evidence or request.
look_into() { # FILE plain|statement SCHEMA
  said_schema='' said_issued='' said_approval='' said_request='' said_answer='' said_list='' said_digests=0
  : >"$work/said.$number"
  [ "$(head -c 1 "$1")" = '{' ] || return 1
  awk -v form="$2" "$WALK"'
  function plain(v) { return v ~ /^[A-Za-z0-9_.:-]+$/ ? v : "?" }
  function opened(c) {
    if (c == "[" && form == "plain" && d == 2 && key[1] == "subject" && key[2] == "documents") print "list yes"
    if (c == "{" && form == "plain" && d == 3 && key[1] == "subject" && key[2] == "documents") { kind = "?"; digest = "?" }
  }
  function scalar(v, is_text,  k) {
    if (form == "plain" && d == 4 && key[1] == "subject" && key[2] == "documents") {
      if (key[4] == "digest") digest = plain(v)
      if (key[4] == "kind") print "pair " plain(v) " " digest
      return
    }
    if (form == "statement" && d == 3 && key[1] == "predicate" && key[2] == "evidence_digests") { print "digest " plain(v); return }
    if (form == "statement" ? d != 2 || key[1] != "predicate" : d != 1) return
    k = key[d]
    if (!is_text) return
    if (k == "schema_version" || k == "issued_at" || k == "approval_id" || k == "request_digest" || k == "answer") print k " " plain(v)
  }
  function ended() {}
  ' "$1" >"$work/look" || stop "awk could not read a document"
  exec 4<"$work/look"
  while read -r s_word s_value s_more <&4; do
    case $s_word in
    schema_version) said_schema=$s_value ;;
    issued_at) said_issued=$s_value ;;
    approval_id) said_approval=$s_value ;;
    request_digest) said_request=$s_value ;;
    answer) said_answer=$s_value ;;
    list) said_list=yes ;;
    pair) echo "$s_value $s_more" >>"$work/said.$number" ;;
    digest)
      is_hex "${s_value#sha256:}" 64 && [ "sha256:${s_value#sha256:}" = "$s_value" ] || s_value=?
      said_digests=$((said_digests + 1))
      case $said_digests in 1) s_word=deployment_report ;; 2) s_word=parity_report ;; 3) s_word=rehearsal ;; *) s_word=rollback_plan ;; esac
      [ "$s_value" != '?' ] || said_digests=100
      echo "$s_word $s_value" >>"$work/said.$number"
      ;;
    esac
  done
  exec 4<&-
  echo "$said_approval $said_request" >"$work/refers.$number"
  [ "$said_schema" = "$3" ]
}

check_signer() {
  code=unknown_signer ended=
  exec 4<"$work/keys.$newest"
  while read -r k_id k_role k_state k_size k_name <&4; do
    [ "$k_id" = "$d_key" ] || continue
    code=wrong_role
    [ "$k_role" != "$role" ] || code=$k_state
  done
  exec 4<&-
  case $code in unknown_signer | wrong_role) refuse "$code" ;; esac
  {
    printf 'DSSEv1 %s %s %s ' ${#wanted} "$wanted" "$(wc -c <"$work/body")"
    cat "$work/body"
  } >"$work/message"
  printf %s "$d_signature" | base64 -d >"$work/signature"
  verify "$d_key"
  [ "$code" != revoked ] || ended=' (key_revoked since)'
  exec 4<"$work/names.$newest"
  while read -r k_id k_until k_name <&4; do
    [ "$k_id" = "$d_key" ] || continue
    d_name=$k_name
    [ "$code" != retired ] || is_until "$k_until" || ended=' (key_retired before)'
  done
  exec 4<&-
}

is_until() { # TIME
  is_time "$said_issued" && issued_at=$moment
  is_time "$1" && [ "$issued_at" -le "$moment" ]
}

# ---- 8: no more and no fewer documents than were named (10.6) ----

check_named() {
  cp "$work/named" "$work/asked"
  : >"$work/there"
  answers=0 number=0
  while [ "$number" -lt "$files" ]; do
    number=$((number + 1))
    read -r kind name <"$work/name.$number"
    case $kind in
    approval_answer) answers=$((answers + 1)) ;;
    *) echo "$kind $name" >>"$work/there" ;;
    esac
    [ "$kind" = promotion_evidence ] && [ -f "$work/doc.$number" ] || continue
    read -r said_approval said_rest <"$work/refers.$number"
    cat "$work/said.$number" >>"$work/asked"
    echo "approval_request $said_approval" >>"$work/asked"
  done
  sort -u "$work/asked" >"$work/asked_once"
  sort -u "$work/there" | cmp -s - "$work/asked_once" || refuse audit_documents_differ
  number=0
  while [ "$number" -lt "$files" ]; do
    number=$((number + 1))
    read -r kind name <"$work/name.$number"
    case $kind in
    approval_request) [ ! -f "$work/doc.$number" ] || is_for_evidence || refuse audit_documents_differ ;;
    esac
  done
  number=0
  while [ "$number" -lt "$files" ]; do
    number=$((number + 1))
    read -r kind name <"$work/name.$number"
    case $kind in approval_answer) is_to_request || refuse audit_documents_differ ;; esac
  done
  [ "$answers" -le 16 ] || refuse audit_documents_differ
}

# Does the request $number ask for the four documents of an evidence that names it?
is_for_evidence() {
  other=0
  while [ "$other" -lt "$files" ]; do
    other=$((other + 1))
    read -r o_kind o_name <"$work/name.$other"
    [ "$o_kind" = promotion_evidence ] && [ -f "$work/doc.$other" ] || continue
    read -r o_approval o_rest <"$work/refers.$other"
    [ "$o_approval" != "$name" ] || ! cmp -s "$work/said.$other" "$work/said.$number" || return 0
  done
  return 1
}

# Is the answer $number to a request that is here?
is_to_request() {
  [ -f "$work/doc.$number" ] || return 1
  read -r said_approval said_request <"$work/refers.$number"
  other=0
  while [ "$other" -lt "$files" ]; do
    other=$((other + 1))
    read -r o_kind o_name <"$work/name.$other"
    [ "$o_kind" = approval_request ] && [ "$o_name" = "$said_approval" ] && [ -f "$work/doc.$other" ] || continue
    found=$(sha256sum <"$work/doc.$other")
    [ "sha256:${found%% *}" != "$said_request" ] || return 0
  done
  return 1
}

# ---- what it says ----

tell() {
  echo "verified: $records of $size records of $origin"
  echo "root $root, trust version $version, witnesses $witnessed"
  cat "$work/told"
  printf '%s\n' "$answer"
}

main "$@"
