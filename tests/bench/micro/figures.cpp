#include "tests/bench/micro/figures.hpp"

namespace platformer::bench::micro {

const std::vector<figure>& figures() {
  static const std::vector<figure> all{
      {"list page of 500 objects", list_page<keeping::whole>, "nlohmann::json::parse of it", parse_page,
       108000},
      {"list page of 500, packed", list_page<keeping::packed>, "nlohmann::json::parse of it", parse_page,
       121000},
      {"streamed list of 500 objects", streamed_list<keeping::whole>, "nlohmann::json::parse of its lines",
       parse_stream, 118000},
      {"streamed list of 500, packed", streamed_list<keeping::packed>, "nlohmann::json::parse of its lines",
       parse_stream, 127000},
      {"watch event", watch_event<keeping::whole>, "nlohmann::json::parse of it", parse_event, 230},
      {"watch event, packed", watch_event<keeping::packed>, "nlohmann::json::parse of it", parse_event, 234},
      {"step of a Ready object", step_of_ready_object<keeping::whole>, "a copy of the object",
       copy_of_ready_object, 84},
      {"step of a Ready object, packed", step_of_ready_object<keeping::packed>, "a copy of the object",
       copy_of_ready_object, 101},
      {"queue of 10,000: take and put", queue_turn, "the same in a deque", deque_turn, 2},
      {"encode a Secret", encode_secret, "nlohmann::json::dump of it", dump_secret, 102},
      {"TLS request, kept connection", kept_connection, "OpenSSL, the same bytes", bare_kept_connection, 31},
      {"TLS request, new connection", new_connection, "OpenSSL, the same bytes", bare_new_connection, 48},
      {"TLS by OpenSSL, resumed session", bare_resumed_connection, "OpenSSL, whole handshake",
       bare_new_connection, 0},
  };
  return all;
}

}  // namespace platformer::bench::micro
