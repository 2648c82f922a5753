// Inside net only: one request and the head of its reply on one connection, and what failures mean to a
// caller.
#pragma once

#include <memory>
#include <string>

#include "model/api_error.hpp"
#include "net/connection.hpp"
#include "net/reply_reader.hpp"

namespace platformer::net {

// How far a request got: it decides what a failure means.
enum class stage : std::uint8_t {
  before_sending,  // not a byte of it has gone out
  sending,         // it may be with the server, in part or whole
};

// Sends the whole request and reads up to the end of the reply's head.
io_result<done> exchange_head(std::shared_ptr<connection> on, wiped_bytes request, reply_reader* reader);

// http_status: of a reply whose head had arrived, else 0. `peer` names the server in the message.
api_error to_api_error(const io_failure& failure, stage reached, const std::string& peer,
                       int http_status = 0);

}  // namespace platformer::net
