// The process' own numbers, as every exporter gives them, from /proc.
#pragma once

#include <optional>

namespace platformer::app {

struct process_numbers {
  double cpu_seconds = 0;  // user and system
  double start_time = 0;   // seconds since the epoch
  double resident_bytes = 0;
  double virtual_bytes = 0;
  double open_descriptors = 0;
  double max_descriptors = 0;  // the soft limit
};

// nullopt when /proc is not there or can't be understood.
std::optional<process_numbers> read_process_numbers();

}  // namespace platformer::app
