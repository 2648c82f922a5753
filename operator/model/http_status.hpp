// What an HTTP status alone says, before a server's own words refine it.
#pragma once

#include "model/api_error.hpp"

namespace platformer {

// Of a status that is no success. 409 is `conflict`: who created something knows better. A success or an
// interim status is `malformed`, since it was not expected to come here.
api_errc code_of_http_status(int status);

}  // namespace platformer
