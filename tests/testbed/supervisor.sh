# Sourced: the process in the background that is parent of a folder's servers. Needs dir and program, the path of the script
# that is sourced into and has a command `supervise`. The supervisor removes its pid's file itself.
# shellcheck shell=bash disable=SC2154

running() { # true while the supervisor of DIR lives (a recycled pid is not ours)
  local pid
  pid=$(cat "$dir/supervisor.pid" 2>/dev/null) && [[ -n $pid ]] &&
    tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "${program##*/} supervise $dir "
}

launch_supervisor() { # WATCHED-PID LOG
  local fd
  ( # Keeps no descriptor of ours open: a pipe's reader would wait for the servers' end.
    for fd in /proc/self/fd/*; do
      fd=${fd##*/}
      ((fd > 2)) && eval "exec $fd>&-"
    done
    exec setsid "$program" supervise "$dir" "$1" </dev/null >"$2" 2>&1
  ) &
  echo $! >"$dir/supervisor.pid"
}

end_supervisor() { # SECONDS: then it is killed
  local pid deadline=$((SECONDS + $1))
  running || return 0
  pid=$(<"$dir/supervisor.pid")
  kill -TERM "$pid"
  # Not `tail --pid`: nobody may be there to reap it, and that waits for a zombie, too.
  while running; do
    ((SECONDS < deadline)) || kill -KILL "$pid"
    sleep 0.05
  done
}

forget_supervisor() { # by the supervisor: whoever comes next in this folder may have written its own meanwhile
  [[ $(cat "$dir/supervisor.pid" 2>/dev/null) != "$$" ]] || rm -f "$dir/supervisor.pid"
}
