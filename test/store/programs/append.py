# A second implementation of the journal's writer, for the tests: appends COUNT records of its own schema to STATE and prints each id.
import datetime, hashlib, json, os, sys, time

state, count = sys.argv[1], int(sys.argv[2])
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def make_id(ms):
    bits = bytearray(ms.to_bytes(6, "big") + os.urandom(10))
    bits[6] = 0x70 | bits[6] & 0x0F
    bits[8] = 0x80 | bits[8] & 0x3F
    number = int.from_bytes(bits, "big")
    return "dec_" + "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


for _ in range(count):
    ms = time.time_ns() // 1_000_000
    at = datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") + f".{ms % 1000:03d}Z"
    record = {"note": "é" * 100, "record_id": make_id(ms), "recorded_at": at, "schema_version": "cavra.test.v1"}
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    frame = b"\n%d sha256:%s %s\n" % (len(text), hashlib.sha256(text).hexdigest().encode(), text)
    path = os.path.join(state, "journal", at[:10] + ".journal")
    handle = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
    assert os.write(handle, frame) == len(frame)
    os.fdatasync(handle)
    os.close(handle)
    print(record["record_id"], flush=True)
