# Read by scripts of sh and bash that need a running server.

# start_server LOG PROGRAM OPTION...: starts it on a port that the system chooses, at 127.0.0.1 unless told otherwise; sets `server`, its process, and `port`.
start_server() {
  log=$1
  program=$2
  shift 2
  : >"$log"
  # The last of several counts, so that the caller has the last word.
  "$program" --address 127.0.0.1 --port 0 --log json "$@" 2>"$log" &
  server=$!
  port=
  for _ in $(seq 300); do
    # The log's first line tells the port.
    port=$(sed -n 's/.*listening on port \([0-9]*\) .*/\1/p' "$log")
    [ -z "$port" ] || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  echo 'the server does not listen:' >&2
  cat "$log" >&2
  exit 1
}
