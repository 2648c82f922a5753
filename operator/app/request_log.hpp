// What --log-level=debug tells of a reconcile: each request by its kind, and how it ended. Contents never.
#pragma once

#include <chrono>
#include <string_view>

#include "app/logging.hpp"
#include "app/metrics.hpp"
#include "controllers/console_connection/effects.hpp"
#include "controllers/reconcile/outcome.hpp"
#include "controllers/service_account/effects.hpp"
#include "model/api_error.hpp"
#include "model/object_meta.hpp"

namespace platformer::app {

std::string_view name_of(const accounts::request& request);     // "renew_token"
std::string_view name_of(const connections::request& request);  // "build_client"

// Whom it asks: kubernetes or console.
reconcile_phase phase_of(const accounts::request& request);
reconcile_phase phase_of(const connections::request& request);

// At debug: how a reconcile ended, under which operation's ID, and how long it took.
void log_end(logger& log, const object_key& object, std::string_view operation,
             const controllers::outcome& end, std::chrono::duration<double> took);

// `failure` is null when the request was answered.
void log_request(logger& log, const object_key& object, std::string_view request, const api_error* failure);

}  // namespace platformer::app
