// What is measured, each beside something plain that is measured in the same run.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace platformer::bench::micro {

class tls_server;  // tls_server.hpp

using benchmark_function = void (*)(benchmark::State&);

struct figure {
  std::string_view name;
  benchmark_function run;
  std::string_view reference_name;
  benchmark_function reference;
  // Of one operation, bound of what the test checks: counts don't depend on the machine, times do.
  double max_allocations;
};

// How caches keep objects: as they are, or packed, as in the program (runtime/kept_object.hpp).
enum class keeping : std::uint8_t { whole, packed };

// decode.cpp: 500 ServiceAccounts by a list page and by a streamed list, and one event of a watch; up to the
// store and the keys to be queued.
template <keeping Form>
void list_page(benchmark::State& state);
template <keeping Form>
void streamed_list(benchmark::State& state);
template <keeping Form>
void watch_event(benchmark::State& state);
void parse_page(benchmark::State& state);
void parse_stream(benchmark::State& state);
void parse_event(benchmark::State& state);

// decide.cpp: a Ready object is looked at, and nothing is to be done.
template <keeping Form>
void step_of_ready_object(benchmark::State& state);
void copy_of_ready_object(benchmark::State& state);

// queue.cpp: a key is taken, done and put in again, with 10,000 keys waiting.
void queue_turn(benchmark::State& state);
void deque_turn(benchmark::State& state);

// encode.cpp: the body that writes a token into a Secret.
void encode_secret(benchmark::State& state);
void dump_secret(benchmark::State& state);

// round_trip.cpp: a request of 200 bytes and a reply of 3.5 kB. The server is a process of its own, so that
// its time and memory are not ours.
void use_server(const tls_server& server);
void kept_connection(benchmark::State& state);
void new_connection(benchmark::State& state);
void bare_kept_connection(benchmark::State& state);
void bare_new_connection(benchmark::State& state);
void bare_resumed_connection(benchmark::State& state);

const std::vector<figure>& figures();
// The benchmark's name of what a figure is compared with.
inline std::string reference_of(const figure& each) {
  return std::string(each.name) + ": " + std::string(each.reference_name);
}

}  // namespace platformer::bench::micro
