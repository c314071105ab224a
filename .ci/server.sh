# Read by scripts of sh and bash that need a running server.

# start_server LOG PROGRAM OPTION...: starts it on a port that the system chooses; sets `server`, its process, and `port`.
start_server() {
  log=$1
  shift
  : >"$log"
  "$@" --address 127.0.0.1 --port 0 --log json 2>"$log" &
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
