// What --log-level=debug tells of a reconcile: each request by its kind, and how it ended. Contents never.
#pragma once

#include <string_view>

#include "app/logging.hpp"
#include "controllers/console_connection/effects.hpp"
#include "controllers/service_account/effects.hpp"
#include "model/api_error.hpp"
#include "model/object_meta.hpp"

namespace platformer::app {

std::string_view name_of(const accounts::request& request);     // "renew_token"
std::string_view name_of(const connections::request& request);  // "build_client"

// `failure` is null when the request was answered.
void log_request(logger& log, const object_key& object, std::string_view request, const api_error* failure);

}  // namespace platformer::app
