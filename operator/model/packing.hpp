// Objects as a cache keeps them: one short run of bytes instead of a tree of strings and maps, which takes a
// fraction of the memory. The bytes are for this process only; they are not a format that anybody else may
// read.
#pragma once

#include <string>
#include <string_view>

#include "model/secret.hpp"
#include "model/service_account.hpp"

namespace platformer {

std::string pack(const object_meta& meta);
std::string pack(const service_account& object);

// Of what pack() gave: the same object. Other bytes are a bug of ours.
object_meta unpack_meta(std::string_view packed);
service_account unpack_service_account(std::string_view packed);

}  // namespace platformer
